import { trackRecords } from '../../lambdas/track-records.ts';
import { type Dynamo, startDynamo } from '../support/dynamo.ts';
import { messageId, receiptEvent, submittedEvent } from '../support/factories.ts';
import { acceptedMessage, publishedIds, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { recordsOf } from '../support/storms.ts';

/** Ids come from SMSCs and become keys of the table: whatever they are, each is itself and nothing else. */

let dynamo: Dynamo;
let ports: TestPorts;

beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  ports = testPorts(await dynamo.newTable());
  await acceptedMessage(ports, messageId);
  ports.queued.length = 0;
});
afterAll(() => dynamo.stop());

const hostileIds = [
  '../../etc/passwd',
  'row',
  'event#',
  'join',
  '#:=<>(),;"\'`\\',
  '%{jndi:ldap://x}',
  '__proto__',
  'constructor',
  'a\u0000b\u001b[2J\r\n\u2028',
  '😀'.repeat(100),
  '\u202eesrever',
  'x'.repeat(200),
];

test.each(hostileIds)(
  'an event with the id %j is one fact, told twice is no second, and disturbs nothing',
  async (id) => {
    const records = recordsOf([submittedEvent({ id }), submittedEvent({ id })]);
    expect(await trackRecords(ports, records)).toEqual([]);
    expect(await trackRecords(ports, recordsOf([receiptEvent({ id })]))).toEqual([]);
    expect(publishedIds(ports)).toEqual([`${messageId}:delivered`, `${messageId}:sent`]);
    expect(ports.queued).toEqual([]);
  },
);

test.each([...hostileIds, '', ' ', '0', 'x'.repeat(5_000)])(
  'an SMSC that gives out the id %j gets its receipt matched, if there is one',
  async (smscMessageId) => {
    const records = recordsOf([submittedEvent({ id: 's', smscMessageId }), receiptEvent({ id: 'r', smscMessageId })]);
    expect(await trackRecords(ports, records)).toEqual([]);
    expect(ports.queued).toEqual([]);
    const ofReceipt = smscMessageId === '' ? 'r:unmatched' : `${messageId}:delivered`;
    expect(publishedIds(ports).sort()).toEqual([ofReceipt, `${messageId}:sent`].sort());
  },
);

test('a message id in upper case is the same message', async () => {
  const shouted = submittedEvent({ messageId: messageId.toUpperCase() as typeof messageId });
  await trackRecords(ports, recordsOf([shouted]));
  expect(publishedIds(ports)).toEqual([`${messageId}:sent`]);
});
