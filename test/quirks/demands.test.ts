import { ApiError } from '../../lambdas/http.ts';
import { demandTest } from './quirk-test.ts';
import { QuirkRig, quirkRig, recipient } from './rig.ts';

const minute = 60_000;

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `+44770090${String(1_000 + n)}`);
}

demandTest(5, 'while an SMSC throttles, nothing is failed or overtaken, and all is sent in the end', async () => {
  const rig = await quirkRig();
  rig.change({ submits: { refuse: { share: 0.5, statuses: [0x58, 0x14] } } });
  const texts = ['one', 'two', 'three', 'four', 'five'];
  const sent = [];
  for (const text of texts) sent.push(await rig.send({ text }));
  for (const { id } of sent) await rig.untilStatus(id, 'sent', 10 * minute);
  expect(rig.simulator.handsets.messages({ to: recipient }).map(({ text }) => text)).toEqual(texts);
  for (const { id } of sent) expect(rig.statuses(id)).not.toContain('failed');
});

demandTest(
  6,
  'an SMSC that says "already bound" is asked again, and the last words of a session are unbind',
  async () => {
    const rig = new QuirkRig();
    rig.change({ binds: { refuse: { status: 'ESME_RALYBND', times: 3 } } });
    await rig.start();
    const { id } = await rig.send();
    await rig.untilStatus(id, 'delivered', 5 * minute);
    expect(rig.written('bind_transceiver')).toHaveLength(4);
  },
);

demandTest(7, 'a session that went silent is noticed and replaced within a minute', async () => {
  const rig = await quirkRig();
  rig.change({ connections: { service: 'freeze' } });
  await rig.until('another connection', () => rig.taps.length > 1, minute);
  rig.change({});
  const { id } = await rig.send();
  await rig.untilStatus(id, 'delivered', 2 * minute);
});

demandTest(8, 'what was not answered is sent again only where the message allows it', async () => {
  const twice = await quirkRig({ responseTimeoutMs: 5_000 });
  twice.change({ responses: { missing: 1 } });
  const again = await twice.send();
  await twice.until('a second submit_sm', () => twice.submits.length > 1, 2 * minute);
  twice.change({});
  await twice.untilStatus(again.id, 'sent', 5 * minute);
  expect(twice.event(again.id, 'sent')).toMatchObject({ possibleDuplicate: true });

  const once = await quirkRig({ responseTimeoutMs: 5_000 });
  once.change({ responses: { missing: 1 }, receipts: { when: 'never' } });
  const { id } = await once.send({ guarantee: 'at-most-once', validitySeconds: 60 });
  await once.untilStatus(id, 'uncertain', 30 * minute);
  expect(once.submits).toHaveLength(1);
});

demandTest(10, 'as many requests are under way as the carrier says', async () => {
  const rig = await quirkRig({ window: 25 });
  rig.change({ responses: { delayMs: 3_000 } });
  await Promise.all(numbers(60).map((to) => rig.send({ to })));
  await rig.pass(2_000);
  expect(rig.submits).toHaveLength(25);
});

demandTest(11, 'a TLV that the carrier demands is asked for by the API, or has its default', async () => {
  const rig = await quirkRig({
    tlvs: {
      entityId: { tag: '0x1400', type: 'string', required: true },
      templateId: { tag: '0x1401', type: 'string', default: '42' },
    },
  });
  const error = await rig.send().catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(ApiError);
  expect(JSON.stringify((error as ApiError).errors)).toContain('entityId');
  await rig.sent({ tlvs: { entityId: '7' } });
  const [frame = Buffer.alloc(0)] = rig.taps[0]?.frames.filter((octets) => octets.readUInt32BE(4) === 4) ?? [];
  expect(frame.toString('hex')).toContain('1400000137');
  expect(frame.toString('hex')).toContain('140100023432');
});

demandTest(11, 'TLVs that nobody named are in the events by their tags', async () => {
  const rig = await quirkRig();
  rig.change({
    responses: { tlvs: { '0x1403': 'beef' } },
    receipts: { extraTlvs: { '0x1404': 'cafe' } },
    mo: { tlvs: { '0x1405': '00ff' } },
  });
  const { id } = await rig.sent();
  await rig.untilStatus(id, 'delivered');
  expect(rig.event(id, 'sent').tlvs).toMatchObject({ '0x1403': 'beef' });
  expect(rig.event(id, 'delivered').tlvs).toMatchObject({ '0x1404': 'cafe' });
  void rig.simulator.sendMo({ from: recipient, to: '12345', text: 'YES' });
  await rig.until('a message from a handset', () => rig.inbound.length > 0);
  expect(rig.inbound[0]?.data.tlvs).toMatchObject({ '0x1405': '00ff' });
});

demandTest(13, "a message can be asked for, with its whole history in the SMSC's own words", async () => {
  const rig = await quirkRig();
  const { id } = await rig.sent({ reference: 'order-7' });
  await rig.untilStatus(id, 'delivered');
  expect(await rig.view(id)).toMatchObject({
    id,
    status: 'delivered',
    to: recipient,
    reference: 'order-7',
    history: [
      { type: 'queued' },
      { type: 'submitted', commandStatus: expect.stringContaining('ESME_ROK') },
      { type: 'receipt', stat: 'DELIVRD', err: '000' },
    ],
  });
});

