import { demandTest, quirkTest } from './quirk-test.ts';
import { quirkRig } from './rig.ts';

const minute = 60_000;
const long = 'long '.repeat(60);
const failing = '+447700900005';

/** An SMSC whose ids are `id-0`, `id-1`, ... and whose receipts the test writes. */
function scripted(carrier: Parameters<typeof quirkRig>[0] = {}) {
  return quirkRig(carrier, (_, n) => ({ message_id: `id-${n}` }));
}

async function deliveredWith(scenario: string, carrier: Parameters<typeof quirkRig>[0] = {}) {
  const rig = await quirkRig(carrier);
  rig.play(scenario);
  const { id } = await rig.sent();
  await rig.untilStatus(id, 'delivered', 10 * minute);
  expect([rig.unmatched, rig.inbound]).toEqual([[], []]);
  return { rig, id };
}

quirkTest(10, 'where the carrier gives a receipt for one segment only, that one is asked for and decides', async () => {
  for (const [parts, scenario, asked] of [
    ['first', 'quirk-10', [1, 0]],
    ['last', 'quirk-10-last', [0, 1]],
  ] as const) {
    const rig = await quirkRig({ receipts: { parts } });
    rig.play(scenario);
    const { id } = await rig.sent({ text: long });
    await rig.untilStatus(id, 'delivered');
    expect(rig.submits.map((pdu) => pdu.registered_delivery)).toEqual(asked);
  }
});

quirkTest(
  10,
  'as soon as any receipt says so, or what is known after a time, decides as the carrier says',
  async () => {
    const any = await quirkRig({ receipts: { rollUp: 'any' } });
    any.play('quirk-10');
    const first = await any.sent({ text: long });
    await any.untilStatus(first.id, 'delivered');

    const timed = await quirkRig({ receipts: { timeoutSeconds: 60 } });
    timed.play('quirk-10');
    const second = await timed.sent({ text: long, validitySeconds: 60 });
    await timed.pass(30_000);
    expect(timed.statuses(second.id)).toEqual(['sent']);
    await timed.untilStatus(second.id, 'delivered', 60 * minute);
  },
);

quirkTest(11, 'a receipt needs neither sub nor dlvrd nor text', async () => {
  await deliveredWith('quirk-11');
  const rig = await scripted();
  const { id } = await rig.sent();
  await rig.receipt('id:id-0 stat:DELIVRD');
  await rig.untilStatus(id, 'delivered');
});

quirkTest(12, 'words for a state are read as the carrier says, in any case', async () => {
  const statuses = [
    { stats: ['0', 'ACKED', 'handed over'], state: 'delivered' },
    { stats: ['FAILED'], state: 'undeliverable' },
  ] as const;
  for (const word of ['0', 'acked', 'DELIVERED']) {
    const rig = await scripted({
      receipts: { statuses: statuses.map((each) => ({ ...each, stats: [...each.stats] })) },
    });
    const { id } = await rig.sent();
    await rig.receipt(`id:id-0 sub:001 dlvrd:001 stat:${word} err:000 text:`);
    await rig.untilStatus(id, 'delivered');
    expect(rig.event(id, 'delivered')).toMatchObject({ stat: word });
  }
});

quirkTest(12, 'a word that nobody knows fails no message and is no message', async () => {
  const rig = await scripted();
  const { id } = await rig.sent();
  expect(await rig.receipt('id:id-0 sub:001 dlvrd:000 stat:GLORPED err:000 text:')).toBe(0);
  await rig.pass(5_000);
  expect(rig.events.filter(({ type }) => type === 'receipt')).toMatchObject([{ state: 'unknown', stat: 'GLORPED' }]);
  expect([rig.statuses(id), rig.inbound]).toEqual([['sent'], []]);
  await rig.pass(2 * minute);
  expect(rig.counted('unknownReceiptStates')).toBe(1);
});

