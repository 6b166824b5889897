import { MessageCentre, type Network } from '../../../../local/simulator/messages/message-centre.ts';
import type { Outcome, ShortMessage } from '../../../../local/simulator/messages/short-message.ts';
import { writeTime } from '../../../../local/simulator/messages/smpp-time.ts';
import type { BehaviourChange } from '../../../../local/simulator/play/behaviour.ts';
import { Random } from '../../../fuzz/random.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import type { Esme, ReadPdu } from '../esme.ts';
import { request, stageOf, submitter } from '../messages.ts';
import { expectSilence, fieldOf, nextReceipt, partFields, receiptDelayMs, reported } from '../reports.ts';
import { type Rig, startRig, submitSm } from '../rig.ts';

const off = '447700900904';
const anHour = '000000010000000R';

function query(esme: Esme, message_id: unknown, fields: Record<string, unknown> = {}): Promise<ReadPdu> {
  return esme.ask('query_sm', { message_id, source_addr: '12345', source_addr_npi: 1, ...fields });
}

function cancel(esme: Esme, fields: Record<string, unknown>): Promise<ReadPdu> {
  return esme.ask('cancel_sm', { source_addr: '12345', source_addr_npi: 1, ...fields });
}

async function submit(esme: Esme, fields: Record<string, unknown> = {}): Promise<string> {
  const response = await esme.ask('submit_sm', { ...submitSm, ...fields });
  expect(response).toMatchObject({ command: 'submit_sm_resp', command_status: 0 });
  return String(response.message_id);
}

async function boundRig(options: Parameters<typeof startRig>[0] = {}): Promise<{ rig: Rig; esme: Esme }> {
  const rig = await startRig(options);
  return { rig, esme: await rig.bound() };
}

describe('query_sm', () => {
  test('tells a final state, and since when', async () => {
    const { rig, esme } = await boundRig();
    await rig.clock.advance(12_300);
    const message_id = await submit(esme);
    expect(await query(esme, message_id)).toMatchObject({
      command: 'query_sm_resp',
      command_status: 0,
      message_id,
      final_date: '260101000012300+',
      message_state: 2,
      error_code: 0,
    });
  });

  test('tells what was wrong so far, without a date', async () => {
    const { esme } = await boundRig();
    const message_id = await submit(esme, { destination_addr: off });
    expect(await query(esme, message_id)).toMatchObject({ final_date: '', message_state: 1, error_code: 27 });
  });

  test.each([
    ['447700900901', 5, 1],
    ['447700900902', 8, 13],
  ])('of a message to %s tells state %i and error %i', async (destination_addr, message_state, error_code) => {
    const { esme } = await boundRig();
    const message_id = await submit(esme, { destination_addr });
    expect(await query(esme, message_id)).toMatchObject({ message_state, error_code });
  });

  test('knows neither ids that were not given, nor messages of other senders', async () => {
    const { esme } = await boundRig();
    const message_id = await submit(esme);
    expect(await query(esme, 'ABC')).toMatchObject({ command: 'query_sm_resp', command_status: 0x67 });
    expect(await query(esme, message_id, { source_addr: '54321' })).toMatchObject({ command_status: 0x67 });
  });

  test('knows no messages of other accounts', async () => {
    const accounts = ['me', 'you'].map((systemId) => ({ systemId, password: 'secret' }));
    const { rig, esme } = await boundRig({ accounts });
    const message_id = await submit(esme);
    const other = await rig.connect();
    await other.bind({ system_id: 'you' });
    expect(await query(other, message_id)).toMatchObject({ command_status: 0x67 });
  });

  test('of parts that share an id tells of the one that is not final', async () => {
    const { rig, esme } = await boundRig({ scenarios: ['quirk-24'] });
    rig.simulator.handsets.set('+447700900123', { state: 'off' });
    const message_id = await submit(esme, partFields(1, 2));
    rig.simulator.handsets.set('+447700900123', { state: 'unknown' });
    expect(await query(esme, message_id)).toMatchObject({ message_state: 5 });
    rig.simulator.handsets.set('+447700900123', { state: 'off' });
    expect(await submit(esme, partFields(2, 2))).toBe(message_id);
    expect(await query(esme, message_id)).toMatchObject({ message_state: 1 });
  });
});

