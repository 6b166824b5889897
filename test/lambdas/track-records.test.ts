import { parseEventList } from '#contract/connector-events.ts';
import { bindKey } from '../../lambdas/carrier-state.ts';
import { readMessage } from '../../lambdas/messages.ts';
import { trackRecords } from '../../lambdas/track-records.ts';
import { type TestTable, useTable } from '../support/dynamo.ts';
import { at, carrier, carrierStateEvent, messageId, receiptEvent, submittedEvent } from '../support/factories.ts';
import { acceptedMessage, publishedIds, type TestPorts, testPorts } from '../support/lambda-ports.ts';

const newTable = useTable();
let table: TestTable;
let ports: TestPorts;

beforeEach(async () => {
  table = newTable();
  ports = testPorts(table);
});

function record(...events: unknown[]) {
  return { messageId: `record of ${events.length}`, body: JSON.stringify({ version: 1, events }) };
}

test('one bad event among good ones goes alone to the dead-letter queue, as a list of one with the reason', async () => {
  await acceptedMessage(ports, messageId);
  const bad = { ...submittedEvent(), type: 'teleported', note: '😀' };
  const before = ports.queued.length;
  expect(await trackRecords(ports, [record(submittedEvent(), bad, receiptEvent())])).toEqual([]);
  expect(publishedIds(ports)).toEqual([`${messageId}:delivered`, `${messageId}:sent`]);
  const [putAside, ...others] = ports.queued.slice(before);
  expect(others).toEqual([]);
  expect(putAside).toMatchObject({
    queueUrl: 'events-dead-letters',
    attributes: { reason: expect.stringContaining('type') },
  });
  expect(putAside?.body).toMatch(/^[ -~]*$/);
  expect(parseEventList(putAside?.body ?? '')).toMatchObject([{ kind: 'invalid', value: bad }]);
});

test.each(['', 'null', '{', '{"version":2,"events":[]}', '{"version":1}'])(
  'a record %j, which is no list, goes to the dead-letter queue as it came',
  async (body) => {
    expect(await trackRecords(ports, [{ messageId: 'record', body }])).toEqual([]);
    expect(ports.queued).toMatchObject([{ body, attributes: { reason: expect.stringContaining('event list') } }]);
  },
);

test('an event that the table will never take goes to the dead-letter queue', async () => {
  const create = () => Promise.reject(Object.assign(new Error('too large'), { name: 'ValidationException' }));
  expect(await trackRecords({ ...ports, table: { ...table, create } }, [record(submittedEvent())])).toEqual([]);
  expect(ports.queued).toMatchObject([{ attributes: { reason: 'too large' } }]);
});

test('a passing fault fails the record of its event only, and the others are done', async () => {
  await acceptedMessage(ports, messageId);
  const troubled = record(carrierStateEvent(), submittedEvent());
  const fine = record(carrierStateEvent({ bindId: 'bind-2' }));
  const topic = { publish: () => Promise.reject(new Error('topic is away')) };
  expect(await trackRecords({ ...ports, topic }, [fine, troubled])).toEqual([troubled]);
  expect(await table.get(bindKey(carrier, 'bind-1'))).toBeDefined();
  expect(ports.logged).toEqual([expect.stringContaining('topic is away')]);
  expect(await trackRecords(ports, [troubled])).toEqual([]);
  expect(publishedIds(ports)).toEqual([`${messageId}:sent`]);
});

test('a dead-letter queue that is away fails the record', async () => {
  const queue = { send: () => Promise.reject(new Error('away')) };
  const bad = record({});
  expect(await trackRecords({ ...ports, queue }, [bad])).toEqual([bad]);
});

test('the events of one message in one batch publish each milestone once', async () => {
  await acceptedMessage(ports, messageId);
  const segments = [1, 2, 3, 4, 5];
  const events = segments.map((segment) =>
    submittedEvent({ id: `${messageId}:${segment}:submitted:x`, segment, segments: 5, smscMessageId: `x${segment}` }),
  );
  expect(await trackRecords(ports, [record(...events)])).toEqual([]);
  expect(ports.published.map(({ id }) => id)).toEqual([`${messageId}:sent`]);
});

test('an event of a message that has no row is kept and published to nobody', async () => {
  expect(await trackRecords(ports, [record(submittedEvent())])).toEqual([]);
  expect(ports.published).toEqual([]);
  expect(ports.logged).toEqual([expect.stringContaining('no row')]);
  expect(await readMessage(table, messageId)).toBeUndefined();
});

test('of the states of a bind the last by time is kept, in whatever order they come', async () => {
  const states = [
    carrierStateEvent({ time: at(1), state: 'bound' }),
    carrierStateEvent({ time: at(3), state: 'unbound', reason: 'peer-silent' }),
    carrierStateEvent({ time: at(2), state: 'bound' }),
  ];
  await trackRecords(ports, [record(...states)]);
  await trackRecords(ports, [record(...states.toReversed())]);
  expect(await table.get(bindKey(carrier, 'bind-1'))).toMatchObject({
    state: { state: 'unbound', reason: 'peer-silent', time: at(3) },
    expiresAt: ports.now() / 1_000 + 86_400,
  });
});

test('nothing that is logged has a text or a full number', async () => {
  await acceptedMessage(ports, messageId, { text: 'Top secret' });
  const numbers = { ...receiptEvent(), state: 5, from: '447700900123' };
  const topic = { publish: () => Promise.reject(new Error('cannot publish to 447700900123')) };
  await trackRecords({ ...ports, topic }, [
    record(submittedEvent()),
    record(numbers),
    { messageId: 'r', body: '{"text":"Top secret' },
  ]);
  expect(ports.logged.length).toBeGreaterThan(2);
  expect(ports.logged.join()).not.toMatch(/Top secret|447700900123/);
});
