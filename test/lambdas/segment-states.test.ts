import { applyEvent } from '../../lambdas/apply-event.ts';
import { messageView } from '../../lambdas/message-view.ts';
import { readMessage } from '../../lambdas/messages.ts';
import { segmentStates } from '../../lambdas/segment-states.ts';
import { at, messageId, receiptEvent, rejectedEvent, submittedEvent } from '../support/factories.ts';
import { acceptedMessage, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';

let ports: TestPorts;

beforeEach(async () => {
  ports = testPorts(memoryTable());
  await acceptedMessage(ports, messageId, { text: 'x'.repeat(200) });
});

const smscId = (segment: number) => `smsc-${messageId}-${segment}`;
const accepted = (segment: number, given = {}) => submittedEvent({ segment, segments: 2, ...given });
const receipt = (segment: number, given: Parameters<typeof receiptEvent>[0] = {}) =>
  receiptEvent({ smscMessageId: smscId(segment), ...given });

async function message() {
  const found = await readMessage(ports.table, messageId);
  if (found === undefined) throw new Error('the row is gone');
  return found;
}

test('each segment has its own state, with the words of the fact that brought it', async () => {
  await applyEvent(ports, accepted(1));
  await applyEvent(ports, accepted(2));
  await applyEvent(ports, receipt(2, { state: 'undeliverable', err: '21b', errorClass: 'temporary', time: at(9) }));
  expect(segmentStates(await message())).toEqual([
    { segment: 1, status: 'sent', commandStatus: 'ESME_ROK 0x00000000', time: at(2), smscMessageId: smscId(1) },
    {
      segment: 2,
      status: 'undelivered',
      stat: 'UNDELIV',
      err: '21b',
      errorClass: 'temporary',
      time: at(9),
      smscMessageId: smscId(2),
    },
  ]);
});

test('a segment of which nothing is known is queued, one that was refused has failed', async () => {
  await applyEvent(ports, rejectedEvent({ segment: 2, segments: 2 }));
  expect(segmentStates(await message())).toMatchObject([
    { segment: 1, status: 'queued' },
    { segment: 2, status: 'failed', commandStatus: 'ESME_RINVDSTADR 0x0000000b' },
  ]);
});

test("a segment's state only rises: neither a late intermediate receipt nor a refused copy lowers it", async () => {
  await applyEvent(ports, accepted(1));
  await applyEvent(ports, rejectedEvent({ segment: 1, segments: 2, time: at(20) }));
  expect(segmentStates(await message())).toMatchObject([{ status: 'sent' }, { status: 'queued' }]);
  await applyEvent(ports, receipt(1));
  await applyEvent(ports, receipt(1, { state: 'enroute', time: at(30) }));
  await applyEvent(ports, receipt(1, { state: 'undeliverable', time: at(40) }));
  expect(segmentStates(await message())).toMatchObject([{ status: 'delivered', stat: 'DELIVRD' }, {}]);
});

test('a number of segments that nobody can have sent takes no memory', async () => {
  await applyEvent(ports, accepted(1, { segments: Number.MAX_SAFE_INTEGER }));
  await applyEvent(ports, receipt(1));
  expect(segmentStates(await message())).toHaveLength(255);
});

test('GET tells the states, and in the history what else the SMSC said', async () => {
  await applyEvent(ports, accepted(1, { tlvs: { '0x1400': '3132' } }));
  const dates = { submitDate: '2601010000', submittedAt: at(0), doneDate: '2601010001', doneAt: at(60) };
  await applyEvent(ports, receipt(1, { ...dates, errorClass: 'unknown', tlvs: { network_error_code: '030000' } }));
  const view = messageView(await message());
  expect(view.segmentStates).toMatchObject([
    { segment: 1, status: 'delivered' },
    { segment: 2, status: 'queued' },
  ]);
  expect(view.history).toMatchObject([
    { type: 'queued' },
    { type: 'submitted', tlvs: { '0x1400': '3132' } },
    { type: 'receipt', ...dates, errorClass: 'unknown', tlvs: { network_error_code: '030000' } },
  ]);
});