describe('cancel_sm', () => {
  test('ends a message that has not arrived, and its receipt says DELETED', async () => {
    const { rig, esme } = await boundRig();
    const message_id = await submit(esme, { destination_addr: off, registered_delivery: 1 });
    expect(await cancel(esme, { message_id })).toMatchObject({ command: 'cancel_sm_resp', command_status: 0 });
    expect(await query(esme, message_id)).toMatchObject({ message_state: 4, final_date: '260101000000000+' });
    await rig.clock.advance(receiptDelayMs);
    const receipt = await nextReceipt(esme);
    expect(receipt).toMatchObject({ receipted_message_id: message_id, message_state: 4 });
    expect(fieldOf(receipt, 'stat')).toBe('DELETED');
    rig.simulator.handsets.set(`+${off}`, { state: 'on' });
    await rig.clock.advance(48 * 3_600_000);
    await expectSilence(esme);
    expect(rig.simulator.handsets.messages()).toEqual([]);
  });

  test('without an id ends all between two numbers, and no other', async () => {
    const { esme } = await boundRig();
    const ids = [await submit(esme, { destination_addr: off }), await submit(esme, { destination_addr: off })];
    const others = [
      await submit(esme, { destination_addr: '447700800904' }),
      await submit(esme, { destination_addr: off, source_addr: '54321' }),
    ];
    const fields = { message_id: '', destination_addr: off, dest_addr_ton: 1, dest_addr_npi: 1 };
    expect(await cancel(esme, fields)).toMatchObject({ command_status: 0 });
    for (const id of ids) expect(await query(esme, id)).toMatchObject({ message_state: 4 });
    expect(await query(esme, others[0])).toMatchObject({ message_state: 1 });
    expect(await query(esme, others[1], { source_addr: '54321' })).toMatchObject({ message_state: 1 });
    expect(await cancel(esme, fields)).toMatchObject({ command_status: 0x11 });
  });

  test('fails for what has arrived, is not known, or goes elsewhere', async () => {
    const { esme } = await boundRig();
    const arrived = await submit(esme);
    const waiting = await submit(esme, { destination_addr: off });
    const elsewhere = { message_id: waiting, destination_addr: '447700900123', dest_addr_ton: 1 };
    for (const fields of [{ message_id: arrived }, { message_id: 'ABC' }, elsewhere]) {
      expect(await cancel(esme, fields)).toMatchObject({ command: 'cancel_sm_resp', command_status: 0x11 });
    }
    expect(await query(esme, waiting)).toMatchObject({ message_state: 1 });
  });

  test('ends a message that is scheduled', async () => {
    const { rig, esme } = await boundRig();
    const message_id = await submit(esme, { schedule_delivery_time: anHour });
    expect(await query(esme, message_id)).toMatchObject({ message_state: 1 });
    expect(await cancel(esme, { message_id })).toMatchObject({ command_status: 0 });
    await rig.clock.advance(48 * 3_600_000);
    expect(rig.simulator.handsets.messages()).toEqual([]);
  });
});

describe('a message', () => {
  test('for later is sent then, and reported then', async () => {
    const { rig, esme } = await boundRig();
    const at = rig.clock.now() + 90_000_000;
    await submit(esme, { schedule_delivery_time: writeTime(at), registered_delivery: 1 });
    await rig.clock.advance(90_000_000 - 1);
    expect(rig.simulator.handsets.messages()).toEqual([]);
    await rig.clock.advance(1);
    expect(rig.simulator.handsets.messages()).toMatchObject([{ text: 'Hello' }]);
    await rig.clock.advance(receiptDelayMs);
    expect(fieldOf(await nextReceipt(esme), 'stat')).toBe('DELIVRD');
  });

  test('that is to be sent after its end expires unsent', async () => {
    const { rig, esme } = await boundRig();
    await submit(esme, { schedule_delivery_time: anHour, validity_period: '000000003000000R', registered_delivery: 1 });
    await rig.clock.advance(30 * 60_000 + receiptDelayMs);
    expect(await nextReceipt(esme)).toMatchObject({ message_state: 3 });
    await rig.clock.advance(3_600_000);
    expect(rig.simulator.handsets.messages()).toEqual([]);
  });

  test('without a validity is tried for a day', async () => {
    const { rig, esme } = await boundRig();
    const message_id = await submit(esme, { destination_addr: off });
    await rig.clock.advance(24 * 3_600_000 - 1);
    expect(await query(esme, message_id)).toMatchObject({ message_state: 1 });
    await rig.clock.advance(1);
    expect(await query(esme, message_id)).toMatchObject({ message_state: 3, error_code: 27 });
  });

  test('that arrives late does not expire any more', async () => {
    const { rig, esme } = await boundRig();
    const message_id = await submit(esme, { destination_addr: off });
    rig.simulator.handsets.set(`+${off}`, { state: 'on' });
    await rig.clock.advance(48 * 3_600_000);
    expect(await query(esme, message_id)).toMatchObject({ message_state: 2 });
    expect(rig.simulator.stats()).toMatchObject({ pending: 0 });
  });

  test('by data_sm has neither time, and is answered by data_sm_resp with its id', async () => {
    const { rig, esme } = await boundRig();
    const { source_addr, destination_addr } = submitSm;
    const fields = { source_addr, destination_addr, dest_addr_ton: 1, registered_delivery: 1 };
    const response = await esme.ask('data_sm', { ...fields, message_payload: Buffer.from('Hi') });
    expect(response).toMatchObject({ command: 'data_sm_resp', command_status: 0 });
    expect(rig.simulator.handsets.messages()).toMatchObject([{ text: 'Hi' }]);
    await rig.clock.advance(receiptDelayMs);
    expect(await nextReceipt(esme)).toMatchObject({ receipted_message_id: response.message_id, message_state: 2 });
  });

  test('for a handset for which too many wait is refused with ESME_RMSGQFUL', async () => {
    const { rig, esme } = await boundRig();
    for (let n = 0; n < 100; n++) await submit(esme, { destination_addr: off });
    const full = await esme.ask('submit_sm', { ...submitSm, destination_addr: off });
    expect(full).toMatchObject({ command: 'submit_sm_resp', command_status: 0x14 });
    await submit(esme);
    expect(rig.simulator.stats()).toMatchObject({
      submitted: 102,
      accepted: 101,
      refused: { ESME_RMSGQFUL: 1 },
      pending: 100,
    });
  });
});

