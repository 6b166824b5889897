import { metrics } from '#contract/metrics.ts';
import { metricsPrinter } from '../../connector/emf.ts';
import { type Gauges, Meters } from '../../connector/meters.ts';

let printed: string[];

beforeEach(() => {
  printed = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed.push(String(chunk));
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation((chunk) => {
    throw new Error(`unexpected on stderr: ${chunk}`);
  });
});

afterEach(() => jest.restoreAllMocks());

const gauges = Object.fromEntries(
  Object.entries(metrics).flatMap(([name, { kind }]) => (kind === 'gauge' ? [[name, 1]] : [])),
) as Gauges;

test('all metrics of half a minute are one line of the embedded metric format', () => {
  const meters = new Meters(() => 0.5);
  for (let n = 0; n < 1_000; n += 1) {
    for (const name of ['submitLatency', 'urgentQueueToSubmit', 'normalQueueToSubmit'] as const) meters.sample(name, n);
  }
  metricsPrinter('acme')(meters.take(gauges));
  expect(printed).toHaveLength(1);
  const { _aws: embedded, carrier, ...values } = JSON.parse(printed[0] ?? '');
  expect(carrier).toBe('acme');
  expect(embedded.CloudWatchMetrics).toEqual([
    {
      Namespace: 'SmppGateway',
      Dimensions: [['carrier']],
      Metrics: Object.values(metrics).map(({ name, unit }) => ({ Name: name, Unit: unit })),
    },
  ]);
  expect(Object.keys(values).toSorted()).toEqual(
    Object.values(metrics)
      .map(({ name }) => name)
      .toSorted(),
  );
  expect(values).toMatchObject({ Submits: 0, BoundBinds: 1 });
  expect(values.SubmitLatency).toHaveLength(99);
});

test('each line has what was told since the one before, and a change of the bind is a short one', () => {
  const print = metricsPrinter('acme');
  const meters = new Meters(() => 0);
  meters.count('submits');
  print(meters.take({}));
  print([['boundBinds', [1]]]);
  print(meters.take({}));
  const [first, change, last] = printed.map((line) => JSON.parse(line));
  expect([first.Submits, last.Submits]).toEqual([1, 0]);
  expect(change).toEqual({ _aws: expect.anything(), carrier: 'acme', BoundBinds: 1 });
  expect(last).not.toHaveProperty('BoundBinds');
});
