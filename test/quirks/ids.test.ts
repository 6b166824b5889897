import { demandTest, quirkTest } from './quirk-test.ts';
import { type QuirkRig, quirkRig } from './rig.ts';

const minute = 60_000;

/** What the SMSC called the message in its response, and in its receipt. */
function idsIn({ events }: QuirkRig) {
  const idOf = (type: 'submitted' | 'receipt') =>
    events.flatMap((event) => (event.type === type ? [event.smscMessageId] : []))[0];
  return { inResponse: idOf('submitted') ?? '', inReceipt: idOf('receipt') ?? '' };
}

/** The message is delivered, over ids as that scenario has them, and no receipt is left over. */
async function deliveredWith(scenario: string): Promise<QuirkRig> {
  const rig = await quirkRig();
  rig.play(scenario);
  const { id } = await rig.sent();
  await rig.untilStatus(id, 'delivered', 10 * minute);
  expect(rig.statuses(id)).toEqual(['sent', 'delivered']);
  expect([rig.unmatched, rig.inbound]).toEqual([[], []]);
  return rig;
}

quirkTest(1, 'the decimal id of a receipt finds the message whose response had it in hex', async () => {
  const rig = await deliveredWith('quirk-1');
  const { inResponse, inReceipt } = idsIn(rig);
  expect(inReceipt).toBe(BigInt(`0x${inResponse}`).toString());
  const { history } = await rig.view('019b76da-a800-7000-8000-000000000001');
  expect(history.at(-1)).toMatchObject({ type: 'receipt', matchedBy: 'derived-id' });
});

quirkTest(1, 'where the carrier says so it is found at once', async () => {
  const rig = await quirkRig({ receipts: { idFormat: 'hex-to-decimal' } });
  rig.play('quirk-1');
  const { id } = await rig.sent();
  await rig.untilStatus(id, 'delivered', 5_000);
});

quirkTest(2, 'the hex id of a receipt finds the message whose response had it in decimal', async () => {
  const { inResponse, inReceipt } = idsIn(await deliveredWith('quirk-2'));
  expect(BigInt(`0x${inReceipt}`)).toBe(BigInt(inResponse));
  expect(inReceipt).not.toBe(inResponse);
});

quirkTest(3, 'zeros in front of an id may come or go', async () => {
  const dropped = await quirkRig({}, () => ({ message_id: '00B8BE19' }));
  const first = await dropped.sent();
  await dropped.receipt('id:B8BE19 stat:DELIVRD err:000');
  await dropped.untilStatus(first.id, 'delivered', 10 * minute);
  const { inResponse, inReceipt } = idsIn(await deliveredWith('quirk-3-added'));
  expect(inReceipt).toMatch(new RegExp(`^0+${inResponse}$`));
});

quirkTest(4, 'the case of an id does not matter', async () => {
  const { inResponse, inReceipt } = idsIn(await deliveredWith('quirk-4'));
  expect(inReceipt).toBe(inResponse.toUpperCase());
  expect(inReceipt).not.toBe(inResponse);
});

quirkTest(5, 'ids may be UUIDs or numbers beyond 2^63', async () => {
  expect(idsIn(await deliveredWith('quirk-5')).inResponse).toHaveLength(36);
  const { inResponse, inReceipt } = idsIn(await deliveredWith('quirk-5-64-bit'));
  expect(BigInt(inReceipt)).toBe(BigInt(`0x${inResponse}`));
  expect(BigInt(inReceipt)).toBeGreaterThan(2n ** 53n);
});

quirkTest(6, 'an id may come back as the hexadecimal digits of its characters', async () => {
  const { inResponse, inReceipt } = idsIn(await deliveredWith('quirk-6'));
  expect(Buffer.from(inReceipt, 'hex').toString()).toBe(inResponse);
});

quirkTest(7, 'a receipt that comes before the response waits for it', async () => {
  const { events } = await deliveredWith('quirk-7');
  const times = (type: string) => events.filter((event) => event.type === type).map((event) => events.indexOf(event));
  expect(times('receipt')[0]).toBeLessThan(times('submitted')[0] ?? 0);
});

quirkTest(7, 'it waits half an hour for it, but is not taken for a message that came hours later', async () => {
  for (const [waitedMs, statuses] of [
    [30 * minute, ['sent', 'delivered']],
    [3 * 60 * minute, ['sent']],
  ] as const) {
    const rig = await quirkRig({}, (_, n) => ({ message_id: `late-${n}` }));
    await rig.receipt('id:late-0 stat:DELIVRD err:000');
    await rig.pass(waitedMs);
    const { id } = await rig.sent();
    await rig.pass(5 * minute);
    expect(rig.statuses(id)).toEqual(statuses);
  }
});