describe('registered_delivery', () => {
  const delivered = 'DELIVRD';
  const failed = 'UNDELIV';

  test.each([
    [0, []],
    [1, [delivered, failed]],
    [2, [failed]],
    [3, [delivered]],
  ])('%i asks for %j', async (registered_delivery, stats) => {
    const { rig, esme } = await boundRig();
    await submit(esme, { registered_delivery });
    await submit(esme, { registered_delivery, destination_addr: '447700900901' });
    await rig.clock.advance(receiptDelayMs);
    const receipts = [];
    for (const _ of stats) receipts.push(await nextReceipt(esme));
    expect(receipts.map((receipt) => fieldOf(receipt, 'stat'))).toEqual(stats);
    await expectSilence(esme);
  });

  test('with bit 4 asks for a notification while the handset is off', async () => {
    const { rig, esme } = await boundRig();
    const message_id = await submit(esme, { destination_addr: '447700900905', registered_delivery: 0x11 });
    await rig.clock.advance(receiptDelayMs);
    const notification = await nextReceipt(esme);
    expect(notification).toMatchObject({ esm_class: 0x20, receipted_message_id: message_id, message_state: 1 });
    expect([fieldOf(notification, 'stat'), fieldOf(notification, 'err')]).toEqual(['ENROUTE', '027']);
    await rig.clock.advance(10_000);
    expect(await nextReceipt(esme)).toMatchObject({ esm_class: 0x04, message_state: 2 });
    await expectSilence(esme);
  });

  test('with bit 4 alone asks for nothing else', async () => {
    const { rig, esme } = await boundRig();
    await submit(esme, { destination_addr: '447700900905', registered_delivery: 0x10 });
    await rig.clock.advance(60_000);
    expect(await nextReceipt(esme)).toMatchObject({ esm_class: 0x20 });
    await expectSilence(esme);
  });
});

