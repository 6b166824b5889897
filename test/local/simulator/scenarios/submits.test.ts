import { concatenationUdh } from '../../../support/concatenation-udh.ts';
import type { Esme } from '../esme.ts';
import { expectSilence, nextReceipt, partFields, reported } from '../reports.ts';
import { type Rig, scenarioTest, submitSm } from '../rig.ts';

type Fields = Record<string, unknown>;

/** The command_status of each, one after the other. */
async function statusesOf(esme: Esme, submits: readonly Fields[], command = 'submit_sm'): Promise<number[]> {
  const statuses: number[] = [];
  for (const fields of submits) {
    const response = await esme.ask(command, { ...submitSm, ...fields });
    expect(response.command).toBe(`${command}_resp`);
    statuses.push(response.command_status);
  }
  return statuses;
}

/** The command_status of each, all sent before the first is answered. */
async function statusesAtOnce({ clock }: Rig, esme: Esme, count: number): Promise<number[]> {
  for (let n = 0; n < count; n++) esme.send('submit_sm', submitSm);
  // They have all been read, and those that were refused may be answered, when this is.
  esme.send('enquire_link');
  await esme.next('enquire_link_resp');
  await clock.advance(100);
  const statuses: [number, number][] = [];
  for (let n = 0; n < count; n++) {
    const { sequence_number, command_status } = await esme.next('submit_sm_resp');
    statuses.push([sequence_number, command_status]);
  }
  return statuses.sort(([one], [other]) => one - other).map(([, status]) => status);
}

function times<Item>(count: number, item: Item): Item[] {
  return Array.from({ length: count }, () => item);
}

/** Ten a second are taken, and what is more is refused with `status`. */
async function tenASecond(rig: Rig, status: number): Promise<void> {
  const esme = await rig.bound();
  expect(await statusesOf(esme, times(12, {}))).toEqual([...times(10, 0), status, status]);
  expect(await statusesOf(esme, [{}], 'data_sm')).toEqual([status]);
  await rig.clock.advance(999);
  expect(await statusesOf(esme, [{}])).toEqual([status]);
  await rig.clock.advance(1);
  expect(await statusesOf(esme, times(11, {}))).toEqual([...times(10, 0), status]);
}

scenarioTest('throttle', 'of more than ten in a second the rest is refused with ESME_RTHROTTLED', (rig) =>
  tenASecond(rig, 0x58),
);

scenarioTest('quirk-59', 'of more than ten in a second the rest is refused with ESME_RTHROTTLED', (rig) =>
  tenASecond(rig, 0x58),
);

scenarioTest('quirk-59-queue-full', 'of more than ten in a second the rest is refused with ESME_RMSGQFUL', (rig) =>
  tenASecond(rig, 0x14),
);

scenarioTest(
  'quirk-59-submit-fail',
  'the eleventh without a response is refused with ESME_RSUBMITFAIL',
  async (rig) => {
    const esme = await rig.bound();
    expect(await statusesAtOnce(rig, esme, 12)).toEqual([...times(10, 0), 0x45, 0x45]);
    expect(await statusesAtOnce(rig, esme, 1)).toEqual([0]);
  },
);

scenarioTest('quirk-60', 'the second without a response is refused, and a response takes 100 ms', async (rig) => {
  const esme = await rig.bound();
  expect(await statusesAtOnce(rig, esme, 2)).toEqual([0, 0x58]);
  esme.send('submit_sm', submitSm);
  await expectSilence(esme);
  await rig.clock.advance(99);
  await expectSilence(esme);
  await rig.clock.advance(1);
  expect(await esme.next()).toMatchObject({ command: 'submit_sm_resp', command_status: 0 });
});

scenarioTest('queue-full', 'each is refused with ESME_RMSGQFUL, by a header alone', async (rig) => {
  const esme = await rig.bound();
  expect(await statusesOf(esme, times(3, {}))).toEqual([0x14, 0x14, 0x14]);
  const { octets } = await esme.ask('submit_sm', submitSm);
  expect(octets).toEqual(Buffer.from('00000010800000040000001400000005', 'hex'));
  expect(rig.simulator.stats()).toMatchObject({ submitted: 4, accepted: 0, refused: { ESME_RMSGQFUL: 4 } });
});

scenarioTest('reject', 'a third is refused, with three statuses in turn', async (rig) => {
  const esme = await rig.bound();
  const statuses = await statusesOf(esme, times(300, {}));
  const refused = statuses.filter((status) => status !== 0);
  expect(refused.length).toBeGreaterThan(75);
  expect(refused.length).toBeLessThan(125);
  expect(refused).toEqual(refused.map((_, index) => [0x08, 0x0b, 0x45][index % 3]));
});