quirkTest(13, 'ACCEPTD ends nothing, unless the carrier means delivered', async () => {
  const usual = await quirkRig();
  usual.play('quirk-13');
  const waiting = await usual.sent();
  await usual.pass(30_000);
  expect(usual.statuses(waiting.id)).toEqual(['sent']);
  await deliveredWith('quirk-13', { receipts: { statuses: [{ stats: ['ACCEPTD'], state: 'delivered' }] } });
  await deliveredWith('quirk-13-buffered');
});

quirkTest(
  14,
  'dates of any length are read when they are plausible, and never trusted more than the clock',
  async () => {
    const rig = await quirkRig({ receipts: { utcOffset: '+05:30' } });
    rig.play('quirk-14');
    for (let n = 0; n < 7; n++) {
      const { id } = await rig.sent({ to: `+44770090010${n}` });
      await rig.untilStatus(id, 'delivered');
    }
    const receipts = rig.events.flatMap((event) => (event.type === 'receipt' ? [event] : []));
    expect(receipts).toHaveLength(7);
    const read = receipts.flatMap(({ doneAt, time }) =>
      doneAt === undefined ? [] : [Date.parse(time) - Date.parse(doneAt)],
    );
    expect(read.length).toBeGreaterThanOrEqual(4);
    for (const late of read) expect(Math.abs(late)).toBeLessThan(2 * minute);
  },
);

quirkTest(15, 'an error code is any text, and means what the carrier says', async () => {
  const rig = await scripted({ receipts: { errors: [{ codes: ['21b'], class: 'blocked' }] } });
  for (const [n, [err, errorClass]] of Object.entries([
    ['21B', 'blocked'],
    ['0000', 'unknown'],
    ['0', 'unknown'],
    ['4095', 'unknown'],
  ] as const)) {
    const { id } = await rig.sent({ to: `+44770090020${n}` });
    await rig.receipt(`id:id-${n} sub:001 dlvrd:000 stat:UNDELIV err:${err} text:`, { sourceAddr: `44770090020${n}` });
    await rig.untilStatus(id, 'undelivered');
    expect(rig.event(id, 'undelivered')).toMatchObject({ err, errorClass });
  }
});

quirkTest(16, 'receipts in TLVs alone, in message_payload and by data_sm are receipts', async () => {
  for (const scenario of ['quirk-16', 'quirk-16-payload', 'quirk-16-data-sm']) await deliveredWith(scenario);
});

quirkTest(17, 'a network_error_code of three digits is read as such', async () => {
  const rig = await scripted();
  const { id } = await rig.sent();
  await rig.receipt('id:id-0 stat:UNDELIV', { tlvs: [{ tag: 0x0423, value: Buffer.from('011') }] });
  await rig.untilStatus(id, 'undelivered');
  const [receipt] = rig.events.flatMap((event) => (event.type === 'receipt' ? [event] : []));
  expect(receipt).toMatchObject({ err: '011', networkErrorCode: '303131' });
});

quirkTest(18, 'the id may be in a TLV and the state in the text', async () => {
  await deliveredWith('quirk-18');
});

quirkTest(19, 'ASCII that is marked as UCS-2 is read as ASCII', async () => {
  await deliveredWith('quirk-19');
});

quirkTest(20, 'text around a receipt does not hide it', async () => {
  await deliveredWith('quirk-20');
});

quirkTest(20, 'what a person wrote, in the text field, forges nothing', async () => {
  const rig = await scripted();
  const { id } = await rig.sent();
  const other = await rig.sent({ to: '+447700900124' });
  await rig.receipt('id:id-0 sub:001 dlvrd:000 stat:UNDELIV err:011 text:id:id-1 stat:DELIVRD err:000');
  await rig.untilStatus(id, 'undelivered');
  expect(rig.statuses(other.id)).toEqual(['sent']);
});

