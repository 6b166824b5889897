import { quirkTest } from './quirk-test.ts';
import { QuirkRig, quirkRig, recipient } from './rig.ts';

const minute = 60_000;

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `+44770090${String(1_000 + n)}`);
}

quirkTest(52, 'an account that counts as bound for minutes is tried again until it is free', async () => {
  const rig = await quirkRig();
  rig.play('quirk-52');
  const before = await rig.sent();
  await rig.untilStatus(before.id, 'delivered');
  rig.simulator.stage.play({
    scenarios: ['quirk-52'],
    change: { connections: { end: { by: 'RST', afterMs: 1 } } },
  });
  await rig.until('the end of the session', () => rig.simulator.smsc.sessions.length === 0);
  rig.play('quirk-52');
  const { id } = await rig.send();
  await rig.untilStatus(id, 'delivered', 5 * minute);
  expect(rig.written('bind_transceiver').length).toBeGreaterThan(2);
});

quirkTest(52, 'wrong credentials are not hammered', async () => {
  const rig = new QuirkRig();
  rig.change({ binds: { refuse: { status: 'ESME_RINVPASWD' } } });
  await rig.start();
  await rig.pass(10 * minute);
  expect(rig.written('bind_transceiver').length).toBeLessThanOrEqual(3);
  rig.change({});
  const { id } = await rig.send();
  await rig.untilStatus(id, 'delivered', 10 * minute);
});

quirkTest(53, 'a host is left alone for as long as the carrier says', async () => {
  const rig = await quirkRig({ reconnect: { minDelayMs: 31_000 } });
  rig.simulator.stage.play({
    scenarios: ['quirk-53'],
    change: { connections: { end: { by: 'RST', afterMs: 1 } } },
  });
  await rig.until('the end of the session', () => rig.simulator.smsc.sessions.length === 0);
  rig.play('quirk-53');
  const { id } = await rig.send();
  await rig.untilStatus(id, 'delivered', 5 * minute);
  expect(rig.written('bind_transceiver')).toHaveLength(2);
});

quirkTest(54, 'an idle session is kept alive by enquire_link', async () => {
  const rig = await quirkRig();
  rig.play('quirk-54');
  await rig.pass(10 * minute);
  expect(rig.taps).toHaveLength(1);
  expect(rig.written('enquire_link').length).toBeGreaterThan(10);
});

quirkTest(55, 'a connection that stays and answers nothing is replaced', async () => {
  const rig = await quirkRig();
  rig.change({ connections: { end: { by: 'freeze', afterSubmits: 1 } } });
  const { id } = await rig.send();
  await rig.until('another connection', () => rig.taps.length > 1, 2 * minute);
  rig.change({});
  await rig.untilStatus(id, 'delivered', 5 * minute);
});

quirkTest(56, 'what was unanswered when the connection dropped is sent again, and flagged', async () => {
  for (const by of ['RST', 'FIN'] as const) {
    const rig = await quirkRig();
    rig.change({ connections: { end: { by, afterSubmits: 1 } }, responses: { delayMs: 1_000 } });
    const { id } = await rig.send();
    await rig.until('another connection', () => rig.taps.length > 1, 2 * minute);
    rig.change({});
    await rig.untilStatus(id, 'sent', 5 * minute);
    expect(rig.event(id, 'sent')).toMatchObject({ possibleDuplicate: true });
  }
});

quirkTest(57, 'while the first host is away the second serves', async () => {
  const hosts = [{ host: 'a.example.com' }, { host: 'b.example.com' }];
  const rig = new QuirkRig({ hosts });
  rig.wire.unreachable.add('a.example.com');
  await rig.start();
  const { id } = await rig.send();
  await rig.untilStatus(id, 'delivered');
  expect(rig.wire.dialled).toEqual(['a.example.com', 'b.example.com']);
  rig.wire.unreachable.clear();
  await rig.until('the return to the first', () => rig.wire.dialled.at(-1) === 'a.example.com', 10 * minute);
});

quirkTest(58, 'after so many submit_sm a new session is begun', async () => {
  const rig = await quirkRig({ maxMessagesPerSession: 5 });
  const sent = await Promise.all(numbers(12).map((to) => rig.send({ to })));
  for (const { id } of sent) await rig.untilStatus(id, 'delivered', 5 * minute);
  const each = rig.taps.map(({ pdus }) => pdus.filter(({ command }) => command === 'submit_sm').length);
  expect(Math.max(...each)).toBe(5);
  expect(rig.submits).toHaveLength(12);
});