scenarioTest('quirk-26', 'data_coding 1 is refused, 0 is not', async (rig) => {
  const esme = await rig.bound();
  expect(await statusesOf(esme, [{ data_coding: 1 }, { data_coding: 0 }, { data_coding: 8 }])).toEqual([0x45, 0, 0]);
});

scenarioTest('quirk-32', 'a part of 153 septets or 67 units is refused, 152 or 66 are taken', async (rig) => {
  const esme = await rig.bound();
  const part = (octets: number, data_coding: number) => ({ ...partFields(1, 2, 'x'.repeat(octets)), data_coding });
  expect(await statusesOf(esme, [part(153, 0), part(152, 0), part(134, 8), part(132, 8)])).toEqual([1, 0, 1, 0]);
});

scenarioTest('quirk-33', 'parts by sar_* TLVs are not joined, and of message_payload nothing arrives', async (rig) => {
  const esme = await rig.bound();
  const sar = { sar_msg_ref_num: 1, sar_total_segments: 2 };
  const submits = [
    { ...sar, sar_segment_seqnum: 1, short_message: Buffer.from('one') },
    { ...sar, sar_segment_seqnum: 2, short_message: Buffer.from('two') },
    { short_message: Buffer.alloc(0), message_payload: Buffer.from('payload') },
  ];
  expect(await statusesOf(esme, submits)).toEqual([0, 0, 0]);
  expect(rig.simulator.handsets.messages().map(({ text }) => text)).toEqual(['one', 'two', '']);
});

scenarioTest(
  'quirk-35',
  'sar_* TLVs beside a UDH are refused with ESME_RINVTLVVAL, either alone is taken',
  async (rig) => {
    const esme = await rig.bound();
    const sar = { sar_msg_ref_num: 1, sar_total_segments: 2, sar_segment_seqnum: 1 };
    const udh = { esm_class: 0x40, short_message: Buffer.from([...concatenationUdh(1, 2, 1), 0x61]) };
    expect(await statusesOf(esme, [{ ...udh, ...sar }, udh, sar])).toEqual([0xc4, 0, 0]);
  },
);

scenarioTest('quirk-46', 'status 4 means a wrong number, 6 too many without a response', async (rig) => {
  const esme = await rig.bound();
  expect(await statusesOf(esme, [{ destination_addr: '' }, { dest_addr_ton: 5 }, {}])).toEqual([4, 4, 0]);
  rig.simulator.stage.play({ scenarios: ['quirk-46'], change: { responses: { delayMs: 100 } } });
  expect(await statusesAtOnce(rig, esme, 12)).toEqual([...times(10, 0), 6, 6]);
});

scenarioTest('quirk-67', 'TON and NPI that do not fit are refused by whose they are', async (rig) => {
  const esme = await rig.bound();
  const submits = [
    {},
    { source_addr: 'shop', source_addr_ton: 5, source_addr_npi: 0 },
    { source_addr: 'shop', source_addr_ton: 1, source_addr_npi: 1 },
    { source_addr_ton: 1, source_addr_npi: 1 },
    { dest_addr_ton: 0, dest_addr_npi: 1 },
    { destination_addr: '+447700900123' },
  ];
  expect(await statusesOf(esme, submits)).toEqual([0, 0, 0x0a, 0x0a, 0x0b, 0x0b]);
});

const inAnHour = '000000010000000R';

scenarioTest(
  'quirk-71',
  'a message for later is delivered now, and one that had a second to live is tried for a day',
  async (rig) => {
    const esme = await rig.bound();
    await reported(rig, esme, { schedule_delivery_time: inAnHour });
    expect(rig.simulator.handsets.messages()).toMatchObject([{ text: 'Hello' }]);
    const off = { destination_addr: '447700900904', validity_period: '000000000001000R', registered_delivery: 1 };
    expect(await statusesOf(esme, [off])).toEqual([0]);
    await rig.clock.advance(23 * 3_600_000);
    await expectSilence(esme);
    await rig.clock.advance(3_600_200);
    expect(await nextReceipt(esme)).toMatchObject({ message_state: 3 });
  },
);

scenarioTest('quirk-71-refused', 'either time is refused, with its status', async (rig) => {
  const esme = await rig.bound();
  const submits = [{ schedule_delivery_time: inAnHour }, { validity_period: inAnHour }, {}];
  expect(await statusesOf(esme, submits)).toEqual([0x61, 0x62, 0]);
});
