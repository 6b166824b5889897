import { quirkTest } from './quirk-test.ts';
import { QuirkRig, quirkRig, recipient } from './rig.ts';

const fromHandset = { from: recipient, to: '12345' };

quirkTest(41, 'a refusal with an empty body, without one, or without its NUL fails the message', async () => {
  for (const errorBody of ['none', 'empty-id', 'id-without-nul'] as const) {
    const rig = await quirkRig();
    rig.change({ submits: { refuse: { statuses: ['ESME_RINVDSTADR'] } }, responses: { errorBody } });
    const { id } = await rig.sent();
    expect(rig.statuses(id)).toEqual(['failed']);
    expect(rig.event(id, 'failed')).toMatchObject({ commandStatus: expect.stringContaining('ESME_RINVDSTADR') });
    expect(rig.taps).toHaveLength(1);
  }
});

quirkTest(42, 'octets too many and a NUL too few are tolerated', async () => {
  for (const scenario of ['quirk-42', 'quirk-42-without-nul']) {
    // In GSM 7 bit a NUL is "@", so the carrier has to say that it is none.
    const rig = await quirkRig({ text: { nulTerminated: true } });
    rig.play(scenario);
    const { id } = await rig.sent();
    await rig.untilStatus(id, 'delivered');
    void rig.simulator.sendMo({ ...fromHandset, text: 'YES' });
    await rig.until('a message from a handset', () => rig.inbound.length > 0);
    expect(rig.inbound.map(({ data }) => data.text)).toEqual(['YES']);
    expect(rig.taps).toHaveLength(1);
  }
});

quirkTest(42, 'a carrier that wants a NUL at the end of each text gets it', async () => {
  const rig = await quirkRig({ text: { nulTerminated: true } });
  await rig.sent({ text: 'Hello' });
  expect(rig.submits.map((pdu) => Buffer.from(pdu.short_message as Buffer))).toEqual([Buffer.from('Hello\0')]);
});

quirkTest(43, 'TLVs have the names that the carrier gives them, out and in', async () => {
  const rig = await quirkRig({
    tlvs: { templateId: { tag: '0x1400', type: 'cstring' }, entityId: { tag: '0x1401', type: 'string' } },
  });
  rig.play('quirk-43');
  const { id } = await rig.sent({ tlvs: { templateId: '1107', entityId: '1101' } });
  const [frame = Buffer.alloc(0)] = rig.taps[0]?.frames.filter((octets) => octets.readUInt32BE(4) === 4) ?? [];
  expect(frame.toString('hex')).toContain('14000005' + '3131303700');
  expect(frame.toString('hex')).toContain('14010004' + '31313031');
  await rig.untilStatus(id, 'delivered');
  const told = { templateId: expect.stringMatching(/^31313030/), entityId: expect.stringMatching(/^31313037/) };
  expect(rig.event(id, 'sent')).toMatchObject({ tlvs: told });
  expect(rig.event(id, 'delivered')).toMatchObject({ tlvs: told });
  void rig.simulator.sendMo({ ...fromHandset, text: 'YES' });
  await rig.until('a message from a handset', () => rig.inbound.length > 0);
  expect(rig.inbound[0]?.data.tlvs).toMatchObject(told);
});

quirkTest(44, 'a system_id and a sender longer than SMPP allows are read as they are', async () => {
  const rig = await quirkRig();
  rig.play('quirk-44');
  const { id } = await rig.sent();
  await rig.untilStatus(id, 'delivered');
  void rig.simulator.sendMo({ ...fromHandset, text: 'YES' });
  await rig.until('a message from a handset', () => rig.inbound.length > 0);
  expect(rig.inbound[0]?.data.from.length).toBeGreaterThan(20);
});

quirkTest(45, 'a bind has interface_version 0x34, or what the carrier says', async () => {
  const usual = await quirkRig();
  expect(usual.written('bind_transceiver').map((pdu) => pdu.interface_version)).toEqual([0x34]);
  const other = await quirkRig({ interfaceVersion: 0x50 });
  expect(other.written('bind_transceiver').map((pdu) => pdu.interface_version)).toEqual([0x50]);
});

