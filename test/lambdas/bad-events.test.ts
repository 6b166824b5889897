import { maxEventListBytes, parseEventList } from '#contract/connector-events.ts';
import { trackRecords } from '../../lambdas/track-records.ts';
import { carrierStateEvent, messageId, receiptEvent, submittedEvent, unsendableEvent } from '../support/factories.ts';
import { publishedIds, type TestPorts } from '../support/lambda-ports.ts';
import { portsWithMessage, recordsOf } from '../support/storms.ts';

/** What no connector of ours writes. Whatever it is, it goes alone to the dead-letter queue, and holds up nothing. */

let ports: TestPorts;

beforeEach(async () => {
  ports = await portsWithMessage();
});

/** 99 events that are told again and again: cheap to apply, and all that follows from them is published. */
function goodEvents(count = 99) {
  return Array.from({ length: count }, (_, index) => (index % 2 === 0 ? submittedEvent() : receiptEvent()));
}

function expectAllGoodDone() {
  expect(publishedIds(ports)).toEqual([`${messageId}:delivered`, `${messageId}:sent`]);
}

function nested(depth: number): string {
  return `${'['.repeat(depth)}${']'.repeat(depth)}`;
}

test.each<[string, unknown, RegExp]>([
  ['of an unknown type', { ...submittedEvent(), type: 'teleported' }, /type: .*submitted/],
  ['without a type', { id: 'x' }, /type: .*submitted/],
  ['that is null', null, /expected object/],
  ['that is a list', [submittedEvent()], /expected object/],
  ['that is a text', 'submitted', /expected object/],
  ['with a field of the wrong type', { ...submittedEvent(), segment: '1' }, /segment: .*number/],
  ['of a segment beyond the last', { ...submittedEvent(), segment: 2, segments: 1 }, /segment: must be at most/],
  ['of a message that is no UUID', { ...submittedEvent(), messageId: "' OR 1=1 --" }, /messageId: /],
  ['with an empty id', { ...submittedEvent(), id: '' }, /id: /],
  ['with half a character in its id', { ...submittedEvent(), id: 'half \ud83d' }, /id: must be well-formed/],
  ['with half a character in a word', { ...receiptEvent(), stat: '\udc00' }, /stat: must be well-formed/],
  ['of a carrier with another name', { ...receiptEvent(), carrier: '../acme' }, /carrier: must be/],
  ['with a time that is none', { ...receiptEvent(), time: 'yesterday' }, /time: /],
  ['with a number that is none', { ...submittedEvent(), commandStatus: 0.5 }, /commandStatus: /],
])(
  'one event %s among 99 good ones goes alone to the dead-letter queue, with the field named',
  async (_, bad, reason) => {
    expect(await trackRecords(ports, recordsOf([...goodEvents(50), bad, ...goodEvents(49)]))).toEqual([]);
    expectAllGoodDone();
    expect(ports.queued).toMatchObject([
      { queueUrl: 'events-dead-letters', attributes: { reason: expect.stringMatching(reason) } },
    ]);
    expect(parseEventList(ports.queued[0]?.body ?? '')).toMatchObject([{ kind: 'invalid', value: bad }]);
  },
);

test.each([
  ['a version that is unknown', '{"version":2,"events":[]}', /version: .*1/],
  ['no version', '{"events":[]}', /version: /],
  ['a version in words', '{"version":"1","events":[]}', /version: /],
  ['no events', '{"version":1}', /events: /],
  ['events that are no list', '{"version":1,"events":{}}', /events: /],
  ['no JSON', '{"version":1,', /not JSON/],
  ['only lists in lists', nested(50_000), /event list: /],
])(
  'a record with %s goes to the dead-letter queue as it came, and its neighbours are done',
  async (_, body, reason) => {
    const records = [{ messageId: 'bad', body }, ...recordsOf(goodEvents())];
    expect(await trackRecords(ports, records)).toEqual([]);
    expectAllGoodDone();
    expect(ports.queued).toMatchObject([{ body, attributes: { reason: expect.stringMatching(reason) } }]);
  },
);

test('an event that is nested deeper than it could be written again takes its record along', async () => {
  const body = `{"version":1,"events":[${JSON.stringify(submittedEvent())},${nested(50_000)},${JSON.stringify(receiptEvent())}]}`;
  expect(await trackRecords(ports, [{ messageId: 'deep', body }])).toEqual([]);
  expectAllGoodDone();
  expect(ports.queued).toMatchObject([{ body }]);
});

test('a record of 300 KB of good events is applied', async () => {
  const padding = 'x'.repeat(3_000);
  const events = goodEvents(100).map((event) => ({ ...event, padding }));
  const records = recordsOf(events);
  expect(records[0]?.body.length).toBeGreaterThan(300_000);
  expect(await trackRecords(ports, records)).toEqual([]);
  expectAllGoodDone();
  expect(ports.queued).toEqual([]);
});

test('an event of 300 KB goes to the dead-letter queue, and its neighbours are done', async () => {
  const giant = unsendableEvent({ reason: 'r'.repeat(300_000) });
  expect(await trackRecords(ports, recordsOf([submittedEvent(), giant, receiptEvent()]))).toEqual([]);
  expectAllGoodDone();
  expect(ports.queued).toMatchObject([
    { attributes: { reason: expect.stringContaining(`${maxEventListBytes} octets`) } },
  ]);
});

test('the same batch ten times publishes the same ids, and while it comes again puts nothing aside', async () => {
  const records = recordsOf([submittedEvent(), { type: 'odd' }, receiptEvent(), carrierStateEvent()]);
  const topic = { publish: () => Promise.reject(new Error('topic is away')) };
  for (let time = 1; time <= 9; time += 1) {
    expect(await trackRecords({ ...ports, topic }, records)).toEqual(records);
  }
  expect(ports.queued).toEqual([]);
  expect(await trackRecords(ports, records)).toEqual([]);
  expect(ports.queued).toHaveLength(1);
  for (let time = 1; time <= 9; time += 1) expect(await trackRecords(ports, records)).toEqual([]);
  expectAllGoodDone();
});