quirkTest(8, 'a receipt with an id that nobody knows is accepted, and told after a day', async () => {
  const rig = await quirkRig();
  rig.play('quirk-8');
  expect(await rig.receipt('id:nobody-knows stat:DELIVRD err:000')).toBe(0);
  const { id } = await rig.sent();
  await rig.untilStatus(id, 'delivered');
  expect(rig.unmatched).toEqual([]);
  await rig.pass(25 * 60 * minute);
  expect(rig.unmatched).toMatchObject([{ smscMessageId: 'nobody-knows', stat: 'DELIVRD', reason: 'no-message' }]);
});

quirkTest(9, 'receipts that nobody asked for are accepted and do no harm', async () => {
  const rig = await quirkRig();
  rig.play('quirk-9');
  const { id } = await rig.sent({ receipt: false });
  await rig.until('a receipt', () => rig.events.some(({ type }) => type === 'receipt'));
  await rig.pass(5_000);
  expect(rig.submits.map((pdu) => pdu.registered_delivery)).toEqual([0]);
  expect(rig.written('deliver_sm_resp').map((pdu) => pdu.command_status)).toEqual([0]);
  expect([rig.statuses(id)[0], rig.inbound, rig.unmatched]).toEqual(['sent', [], []]);
});

quirkTest(23, 'a receipt finds its message over another bind', async () => {
  const rig = await quirkRig({ bindMode: 'transmitter-receiver' });
  await rig.until('both binds', () => rig.simulator.smsc.sessions.length === 2);
  rig.play('quirk-23');
  const { id } = await rig.sent();
  await rig.untilStatus(id, 'delivered');
});

quirkTest(24, 'of a message whose segments share an id one receipt speaks for all', async () => {
  const rig = await quirkRig({}, () => ({ message_id: 'shared' }));
  const { id } = await rig.sent({ text: 'long '.repeat(60) });
  await rig.until('both segments', () => rig.events.filter(({ type }) => type === 'submitted').length === 2);
  await rig.receipt('id:shared stat:DELIVRD err:000');
  await rig.untilStatus(id, 'delivered', 10 * minute);
});

quirkTest(24, 'of two messages with one id each gets the receipt that names its recipient', async () => {
  const rig = await quirkRig({}, () => ({ message_id: 'shared' }));
  const first = await rig.sent({ to: '+447700900001' });
  const second = await rig.sent({ to: '+447700900002' });
  await rig.receipt('id:shared stat:DELIVRD err:000', { sourceAddr: '447700900002' });
  await rig.receipt('id:shared stat:UNDELIV err:011', { sourceAddr: '447700900001' });
  await rig.untilStatus(second.id, 'delivered', 10 * minute);
  await rig.untilStatus(first.id, 'undelivered', 10 * minute);
});

quirkTest(24, 'a receipt that could be of either is told, and applied to neither', async () => {
  const rig = await quirkRig({}, () => ({ message_id: 'shared' }));
  const sent = [await rig.sent(), await rig.sent()];
  await rig.receipt('id:shared stat:DELIVRD err:000');
  await rig.until('an event', () => rig.unmatched.length > 0, 25 * 60 * minute);
  expect(rig.unmatched).toMatchObject([{ reason: 'shared-id', smscMessageId: 'shared' }]);
  expect([...(rig.unmatched[0]?.messageIds ?? [])].sort()).toEqual(sent.map(({ id }) => id).sort());
  for (const { id } of sent) expect(rig.statuses(id)).toEqual(['sent']);
});

demandTest(1, 'all of these ids are matched without any configuration, whichever comes first', async () => {
  const pairs = [
    ['812FC7470000001B', '9308878062554710043'],
    ['10C8F40D', '281605133'],
    ['00B8BE19', 'B8BE19'],
    ['972660181', '0972660181'],
    ['0e999f21-81ef-4c1b-9b0a-5a5a5a5a5a5a', '0E999F21-81EF-4C1B-9B0A-5A5A5A5A5A5A'],
    ['39f99dd5', '0972660181'],
    ['1101c1-c9d03d-f000', '1101C1-C9D03D-F000'],
    ['281605133', '10c8f40d'],
    ['ABC', '414243'],
  ] as const;
  for (const order of ['response', 'receipt'] as const) {
    for (const [inResponse, inReceipt] of pairs) {
      const rig = await quirkRig({}, () => ({ message_id: inResponse }));
      const receive = () => rig.receipt(`id:${inReceipt} sub:001 dlvrd:001 stat:DELIVRD err:000 text:`);
      if (order === 'receipt') await receive();
      const { id } = await rig.sent();
      if (order === 'response') await receive();
      await rig.untilStatus(id, 'delivered', 2 * 60 * minute);
      expect([inReceipt, rig.statuses(id)]).toEqual([inReceipt, ['sent', 'delivered']]);
    }
  }
});

demandTest(22, 'receipts that the SMSC kept for days are matched in a later session', async () => {
  const rig = await quirkRig({}, (_, n) => ({ message_id: `kept-${n}` }));
  const { id } = await rig.sent();
  await rig.pass(60 * 60 * minute);
  expect(await rig.receipt('id:kept-0 stat:DELIVRD err:000')).toBe(0);
  await rig.untilStatus(id, 'delivered', 10 * minute);
});
