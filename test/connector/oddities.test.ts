import { Oddities } from '../../connector/oddities.ts';
import { recordedLog } from '../support/connector-factories.ts';

test('what repeats a hundred thousand times is six lines, each with its count', () => {
  const log = recordedLog();
  const oddities = new Oddities(log);
  for (let i = 0; i < 100_000; i += 1) oddities.note('response to no request', { sequenceNumber: i });
  oddities.note('malformed PDU', {});
  const counts = log.lines.map(({ message, count }) => `${message} ${count}`);
  expect(counts).toEqual([
    ...[1, 10, 100, 1_000, 10_000, 100_000].map((count) => `response to no request ${count}`),
    'malformed PDU 1',
  ]);
});