quirkTest(21, 'every bit of esm_class that means receipt is understood, also beside others', async () => {
  for (const esmClass of [0x04, 0x08, 0x20, 0x44, 0x3c]) {
    const rig = await scripted();
    const { id } = await rig.sent();
    const udh = (esmClass & 0x40) === 0 ? Buffer.alloc(0) : Buffer.from('050003010101', 'hex');
    const text = Buffer.from('id:id-0 stat:DELIVRD err:000', 'latin1');
    await rig.deliver({ esmClass, shortMessage: Buffer.concat([udh, text]) });
    await rig.untilStatus(id, 'delivered');
    expect(rig.inbound).toEqual([]);
  }
});

quirkTest(21, 'where only the text tells, the carrier says so', async () => {
  const text = 'id:id-0 sub:001 dlvrd:001 submit date:2601010000 done date:2601010001 stat:DELIVRD err:000 text:';
  const usual = await scripted();
  await usual.sent();
  await usual.deliver({ shortMessage: Buffer.from(text) });
  expect(usual.inbound.map(({ data }) => data.text)).toEqual([text]);

  const told = await scripted({ receipts: { detect: ['text'] } });
  const { id } = await told.sent();
  await told.deliver({ shortMessage: Buffer.from(text) });
  await told.untilStatus(id, 'delivered');
  expect(told.inbound).toEqual([]);
});

quirkTest(22, 'receipts that are repeated or late lower no status', async () => {
  const { rig, id } = await deliveredWith('quirk-22');
  await rig.pass(60_000);
  expect(rig.statuses(id)).toEqual(['sent', 'delivered']);
  expect((await rig.view(id)).status).toBe('delivered');
});

quirkTest(72, 'a receipt is taken at its word and kept with it', async () => {
  const rig = await quirkRig();
  rig.play('quirk-72');
  const { id } = await rig.sent({ to: failing });
  await rig.untilStatus(id, 'delivered');
  const { history } = await rig.view(id);
  expect(history.at(-1)).toMatchObject({ type: 'receipt', stat: 'DELIVRD' });
});

demandTest(2, 'a long message is delivered when all of it is, and failed when any of it is', async () => {
  const rig = await scripted();
  const whole = await rig.sent({ text: long });
  await rig.receipt('id:id-1 stat:DELIVRD err:000');
  await rig.pass(2_000);
  expect(rig.statuses(whole.id)).toEqual(['sent']);
  await rig.receipt('id:id-0 stat:DELIVRD err:000');
  await rig.untilStatus(whole.id, 'delivered');

  const part = await rig.sent({ text: long });
  await rig.receipt('id:id-3 stat:DELIVRD err:000');
  await rig.receipt('id:id-2 stat:UNDELIV err:011');
  await rig.untilStatus(part.id, 'undelivered');
});

demandTest(2, 'a message of which no receipt ever comes is unconfirmed', async () => {
  const rig = await scripted({ receipts: { timeoutSeconds: 60 } });
  const { id } = await rig.sent({ validitySeconds: 60 });
  await rig.untilStatus(id, 'unconfirmed', 60 * minute);
});

demandTest(3, 'no receipt, however it reads, is lost, throws or becomes a message', async () => {
  const rig = await scripted();
  const texts = [
    'id:id-0 stat:FAILED err:11',
    'stat:DELIVRD id:id-0',
    'ID:id-0 STAT:delivrd ERR:',
    'id:id-0 submit date:20260101000000 done date:0000000000 stat:ENROUTE err:21b text:',
    'id: stat: err:',
    '',
    '\0\0\0',
    'id:id-0'.repeat(30),
  ];
  await rig.sent();
  for (const text of texts) expect(await rig.receipt(text.slice(0, 250))).toBe(0);
  await rig.pass(5_000);
  expect(rig.inbound).toEqual([]);
  expect(rig.taps).toHaveLength(1);
});

demandTest(3, 'a receipt that reads like nothing else is read by the pattern of the carrier', async () => {
  const rig = await scripted({
    receipts: { patterns: ['Message {id} to {any} is {stat}.'], statuses: [{ stats: ['there'], state: 'delivered' }] },
  });
  const { id } = await rig.sent();
  await rig.receipt('Message id-0 to 4477009 is there.');
  await rig.untilStatus(id, 'delivered');
});
