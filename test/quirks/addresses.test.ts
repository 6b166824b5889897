import { ApiError } from '../../lambdas/http.ts';
import { demandTest, quirkTest } from './quirk-test.ts';
import { type QuirkRig, quirkRig, recipient } from './rig.ts';

function addressesOf(rig: QuirkRig) {
  return rig.submits.map((pdu) => ({
    from: [pdu.source_addr_ton, pdu.source_addr_npi, pdu.source_addr],
    to: [pdu.dest_addr_ton, pdu.dest_addr_npi, pdu.destination_addr],
  }));
}

quirkTest(67, 'each kind of sender has its TON and NPI, and an SMSC that checks them takes them', async () => {
  const rig = await quirkRig();
  rig.play('quirk-67');
  for (const [n, from] of ['ACME', '12345', '+447700900999'].entries()) {
    const { id } = await rig.sent({ from, to: `+44770090010${n}` });
    await rig.untilStatus(id, 'delivered');
  }
  expect(addressesOf(rig)).toEqual([
    { from: [5, 0, 'ACME'], to: [1, 1, '447700900100'] },
    { from: [3, 0, '12345'], to: [1, 1, '447700900101'] },
    { from: [1, 1, '447700900999'], to: [1, 1, '447700900102'] },
  ]);
});

quirkTest(67, 'a carrier may want others', async () => {
  const rig = await quirkRig({
    addresses: [
      { of: 'sender', kind: 'short-code', ton: 6, npi: 9 },
      { of: 'recipient', kind: 'international', ton: 0, npi: 1 },
    ],
  });
  await rig.sent({ from: '12345' });
  expect(addressesOf(rig)).toEqual([{ from: [6, 9, '12345'], to: [0, 1, recipient.slice(1)] }]);
});

quirkTest(68, 'a recipient is written with "+", behind "00", or nationally, as the carrier wants', async () => {
  for (const [form, written] of [
    [{ form: 'plus' }, '+447700900123'],
    [{ form: '00' }, '00447700900123'],
    [{ prefix: '44', replacePrefix: '0' }, '07700900123'],
  ] as const) {
    const rig = await quirkRig({ addresses: [{ of: 'recipient', kind: 'international', ton: 1, npi: 1, ...form }] });
    await rig.sent();
    expect(addressesOf(rig).map(({ to }) => to)).toEqual([[1, 1, written]]);
  }
});

quirkTest(68, "a handset's number is published however it is written", async () => {
  const rig = await quirkRig();
  rig.play('quirk-68');
  for (let n = 0; n < 3; n++) {
    void rig.simulator.sendMo({ from: recipient, to: '12345', text: `number ${n}` });
    await rig.until('the message', () => rig.inbound.length > n);
  }
  expect(rig.inbound.map(({ data }) => data.from)).toEqual([
    expect.stringMatching(/^\+?447700900123$/),
    expect.stringMatching(/7700900123$/),
    expect.stringMatching(/7700900123$/),
  ]);
});

quirkTest(69, 'the sender that was asked for stays with the message', async () => {
  const rig = await quirkRig();
  rig.play('quirk-69');
  const { id } = await rig.sent({ from: 'ACME' });
  await rig.untilStatus(id, 'delivered');
  expect(rig.simulator.handsets.messages({ to: recipient })[0]?.from).toBe('80808');
  expect((await rig.view(id)).from).toBe('ACME');
  expect(rig.event(id, 'delivered')).toMatchObject({ from: 'ACME' });
});

quirkTest(
  70,
  'a sender with a character that would end the field, or is not ASCII, is refused with the reason',
  async () => {
    const rig = await quirkRig();
    for (const from of ['@CME', 'AC\0ME', 'ÄCME', 'A_CME']) {
      const error = await rig.send({ from }).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ errors: [{ field: 'from', message: expect.stringContaining('must be') }] });
    }
    expect(rig.waiting).toBe(0);
  },
);

quirkTest(71, 'what is left of the validity is told to the SMSC, as the carrier wants it, or not at all', async () => {
  for (const [validityPeriod, form] of [
    ['relative', /^\d{15}R$/],
    ['absolute', /^\d{15}[+-]$/],
    ['none', /^$/],
  ] as const) {
    const rig = await quirkRig({ validityPeriod });
    if (validityPeriod === 'none') rig.play('quirk-71-refused');
    const { id } = await rig.sent();
    await rig.untilStatus(id, 'delivered');
    expect(String(rig.submits[0]?.validity_period)).toMatch(form);
    expect(rig.submits[0]?.schedule_delivery_time).toBe('');
  }
});

demandTest(12, 'a message may have its own TON and NPI', async () => {
  const rig = await quirkRig();
  await rig.sent({ from: '12345', fromAddressing: { ton: 0, npi: 1 }, toAddressing: { ton: 2, npi: 8 } });
  expect(addressesOf(rig)).toEqual([{ from: [0, 1, '12345'], to: [2, 8, recipient.slice(1)] }]);
});