demandTest(16, 'foreign and broken octets end the session and nothing else', async () => {
  const rig = await quirkRig();
  for (const octets of [
    'HTTP/1.1 400 Bad Request\r\n\r\n',
    'AMQP\0\0\t\x01',
    '\0\0\0\x03',
    '\xff\xff\xff\xff',
    '\0'.repeat(64),
  ]) {
    const connections = rig.taps.length;
    rig.wire.writeRaw(Buffer.from(octets, 'latin1'));
    await rig.until('a new session', () => rig.taps.length > connections, 2 * minute);
    await rig.until('its bind', () => rig.simulator.smsc.sessions.length > 0, 2 * minute);
    await rig.pass(15_000);
  }
  const { id } = await rig.sent();
  await rig.untilStatus(id, 'delivered', 5 * minute);
});

demandTest(17, 'a refusal with a body and one without mean the same', async () => {
  for (const errorBody of ['none', 'empty-id'] as const) {
    const rig = await quirkRig();
    rig.change({ submits: { refuse: { statuses: ['ESME_RINVSRCADR'] } }, responses: { errorBody } });
    const { id } = await rig.sent();
    const { history } = await rig.view(id);
    expect(history.at(-1)).toMatchObject({
      type: 'rejected',
      commandStatus: expect.stringContaining('ESME_RINVSRCADR'),
    });
    expect(rig.taps).toHaveLength(1);
  }
});

demandTest(19, 'over a pair of binds all segments of a message go over one', async () => {
  const rig = await quirkRig({ bindMode: 'transmitter-receiver' });
  await rig.until('both binds', () => rig.simulator.smsc.sessions.length === 2);
  rig.play('quirk-37');
  const { id } = await rig.sent({ text: 'long '.repeat(100) });
  await rig.untilStatus(id, 'delivered');
  const each = rig.taps.map(({ pdus }) => pdus.filter(({ command }) => command === 'submit_sm').length);
  expect(each.toSorted()).toEqual([0, 4]);
});

demandTest(
  20,
  'a status means retry, pause or failure as the carrier says, and is not retried for ever at once',
  async () => {
    const failing = await quirkRig({ submitOutcomes: [{ statuses: [0x08], outcome: 'reject' }] });
    failing.change({ submits: { refuse: { statuses: [0x08] } } });
    const refused = await failing.sent();
    expect(failing.statuses(refused.id)).toEqual(['failed']);

    const retrying = await quirkRig({ submitOutcomes: [{ statuses: [0x0b], outcome: 'retry', afterMs: 10_000 }] });
    retrying.change({ submits: { refuse: { statuses: [0x0b] } } });
    const { id } = await retrying.send();
    await retrying.pass(minute);
    expect(retrying.submits.length).toBeGreaterThan(2);
    expect(retrying.submits.length).toBeLessThan(10);
    retrying.change({});
    await retrying.untilStatus(id, 'delivered', 2 * minute);
  },
);

demandTest(23, 'a message is sent once, and each of its segments is told once', async () => {
  const rig = await quirkRig();
  rig.change({ responses: { repeat: 3 }, receipts: { repeat: 3 } });
  const { id } = await rig.sent({ text: 'long '.repeat(60) });
  await rig.untilStatus(id, 'delivered');
  await rig.pass(minute);
  const { history } = await rig.view(id);
  const submitted = history.filter(({ type }) => type === 'submitted');
  expect([rig.submits.length, submitted.length]).toEqual([2, 2]);
  expect(rig.statuses(id)).toEqual(['sent', 'delivered']);
});

demandTest(24, 'a request that is not for an ESME gets generic_nack, and a nack in is survived', async () => {
  const rig = await quirkRig();
  rig.wire.writeRaw(Buffer.from('00000010000000210000000000000051', 'hex'));
  rig.wire.writeRaw(Buffer.from('00000010800000000000000300000000', 'hex'));
  await rig.until('an answer', () => rig.written('generic_nack').length + rig.written('submit_multi_resp').length > 0);
  const { id } = await rig.sent();
  await rig.untilStatus(id, 'delivered');
  expect(rig.taps).toHaveLength(1);
});

demandTest(25, 'neither the text nor the number of a message is in a log', async () => {
  const rig = await quirkRig();
  const { id } = await rig.sent({ text: 'Kingfisher at noon', to: '+447700900777' });
  await rig.untilStatus(id, 'delivered');
  await rig.deliver({
    sourceAddr: '447700900777',
    destinationAddr: '12345',
    shortMessage: Buffer.from('Kingfisher seen'),
  });
  expect(await rig.receipt('id:unheard-of stat:UNDELIV err:001 text:Kingfisher', { sourceAddr: '447700900777' })).toBe(
    0,
  );
  await rig.pass(25 * 60 * minute);
  expect([rig.log.lines.length, rig.lambdaLog.length].every((count) => count > 0)).toBe(true);
  const logged = JSON.stringify([rig.log.lines, rig.lambdaLog]);
  expect(logged).not.toContain('Kingfisher');
  expect(logged).not.toContain('7700900777');
});
