import { Meters } from '../../connector/meters.ts';
import { Oddities } from '../../connector/oddities.ts';
import { recordedLog } from '../support/connector-factories.ts';

test('what repeats a hundred thousand times is six lines, each with its count', () => {
  const log = recordedLog();
  const oddities = new Oddities(log, new Meters(() => 0));
  for (let i = 0; i < 100_000; i += 1) oddities.note('response to no request', { sequenceNumber: i });
  oddities.note('malformed PDU', {});
  const counts = log.lines.map(({ message, count }) => `${message} ${count}`);
  expect(counts).toEqual([
    ...[1, 10, 100, 1_000, 10_000, 100_000].map((count) => `response to no request ${count}`),
    'malformed PDU 1',
  ]);
});

test('nacks, PDUs against the specification and deliver_sm that are refused are metrics, each time', () => {
  const meters = new Meters(() => 0);
  const oddities = new Oddities(recordedLog(), meters);
  for (let i = 0; i < 3; i += 1) oddities.note('generic_nack', {});
  for (let i = 0; i < 2; i += 1) oddities.note('malformed PDU', {});
  oddities.note('connection closed for what came', {});
  oddities.note('more deliver_sm at once than are handled', {});
  oddities.note('response to no request', {});
  const told = meters.take({}).filter(([, [value]]) => value !== 0);
  expect(Object.fromEntries(told)).toEqual({ nacks: [3], malformedPdus: [3], deliversRefused: [1] });
});