describe('a receipt', () => {
  test('goes from the recipient to the sender, as the submit_sm had them, with its reference', async () => {
    const change: BehaviourChange = { receipts: { tlvs: ['receipted_message_id', 'user_message_reference'] } };
    const { rig, esme } = await boundRig({ change });
    const sender = { source_addr_ton: 5, source_addr_npi: 0, source_addr: 'shop' };
    const { receipt } = await reported(rig, esme, { ...sender, user_message_reference: 513 });
    expect(receipt).toMatchObject({
      source_addr_ton: 1,
      source_addr_npi: 1,
      source_addr: '447700900123',
      dest_addr_ton: 5,
      dest_addr_npi: 0,
      destination_addr: 'shop',
      user_message_reference: 513,
    });
    expect(receipt.message_state).toBeUndefined();
  });

  test('counts its delay from the response, when that is the later', async () => {
    const { rig, esme } = await boundRig({ change: { responses: { delayMs: 1_000 } } });
    esme.send('submit_sm', { ...submitSm, registered_delivery: 1 });
    await expectSilence(esme);
    await rig.clock.advance(1_000);
    expect(await esme.next()).toMatchObject({ command: 'submit_sm_resp' });
    await rig.clock.advance(receiptDelayMs - 1);
    await expectSilence(esme);
    await rig.clock.advance(1);
    await nextReceipt(esme);
  });

  test('comes though the response never does', async () => {
    const { rig, esme } = await boundRig({ scenarios: ['silent'] });
    esme.send('submit_sm', { ...submitSm, registered_delivery: 1 });
    await expectSilence(esme);
    await rig.clock.advance(receiptDelayMs);
    expect(await nextReceipt(esme)).toMatchObject({ message_state: 2 });
  });

  test('comes over the next session when that of the message ended before its response was due', async () => {
    const { rig, esme } = await boundRig({ change: { responses: { delayMs: 1_000 } } });
    esme.send('submit_sm', { ...submitSm, registered_delivery: 1 });
    await expectSilence(esme);
    await esme.ask('unbind');
    await esme.closed;
    await rig.clock.advance(2_000);
    expect(await nextReceipt(await rig.bound())).toMatchObject({ message_state: 2 });
  });

  test('comes to its own account only', async () => {
    const accounts = ['me', 'you'].map((systemId) => ({ systemId, password: 'secret' }));
    const { rig, esme } = await boundRig({ accounts });
    const other = await rig.connect();
    await other.bind({ system_id: 'you' });
    for (let n = 0; n < 3; n++) await reported(rig, esme);
    await expectSilence(other);
  });

  test('with the response after it waits for its delay, and both come together', async () => {
    const { rig, esme } = await boundRig({ change: { receipts: { beforeResponse: true } } });
    esme.send('submit_sm', { ...submitSm, registered_delivery: 1 });
    await expectSilence(esme);
    await rig.clock.advance(receiptDelayMs);
    expect([(await esme.next()).command, (await esme.next()).command]).toEqual(['deliver_sm', 'submit_sm_resp']);
  });

  test('with the response after it holds up no response when nobody can take it, or none will come soon', async () => {
    const rig = await startRig({ scenarios: ['receipts-early'] });
    const transmitter = await rig.connect();
    await transmitter.bind({}, 'bind_transmitter');
    await submit(transmitter, { registered_delivery: 1 });
    await submit(transmitter, { registered_delivery: 1, destination_addr: off });
  });

  test('that was being held back to be passed comes by itself when the play changes', async () => {
    const { rig, esme } = await boundRig({ scenarios: ['receipts-out-of-order'] });
    await submit(esme, { registered_delivery: 1 });
    await rig.clock.advance(receiptDelayMs);
    rig.simulator.stage.play({ scenarios: [], change: {} });
    await rig.clock.advance(1_000);
    await nextReceipt(esme);
    await expectSilence(esme);
  });

  test('is true again as soon as the play is, for messages that come then', async () => {
    const { rig, esme } = await boundRig({ scenarios: ['quirk-72'] });
    await submit(esme, { registered_delivery: 1, destination_addr: '447700900904', validity_period: anHour });
    expect(await nextReceipt(esme)).toMatchObject({ message_state: 2 });
    rig.simulator.stage.play({ scenarios: [], change: {} });
    await submit(esme, { registered_delivery: 1, destination_addr: '447700900904', validity_period: anHour });
    await rig.clock.advance(3_600_000 + receiptDelayMs);
    expect(await nextReceipt(esme)).toMatchObject({ message_state: 3 });
    await expectSilence(esme);
  });

  test('that is longer than a short_message can be is cut', async () => {
    const change: BehaviourChange = {
      ids: { value: 'uuid', inResponse: 'lower-hex', inReceipt: 'hex-of-text' },
      receipts: { textBefore: 'x'.repeat(100), words: { delivered: ['w'.repeat(20)] } },
    };
    const { rig, esme } = await boundRig({ change });
    const { response, receipt } = await reported(rig, esme);
    expect(receipt.short_message).toHaveLength(254);
    expect(Buffer.from(String(receipt.receipted_message_id), 'hex').toString()).toBe(response.message_id);
    expect(rig.faults).toEqual([]);
  });
});