quirkTest(46, 'a status that the carrier says may pass does not fail the message', async () => {
  const rig = await quirkRig({ submitOutcomes: [{ statuses: [4], outcome: 'retry', afterMs: 1_000 }] });
  rig.change({ submits: { refuse: { statuses: [4] } } });
  const { id } = await rig.send();
  await rig.until('a second try', () => rig.submits.length > 1);
  rig.change({});
  await rig.untilStatus(id, 'delivered');
  expect(rig.statuses(id)).toEqual(['sent', 'delivered']);
});

quirkTest(
  47,
  'responses that come twice or belong to nothing, and nacks without a number, change nothing',
  async () => {
    const rig = await quirkRig();
    rig.play('quirk-47');
    const { id } = await rig.sent({ text: 'long '.repeat(60) });
    await rig.untilStatus(id, 'delivered');
    expect(rig.statuses(id)).toEqual(['sent', 'delivered']);
    const submitted = rig.events.filter(({ type }) => type === 'submitted');
    expect(submitted).toHaveLength(2);
    expect(rig.taps).toHaveLength(1);
  },
);

quirkTest(47, 'a generic_nack with the number of a submit_sm is its answer', async () => {
  const rig = await quirkRig({ submitOutcomes: [{ statuses: [0x0b], outcome: 'reject' }] });
  rig.change({ submits: { refuse: { statuses: [0x0b] } }, responses: { refusals: 'generic_nack' } });
  const { id } = await rig.sent();
  expect(rig.statuses(id)).toEqual(['failed']);
});

quirkTest(48, 'enquire_link before the bind, unbind and PDUs after it are answered, and all is sent', async () => {
  const rig = await quirkRig();
  rig.play('quirk-48');
  rig.taps[0]?.write(Buffer.from('00000010000000150000000000000777', 'hex'));
  await rig.until('an answer', () => rig.written('enquire_link_resp').some((pdu) => pdu.sequence_number === 0x777));
  const sent = await Promise.all(
    Array.from({ length: 15 }, (_, n) => rig.send({ to: `+4477009001${String(n).padStart(2, '0')}` })),
  );
  for (const { id } of sent) await rig.untilStatus(id, 'sent');
  expect(rig.written('unbind_resp').length).toBeGreaterThan(0);
  expect(rig.taps.length).toBeGreaterThan(1);
});

quirkTest(49, 'a command that nobody knows is answered by generic_nack, and the session stays', async () => {
  const rig = await quirkRig();
  rig.wire.writeRaw(Buffer.from('000000100000dead0000000000000042', 'hex'));
  await rig.until('a nack', () => rig.written('generic_nack').length > 0);
  const nacks = rig.written('generic_nack').map((pdu) => [pdu.command_status, pdu.sequence_number]);
  expect(nacks).toEqual([[0x03, 0x42]]);
  const { id } = await rig.sent();
  await rig.untilStatus(id, 'delivered');
  expect(rig.taps).toHaveLength(1);
});

quirkTest(50, 'the log names the protocol that the port speaks, and the bind comes when it speaks SMPP', async () => {
  for (const [scenario, name] of [
    ['quirk-50', 'HTTP'],
    ['quirk-50-amqp', 'AMQP'],
    ['quirk-50-tls', 'TLS'],
  ] as const) {
    const rig = new QuirkRig();
    rig.play(scenario);
    await rig.start();
    await rig.until('a log line', () => rig.log.lines.some((line) => JSON.stringify(line).includes(name)));
    rig.change({});
    const { id } = await rig.send();
    await rig.untilStatus(id, 'delivered', 600_000);
  }
});

quirkTest(51, 'neither query_sm nor cancel_sm is ever sent', async () => {
  const rig = await quirkRig();
  rig.play('quirk-51');
  const { id } = await rig.sent();
  await rig.untilStatus(id, 'delivered');
  expect([...rig.written('query_sm'), ...rig.written('cancel_sm')]).toEqual([]);
});
