import { openMetrics } from '../../lambdas/function-metrics.ts';

let printed: string[];

beforeEach(() => {
  printed = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed.push(String(chunk));
    return true;
  });
});

afterEach(() => jest.restoreAllMocks());

test('counts are told once, by carrier alone, in the embedded metric format', () => {
  const metrics = openMetrics();
  for (const carrier of ['acme', 'acme', 'beta']) metrics.count('derivedReceiptMatches', carrier);
  metrics.flush();
  metrics.flush();
  const lines = printed.map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    { carrier: 'acme', DerivedReceiptMatches: 2 },
    { carrier: 'beta', DerivedReceiptMatches: 1 },
  ]);
  for (const { _aws: embedded } of lines) {
    expect(embedded.CloudWatchMetrics).toEqual([
      {
        Namespace: 'SmppGateway',
        Dimensions: [['carrier']],
        Metrics: [{ Name: 'DerivedReceiptMatches', Unit: 'Count' }],
      },
    ]);
  }
});