describe('without a network', () => {
  /** A message centre on handsets that the test plays. */
  function centreOn(receive: Network['receive'], { keep = 10, maxReceipts = 1_000 } = {}) {
    const clock = new FakeClock();
    const withdrawn: ShortMessage[] = [];
    const handsets = { hasRoomFor: () => true, receive, withdraw: (short: ShortMessage) => void withdrawn.push(short) };
    const deliveries = { deliver: () => Promise.resolve(0) };
    const onFault = (error: Error) => {
      throw error;
    };
    const seeded = new Random(2);
    const random = () => seeded.uint32() / 2 ** 32;
    const stage = stageOf({});
    const centre = new MessageCentre({ stage, handsets, deliveries, clock, random, keep, maxReceipts, onFault });
    return { centre, clock, withdrawn };
  }

  test('messages that are final are forgotten, the oldest first, those that are not never', () => {
    const outcomes: Outcome[] = [{ state: 'enroute', err: '027' }];
    const { centre } = centreOn((_short, onOutcome) => onOutcome(outcomes.shift() ?? { state: 'delivered' }));
    const session = submitter();
    for (let n = 0; n < 50; n++) centre.handle(request('submit_sm', submitSm), session);
    const ids = session.answers.splice(0).map(({ fields }) => fields?.message_id);
    for (const message_id of ids) centre.handle(request('query_sm', { message_id, source_addr: '12345' }), session);
    const known = session.answers.map(({ status }) => status === 0);
    expect(known).toEqual(ids.map((_, index) => index === 0 || index > 40));
  });

  test('at most 100,000 messages are pending; after that the queue is full', () => {
    const { centre } = centreOn(() => undefined);
    const session = submitter();
    const pdu = request('submit_sm', submitSm);
    for (let n = 0; n < 100_001; n++) centre.handle(pdu, session);
    expect(session.answers.map(({ status }) => status).filter((status) => status !== 0)).toEqual([0x14]);
    expect(session.answers.at(-1)?.status).toBe(0x14);
    expect(centre.stats()).toMatchObject({ pending: 100_000, accepted: 100_000, refused: { ESME_RMSGQFUL: 1 } });
  });

  test('of messages of 64 KiB no more are pending, or remembered, than fit into memory', () => {
    const outcomes: Outcome[] = [];
    const { centre } = centreOn((_short, onOutcome) => outcomes.splice(0).forEach(onOutcome), { keep: 100_000 });
    const session = submitter();
    const short_message = Buffer.alloc(0);
    const pdu = request('submit_sm', { ...submitSm, short_message, message_payload: Buffer.alloc(65_535) });
    for (let n = 0; n < 3_000; n++) {
      outcomes.push({ state: 'delivered' });
      centre.handle(pdu, session);
    }
    const [first, last] = [session.answers[0], session.answers.at(-1)].map((answer) => answer?.fields?.message_id);
    for (const message_id of [first, last])
      centre.handle(request('query_sm', { message_id, source_addr: '12345' }), session);
    expect(session.answers.slice(-2).map(({ status }) => status)).toEqual([0x67, 0]);
    session.answers.length = 0;
    for (let n = 0; n < 3_000; n++) centre.handle(pdu, session);
    const { pending } = centre.stats();
    expect(pending).toBeGreaterThan(1_000);
    expect(pending).toBeLessThan(2_100);
    expect(session.answers.filter(({ status }) => status === 0x14)).toHaveLength(3_000 - pending);
  });

  test('when too many receipts wait for their time the queue is full, until some have come', async () => {
    const { centre, clock } = centreOn((_short, onOutcome) => onOutcome({ state: 'delivered' }), { maxReceipts: 3 });
    const session = submitter();
    const pdu = request('submit_sm', { ...submitSm, registered_delivery: 1 });
    for (let n = 0; n < 5; n++) centre.handle(pdu, session);
    await clock.advance(receiptDelayMs);
    centre.handle(pdu, session);
    expect(session.answers.map(({ status }) => status)).toEqual([0, 0, 0, 0x14, 0x14, 0]);
  });

  test('a message that expires is withdrawn from its handset', async () => {
    const { centre, clock, withdrawn } = centreOn(() => undefined);
    centre.handle(request('submit_sm', submitSm), submitter());
    await clock.advance(24 * 3_600_000);
    expect(withdrawn).toMatchObject([{ to: '+447700900123' }]);
    expect(centre.stats()).toMatchObject({ pending: 0 });
  });

  test('nothing happens any more after its end', async () => {
    const { centre, clock } = centreOn((_short, onOutcome) => onOutcome({ state: 'enroute', err: '027' }));
    centre.handle(request('submit_sm', submitSm), submitter());
    centre.end();
    expect(clock.pending).toBe(0);
  });
});
