import type { ReadPdu } from '../esme.ts';
import { expectSilence, fieldOf, nextReceipt, partFields, receiptDelayMs, reported, textOf } from '../reports.ts';
import { type Rig, scenarioTest, startRig, submitSm } from '../rig.ts';

const asked = { ...submitSm, registered_delivery: 1 };
const unreachable = { destination_addr: '447700900901' };

function octets(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

/** The receipts of so many messages, one after the other. */
async function receiptsOf(rig: Rig, messages: number, fields: Record<string, unknown> = {}): Promise<ReadPdu[]> {
  const esme = await rig.bound();
  const receipts: ReadPdu[] = [];
  for (let n = 0; n < messages; n++) receipts.push((await reported(rig, esme, fields)).receipt);
  return receipts;
}

/** Which of three parts have receipts. */
async function reportedParts(rig: Rig): Promise<number[]> {
  const esme = await rig.bound();
  const ids: unknown[] = [];
  for (const part of [1, 2, 3])
    ids.push((await esme.ask('submit_sm', { ...asked, ...partFields(part, 3) })).message_id);
  const single = await esme.ask('submit_sm', asked);
  await rig.clock.advance(receiptDelayMs);
  const parts: number[] = [];
  for (let receipt = await nextReceipt(esme); ; receipt = await nextReceipt(esme)) {
    if (receipt.receipted_message_id === single.message_id) break;
    parts.push(1 + ids.indexOf(receipt.receipted_message_id));
  }
  await expectSilence(esme);
  return parts;
}

async function receiptBeforeResponse(rig: Rig): Promise<void> {
  const esme = await rig.bound();
  for (const n of [1, 2]) {
    esme.send('submit_sm', asked);
    const receipt = await nextReceipt(esme);
    const response = await esme.next();
    expect(response).toMatchObject({ command: 'submit_sm_resp', command_status: 0, sequence_number: 1 + n });
    expect(receipt).toMatchObject({ message_state: 2, receipted_message_id: response.message_id });
  }
  expect(await esme.ask('submit_sm', submitSm)).toMatchObject({ command: 'submit_sm_resp', command_status: 0 });
}

scenarioTest('quirk-7', 'the receipt is written right before the response', receiptBeforeResponse);

test('a receipt that comes first leaves a slow response slow', async () => {
  const rig = await startRig({ scenarios: ['slow', 'quirk-7'], change: { responses: { delayMs: 500 } } });
  const esme = await rig.bound();
  esme.send('submit_sm', asked);
  await nextReceipt(esme);
  await rig.clock.advance(499);
  await expectSilence(esme);
  await rig.clock.advance(1);
  expect(await esme.next()).toMatchObject({ command: 'submit_sm_resp', command_status: 0 });
});

scenarioTest('receipts-early', 'the receipt is written right before the response', receiptBeforeResponse);

scenarioTest('quirk-9', 'a receipt comes though none was asked for', async (rig) => {
  const { response, receipt } = await reported(rig, await rig.bound(), { registered_delivery: 0 });
  expect(receipt).toMatchObject({ esm_class: 0x04, receipted_message_id: response.message_id, message_state: 2 });
});

scenarioTest('quirk-10', 'only the first part has a receipt', async (rig) => {
  expect(await reportedParts(rig)).toEqual([1]);
});

scenarioTest('quirk-10-last', 'only the last part has a receipt', async (rig) => {
  expect(await reportedParts(rig)).toEqual([3]);
});

scenarioTest('quirk-11', 'the text has neither sub nor dlvrd nor text', async (rig) => {
  const { response, receipt } = await reported(rig, await rig.bound());
  expect(textOf(receipt)).toBe(
    `id:${response.message_id} submit date:2601010000 done date:2601010000 stat:DELIVRD err:000`,
  );
});

scenarioTest(
  'quirk-12',
  'stat is of words that SMPP does not know, in turn, and nothing else tells the state',
  async (rig) => {
    const esme = await rig.bound();
    const stats: (string | undefined)[] = [];
    for (const fields of [{}, {}, {}, unreachable, unreachable]) {
      const { receipt } = await reported(rig, esme, fields);
      const final = await nextReceipt(esme);
      for (const { message_state: state } of [receipt, final]) expect(state).toBeUndefined();
      stats.push(fieldOf(receipt, 'stat'), fieldOf(final, 'stat'));
    }
    expect(stats).toEqual([
      ...['BUFFRED', 'DELIVERED'],
      ...['BUFFERD', '0'],
      ...['BUFFRED', 'ACKED'],
      ...['BUFFERD', 'FAILED'],
      ...['BUFFRED', 'UNDELIVERABLE'],
    ]);
  },
);

scenarioTest('quirk-13', 'stat is ACCEPTD for what was delivered', async (rig) => {
  const [receipt] = await receiptsOf(rig, 1);
  expect(receipt?.message_state).toBeUndefined();
  expect(receipt && fieldOf(receipt, 'stat')).toBe('ACCEPTD');
});

scenarioTest('quirk-13-buffered', 'ACCEPTD comes first, DELIVRD after it', async (rig) => {
  const esme = await rig.bound();
  const { response, receipt } = await reported(rig, esme);
  const final = await nextReceipt(esme);
  expect([receipt, final].map((each) => fieldOf(each, 'id'))).toEqual([response.message_id, response.message_id]);
  expect([receipt, final].map((each) => fieldOf(each, 'stat'))).toEqual(['ACCEPTD', 'DELIVRD']);
});

scenarioTest('quirk-13-buffered', 'ACCEPTD comes at once for what waits for its handset', async (rig) => {
  const esme = await rig.bound();
  const off = { destination_addr: '447700900904', validity_period: '000000000001000R' };
  await esme.ask('submit_sm', { ...asked, ...off });
  expect(fieldOf(await nextReceipt(esme), 'stat')).toBe('ACCEPTD');
  await rig.clock.advance(999);
  await expectSilence(esme);
  await rig.clock.advance(1 + receiptDelayMs);
  expect(fieldOf(await nextReceipt(esme), 'stat')).toBe('EXPIRED');
});

scenarioTest('quirk-14', 'dates have another form each time, five and a half hours ahead of UTC', async (rig) => {
  await rig.clock.advance(Date.UTC(2026, 0, 31, 22, 58, 57) - rig.clock.now());
  const dates = (await receiptsOf(rig, 8)).map((receipt) => / done date:(\d*) /.exec(textOf(receipt))?.[1]);
  expect(dates).toEqual([
    '260201042857',
    '202602010428',
    '20260201042857',
    '260201',
    '0000000000',
    '',
    '2602010428',
    '260201042858',
  ]);
});

scenarioTest('quirk-15', 'err has one to four characters', async (rig) => {
  const errs = (await receiptsOf(rig, 5)).map((receipt) => fieldOf(receipt, 'err'));
  expect(errs).toEqual(['0000', '21b', '0', '4095', '0000']);
});

scenarioTest('quirk-16', 'receipts have TLVs and no text', async (rig) => {
  const { response, receipt } = await reported(rig, await rig.bound(), unreachable);
  expect(receipt).toMatchObject({
    short_message: Buffer.alloc(0),
    receipted_message_id: response.message_id,
    message_state: 5,
    network_error_code: octets('030001'),
  });
  expect(receipt.message_payload).toBeUndefined();
});

scenarioTest('quirk-16-payload', 'the text of receipts is in message_payload', async (rig) => {
  const { response, receipt } = await reported(rig, await rig.bound());
  expect(receipt).toMatchObject({ command: 'deliver_sm', short_message: Buffer.alloc(0) });
  expect(String(receipt.message_payload)).toMatch(new RegExp(`^id:${response.message_id} .* stat:DELIVRD `));
  expect(receipt.receipted_message_id).toBeUndefined();
});

scenarioTest('quirk-16-data-sm', 'receipts come by data_sm, and what answers it settles them', async (rig) => {
  const esme = await rig.bound();
  const { response, receipt } = await reported(rig, esme);
  expect(receipt.octets.readUInt32BE(4)).toBe(0x103);
  expect(receipt).toMatchObject({ esm_class: 0x04, source_addr: '447700900123', message_state: 2 });
  expect(String(receipt.message_payload)).toMatch(new RegExp(`^id:${response.message_id} `));
  await expectSilence(esme);
  expect(rig.simulator.stats()).toMatchObject({ outstandingDeliveries: 0 });
});

scenarioTest('quirk-17', 'network_error_code is three ASCII digits', async (rig) => {
  const [receipt] = await receiptsOf(rig, 1, unreachable);
  // Tag 0x0423, length 3, "001".
  expect(receipt?.octets.includes(octets('04230003303031'))).toBe(true);
});

scenarioTest('quirk-18', 'the id is in a TLV only, the state in the text only', async (rig) => {
  const { response, receipt } = await reported(rig, await rig.bound());
  expect(receipt.receipted_message_id).toBe(response.message_id);
  expect(receipt.message_state).toBeUndefined();
  expect(textOf(receipt)).toBe('submit date:2601010000 done date:2601010000 stat:DELIVRD err:000 text:Hello');
});

scenarioTest('quirk-19', 'receipts say data_coding 8 and are ASCII', async (rig) => {
  const { response, receipt } = await reported(rig, await rig.bound());
  expect(receipt.data_coding).toBe(8);
  expect(receipt.octets.includes(Buffer.from(`id:${response.message_id} sub:001 `, 'ascii'))).toBe(true);
});

scenarioTest('quirk-20', 'other text stands before the receipt', async (rig) => {
  const { response, receipt } = await reported(rig, await rig.bound());
  expect(textOf(receipt)).toMatch(new RegExp(`^12345 447700900123 id:${response.message_id} sub:001 `));
});

scenarioTest('quirk-21', 'esm_class is another one each time', async (rig) => {
  const esmClasses = (await receiptsOf(rig, 6)).map((receipt) => receipt.esm_class);
  expect(esmClasses).toEqual([0x08, 0x20, 0x44, 0x3c, 0x00, 0x08]);
});

scenarioTest('quirk-22', 'DELIVRD comes twice, and then ENROUTE twice', async (rig) => {
  const esme = await rig.bound();
  const { receipt } = await reported(rig, esme);
  const receipts = [receipt];
  for (let n = 0; n < 3; n++) receipts.push(await nextReceipt(esme));
  expect(receipts.map((each) => fieldOf(each, 'stat'))).toEqual(['DELIVRD', 'DELIVRD', 'ENROUTE', 'ENROUTE']);
  expect(receipts.map((each) => each.message_state)).toEqual([2, 2, 1, 1]);
  expect(new Set(receipts.map((each) => each.receipted_message_id)).size).toBe(1);
  await expectSilence(esme);
});

scenarioTest('quirk-23', 'receipts come over the other session; over the same if there is no other', async (rig) => {
  const first = await rig.bound();
  const second = await rig.bound();
  for (const [here, there] of [
    [first, second],
    [second, first],
  ] as const) {
    const { message_id } = await here.ask('submit_sm', asked);
    await rig.clock.advance(receiptDelayMs);
    expect(await nextReceipt(there)).toMatchObject({ receipted_message_id: message_id });
    await expectSilence(here);
  }
  await second.ask('unbind');
  await second.closed;
  const { response, receipt } = await reported(rig, first);
  expect(receipt.receipted_message_id).toBe(response.message_id);
});

scenarioTest('quirk-43', 'TLVs 0x1400 and 0x1401 are in receipts', async (rig) => {
  const [receipt] = await receiptsOf(rig, 1);
  expect(receipt?.octets.includes(octets('1400000e3131303031303030303030303030'))).toBe(true);
  expect(receipt?.octets.includes(octets('140100133131303731363130303030303030303030'))).toBe(true);
  expect(receipt && fieldOf(receipt, 'stat')).toBe('DELIVRD');
});

scenarioTest('quirk-72', 'receipts say DELIVRD at once, and nothing else comes, whatever happened', async (rig) => {
  const esme = await rig.bound();
  for (const ending of ['0901', '0902', '0904']) {
    const fields = {
      ...asked,
      registered_delivery: 0x11,
      destination_addr: `44770090${ending}`,
      validity_period: '000000000100000R',
    };
    const { message_id } = await esme.ask('submit_sm', fields);
    expect(await nextReceipt(esme)).toMatchObject({ receipted_message_id: message_id, message_state: 2 });
  }
  await rig.clock.advance(120_000);
  await expectSilence(esme);
});

scenarioTest('receipts-late', 'receipts come after one to five minutes', async (rig) => {
  const esme = await rig.bound();
  const messages = 20;
  for (let n = 0; n < messages; n++) await esme.ask('submit_sm', asked);
  await rig.clock.advance(59_999);
  await expectSilence(esme);
  await rig.clock.advance(120_001);
  const { scheduled } = rig.simulator.stats().receipts;
  expect(scheduled).toBeGreaterThan(0);
  expect(scheduled).toBeLessThan(messages);
  await rig.clock.advance(120_000);
  for (let n = 0; n < messages; n++) expect(await nextReceipt(esme)).toMatchObject({ message_state: 2 });
  await expectSilence(esme);
});

scenarioTest(
  'receipts-repeated',
  'each receipt comes three times, octet for octet but for its sequence number',
  async (rig) => {
    const esme = await rig.bound();
    const { receipt } = await reported(rig, esme);
    const again = [await nextReceipt(esme), await nextReceipt(esme)];
    for (const each of again) expect(each.octets.subarray(16)).toEqual(receipt.octets.subarray(16));
    expect(new Set([receipt, ...again].map(({ sequence_number }) => sequence_number)).size).toBe(3);
    await expectSilence(esme);
  },
);

scenarioTest(
  'receipts-out-of-order',
  'of each two receipts the later comes first, and the last alone after a second',
  async (rig) => {
    const esme = await rig.bound();
    const ids: unknown[] = [];
    for (let n = 0; n < 5; n++) {
      await rig.clock.advance(10);
      ids.push((await esme.ask('submit_sm', asked)).message_id);
    }
    await rig.clock.advance(receiptDelayMs);
    const order: unknown[] = [];
    for (let n = 0; n < 4; n++) order.push((await nextReceipt(esme)).receipted_message_id);
    expect(order).toEqual([ids[1], ids[0], ids[3], ids[2]]);
    await expectSilence(esme);
    await rig.clock.advance(1_000);
    expect(await nextReceipt(esme)).toMatchObject({ receipted_message_id: ids[4] });
  },
);

scenarioTest('receipts-never', 'no receipt comes, of what arrived or not', async (rig) => {
  const esme = await rig.bound();
  for (const fields of [{}, unreachable]) {
    expect(await esme.ask('submit_sm', { ...asked, ...fields })).toMatchObject({ command_status: 0 });
  }
  await rig.clock.advance(48 * 3_600_000);
  await expectSilence(esme);
});

scenarioTest('receipts-of-strangers', 'before each receipt comes one with an id that no message has', async (rig) => {
  const esme = await rig.bound();
  const responses: unknown[] = [];
  const receipts: unknown[] = [];
  for (let n = 0; n < 3; n++) {
    const { response, receipt } = await reported(rig, esme);
    expect(fieldOf(receipt, 'id')).toBe(receipt.receipted_message_id);
    responses.push(response.message_id);
    receipts.push(receipt.receipted_message_id, (await nextReceipt(esme)).receipted_message_id);
  }
  expect([receipts[1], receipts[3], receipts[5]]).toEqual(responses);
  for (const stranger of [receipts[0], receipts[2], receipts[4]]) expect(responses).not.toContain(stranger);
  await expectSilence(esme);
});