quirkTest(59, 'a throttling SMSC delays messages and fails none, whatever status says so', async () => {
  for (const scenario of ['quirk-59', 'quirk-59-queue-full']) {
    const rig = await quirkRig();
    rig.play(scenario);
    const sent = await Promise.all(numbers(30).map((to) => rig.send({ to })));
    for (const { id } of sent) await rig.untilStatus(id, 'delivered', 5 * minute);
    for (const { id } of sent) expect(rig.statuses(id)).toEqual(['sent', 'delivered']);
  }
});

quirkTest(59, 'within the rate that the carrier says nothing is throttled', async () => {
  const rig = await quirkRig({ messagesPerSecond: 10 });
  rig.play('quirk-59');
  const sent = await Promise.all(numbers(30).map((to) => rig.send({ to })));
  for (const { id } of sent) await rig.untilStatus(id, 'delivered', 5 * minute);
  expect(rig.submits).toHaveLength(30);
});

quirkTest(59, 'RSUBMITFAIL for a window that is too large is tried again where the carrier says so', async () => {
  const rig = await quirkRig({ window: 20, throttleStatuses: [0x14, 0x58, 0x45] });
  rig.play('quirk-59-submit-fail');
  const sent = await Promise.all(numbers(30).map((to) => rig.send({ to })));
  for (const { id } of sent) await rig.untilStatus(id, 'delivered', 5 * minute);
});

quirkTest(60, 'no more requests are unanswered than the window', async () => {
  const rig = await quirkRig({ window: 1 });
  rig.play('quirk-60');
  const sent = await Promise.all(numbers(10).map((to) => rig.send({ to })));
  for (const { id } of sent) await rig.untilStatus(id, 'delivered', 5 * minute);
  expect(rig.submits).toHaveLength(10);
});

quirkTest(61, 'what cannot be stored is answered by a status that brings it again, and then accepted', async () => {
  const rig = await quirkRig();
  rig.isInboundDown = true;
  const answer = rig.deliver({ destinationAddr: '12345', shortMessage: Buffer.from('YES') });
  expect(await answer).toBe(0x58);
  expect(rig.inbound).toEqual([]);
  rig.isInboundDown = false;
  expect(await rig.deliver({ destinationAddr: '12345', shortMessage: Buffer.from('YES') })).toBe(0);
  expect(rig.inbound.map(({ data }) => data.text)).toEqual(['YES']);
});

quirkTest(61, 'two genuine messages of the same text are both kept', async () => {
  const rig = await quirkRig();
  for (const _ of [1, 2]) await rig.deliver({ destinationAddr: '12345', shortMessage: Buffer.from('YES') });
  expect(rig.inbound.map(({ data }) => [data.text, data.possibleDuplicate])).toEqual([
    ['YES', false],
    ['YES', true],
  ]);
  expect(new Set(rig.inbound.map(({ id }) => id)).size).toBe(2);
});

quirkTest(62, 'a thousand messages that waited for the bind all arrive', async () => {
  const rig = new QuirkRig();
  rig.play('quirk-62');
  await rig.start();
  await rig.until('all of them', () => rig.inbound.length >= 1_000, 10 * minute);
  const texts = new Set(rig.inbound.map(({ data }) => data.text));
  expect(texts.size).toBe(1_000);
  expect(rig.inbound).toHaveLength(1_000);
});

quirkTest(63, 'a bind carries system_type, address_range, TON and NPI', async () => {
  const rig = new QuirkRig({ systemType: 'VMA', addressRange: '^447', bindTon: 1, bindNpi: 1 });
  rig.play('quirk-63');
  await rig.start();
  const { id } = await rig.send();
  await rig.untilStatus(id, 'delivered');
  const [bind] = rig.written('bind_transceiver');
  expect(bind).toMatchObject({ system_type: 'VMA', address_range: '^447', addr_ton: 1, addr_npi: 1 });
});

quirkTest(64, 'a pair of binds sends over one and receives over the other', async () => {
  const rig = new QuirkRig({ bindMode: 'transmitter-receiver' });
  rig.play('quirk-64');
  await rig.start();
  const { id } = await rig.send();
  await rig.untilStatus(id, 'delivered');
  expect([rig.written('bind_transmitter').length, rig.written('bind_receiver').length]).toEqual([1, 1]);
});

quirkTest(65, 'while the address is not allowed it is tried, ever more slowly, and then all is sent', async () => {
  const rig = new QuirkRig();
  rig.play('quirk-65');
  await rig.start();
  const { id } = await rig.send({ to: recipient });
  await rig.pass(10 * minute);
  expect(rig.wire.dialled.length).toBeLessThan(120);
  rig.change({});
  await rig.untilStatus(id, 'delivered', 5 * minute);
});
