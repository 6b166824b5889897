import { fillBitsAfter, packSeptets } from '#contract/text/packed.ts';
import { encodeUcs2 } from '#contract/text/ucs2.ts';
import { concatenationUdh } from '../../../support/concatenation-udh.ts';
import type { Esme } from '../esme.ts';
import { type Rig, scenarioTest, startRig, submitSm } from '../rig.ts';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const aMinute = 60_000;

/** Sends a submit_sm, which is accepted. */
async function submit(esme: Esme, fields: Record<string, unknown>): Promise<void> {
  const sequence = esme.send('submit_sm', { ...submitSm, ...fields });
  expect(await esme.next('submit_sm_resp')).toMatchObject({ sequence_number: sequence, command_status: 0 });
}

/** What phones show. */
function shown({ simulator }: Rig): string[] {
  return simulator.handsets.messages().map(({ text }) => text);
}

function part(number: number, total: number, body: Uint8Array | string = `${number} `): Record<string, unknown> {
  const octets = Buffer.concat([concatenationUdh(7, total, number), Buffer.from(body)]);
  return { esm_class: 0x40, short_message: octets, registered_delivery: 1 };
}

/** The stat and err of the next receipt. */
async function receipt(esme: Esme): Promise<string> {
  const pdu = await esme.next('deliver_sm');
  esme.answer(pdu);
  return /stat:\w+ err:\w+/.exec(String(pdu.short_message))?.[0] ?? 'none';
}

test('a handset tells the octets of the PDU as they came', async () => {
  const rig = await startRig();
  const esme = await rig.bound();
  const octets = Buffer.from(
    '00000041000000040000000000000010' +
      `000501${latin1('Shop').toString('hex')}000101343437373030393030313233004001000000010000000b0500030701014869211b65`,
    'hex',
  );
  octets.writeUInt32BE(octets.length);
  esme.write(octets);
  expect(await esme.next('submit_sm_resp')).toMatchObject({ sequence_number: 16, command_status: 0 });
  expect(rig.simulator.handsets.messages()).toMatchObject([
    {
      from: 'Shop',
      to: '+447700900123',
      text: 'Hi!€',
      shortMessages: [
        {
          pdu: octets.toString('hex'),
          sourceAddrTon: 5,
          sourceAddrNpi: 1,
          sourceAddr: 'Shop',
          destAddrTon: 1,
          destAddrNpi: 1,
          destinationAddr: '447700900123',
          esmClass: 0x40,
          protocolId: 1,
          dataCoding: 0,
          udh: '050003070101',
          octets: '4869211b65',
          part: { reference: 7, total: 1, part: 1 },
        },
      ],
    },
  ]);
});

describe('a phone shows a long message that comes', () => {
  const one = 'one '.repeat(38);
  const two = 'two';
  const sar = (number: number) => ({ sar_msg_ref_num: 300, sar_total_segments: 2, sar_segment_seqnum: number });
  const udh16 = (number: number, text: string) => ({
    esm_class: 0x40,
    short_message: Buffer.concat([Uint8Array.of(6, 8, 4, 1, 44, 2, number), Buffer.from(text)]),
  });
  const payload = { short_message: Buffer.alloc(0), message_payload: Buffer.from(one + two) };

  test.each<[string, string, Record<string, unknown>[]]>([
    ['by an 8-bit reference', 'submit_sm', [part(1, 2, one), part(2, 2, two)]],
    ['by a 16-bit reference', 'submit_sm', [udh16(2, two), udh16(1, one)]],
    [
      'by sar_* TLVs',
      'submit_sm',
      [
        { short_message: Buffer.from(two), ...sar(2) },
        { short_message: Buffer.from(one), ...sar(1) },
      ],
    ],
    ['in message_payload', 'submit_sm', [payload]],
    ['by data_sm', 'data_sm', [{ message_payload: Buffer.from(one + two) }]],
  ])('%s', async (_, command, requests) => {
    const rig = await startRig();
    const esme = await rig.bound();
    const { short_message: _text, ...addresses } = submitSm;
    for (const fields of requests)
      expect(await esme.ask(command, { ...addresses, ...fields })).toMatchObject({ command_status: 0 });
    expect(shown(rig)).toEqual([one + two]);
    expect(rig.simulator.handsets.stats().incomplete).toBe(0);
  });
});

scenarioTest('quirk-25', 'a phone shows data_coding 0 as Latin-1', async (rig) => {
  const esme = await rig.bound();
  await submit(esme, { short_message: latin1('ça @ é') });
  expect(shown(rig)).toEqual(['ça @ é']);
});

scenarioTest('quirk-25-ascii', 'a phone shows data_coding 0 as ASCII', async (rig) => {
  const esme = await rig.bound();
  await submit(esme, { short_message: latin1('a @_é') });
  expect(shown(rig)).toEqual(['a @_\ufffd']);
});

scenarioTest(
  'quirk-28',
  'a phone gets what is packed under data_coding 0, behind fill bits after a UDH',
  async (rig) => {
    const esme = await rig.bound();
    await submit(esme, { short_message: Buffer.from('e8329bfd4697d9ec37', 'hex') });
    await submit(esme, part(1, 2, packSeptets(Buffer.from('one '), fillBitsAfter(6))));
    await submit(esme, part(2, 2, packSeptets(Buffer.from('two'), fillBitsAfter(6))));
    expect(shown(rig)).toEqual(['hellohello', 'one two']);
  },
);

scenarioTest('quirk-30', 'a phone shows "@" and plain letters instead', async (rig) => {
  const esme = await rig.bound();
  await submit(esme, { short_message: Buffer.from('48692120 1b40'.replace(' ', ''), 'hex') });
  await submit(esme, { short_message: encodeUcs2('ça, fenêtre'), data_coding: 8 });
  expect(shown(rig)).toEqual(['Hi@ @', 'ca, fenetre']);
});

scenarioTest('quirk-31', 'a phone shows two U+FFFD for an emoji', async (rig) => {
  const esme = await rig.bound();
  await submit(esme, { short_message: encodeUcs2('Hi 😀'), data_coding: 8 });
  expect(shown(rig)).toEqual(['Hi \ufffd\ufffd']);
});

scenarioTest('quirk-37', 'parts over one session within the time arrive', async (rig) => {
  const esme = await rig.bound();
  await submit(esme, part(1, 2));
  await rig.clock.advance(29 * aMinute);
  expect(rig.simulator.handsets.stats().incomplete).toBe(1);
  await submit(esme, part(2, 2));
  await rig.clock.advance(1_000);
  expect([await receipt(esme), await receipt(esme)]).toEqual(['stat:DELIVRD err:000', 'stat:DELIVRD err:000']);
  expect(shown(rig)).toEqual(['1 2 ']);
});

scenarioTest('quirk-37', 'parts over two sessions are reported as UNDELIV', async (rig) => {
  const [one, two] = [await rig.bound(), await rig.connect()];
  // As a transmitter, so that all receipts come over the other one.
  expect(await two.bind({}, 'bind_transmitter')).toMatchObject({ command_status: 0 });
  await submit(one, part(1, 2));
  await submit(two, part(2, 2));
  await rig.clock.advance(1_000);
  expect([await receipt(one), await receipt(one)]).toEqual(['stat:UNDELIV err:034', 'stat:UNDELIV err:034']);
  expect(shown(rig)).toEqual([]);
});

scenarioTest('quirk-37', 'a part without the others is reported as UNDELIV after 30 minutes', async (rig) => {
  const esme = await rig.bound();
  await submit(esme, part(1, 2));
  await rig.clock.advance(30 * aMinute + 1_000);
  expect(await receipt(esme)).toBe('stat:UNDELIV err:034');
  await submit(esme, part(2, 2));
  expect(shown(rig)).toEqual([]);
});

scenarioTest('quirk-39', 'of 11 parts each is reported as UNDELIV, 10 arrive', async (rig) => {
  const esme = await rig.bound();
  await submit(esme, part(1, 11));
  await rig.clock.advance(1_000);
  expect(await receipt(esme)).toBe('stat:UNDELIV err:034');
  for (let number = 1; number <= 10; number++) await submit(esme, part(number, 10, 'x'));
  await rig.clock.advance(1_000);
  expect(await receipt(esme)).toBe('stat:DELIVRD err:000');
  expect(shown(rig)).toEqual(['xxxxxxxxxx']);
});

scenarioTest('quirk-69', 'a phone shows 80808, whoever sent it', async (rig) => {
  const esme = await rig.bound();
  await submit(esme, { source_addr_ton: 5, source_addr: 'Shop' });
  const [message] = rig.simulator.handsets.messages();
  expect(message?.from).toBe('80808');
  expect(message?.shortMessages[0]?.sourceAddr).toBe('Shop');
});

scenarioTest('quirk-70', 'a phone shows other signs in the name of a sender', async (rig) => {
  const esme = await rig.bound();
  await submit(esme, { source_addr_ton: 5, source_addr_npi: 0, source_addr: 'me@my_$' });
  await submit(esme, {});
  expect(rig.simulator.handsets.messages().map(({ from }) => from)).toEqual(['me¡my§¤', '12345']);
});

describe('numbers with documented endings', () => {
  /** Submits to a number with this ending; the next receipt. */
  async function outcomeOf(rig: Rig, ending: string, afterMs: number): Promise<string> {
    const esme = await rig.bound();
    await submit(esme, {
      destination_addr: `44770090${ending}`,
      registered_delivery: 1,
      validity_period: '000000000100000R',
    });
    await rig.clock.advance(afterMs);
    return receipt(esme);
  }

  test.each([
    ['0901', 1_000, 'stat:UNDELIV err:001'],
    ['0902', 1_000, 'stat:REJECTD err:013'],
    ['0903', aMinute + 1_000, 'stat:EXPIRED err:032'],
    ['0904', aMinute + 1_000, 'stat:EXPIRED err:027'],
    ['0905', 11_000, 'stat:DELIVRD err:000'],
    ['0123', 1_000, 'stat:DELIVRD err:000'],
  ])('%s: within %i ms the receipt says %s', async (ending, afterMs, words) => {
    const rig = await startRig();
    expect(await outcomeOf(rig, ending, afterMs)).toBe(words);
    expect(shown(rig)).toHaveLength(words.includes('DELIVRD') ? 1 : 0);
    expect(rig.simulator.handsets.stats().waiting).toBe(0);
  });

  test('0905: nothing is delivered in the first ten seconds', async () => {
    const rig = await startRig();
    const esme = await rig.bound();
    await submit(esme, { destination_addr: '447700900905' });
    await rig.clock.advance(9_999);
    expect(shown(rig)).toEqual([]);
    await rig.clock.advance(1);
    expect(shown(rig)).toEqual(['Hello']);
  });

  test('0915: the text comes back by deliver_sm', async () => {
    const rig = await startRig();
    const esme = await rig.bound();
    esme.send('submit_sm', { ...submitSm, destination_addr: '447700900915' });
    expect(await esme.next('deliver_sm')).toMatchObject({
      esm_class: 0,
      source_addr_ton: 1,
      source_addr_npi: 1,
      source_addr: '447700900915',
      destination_addr: '12345',
      data_coding: 0,
      short_message: Buffer.from('Hello'),
    });
    expect(await esme.next('submit_sm_resp')).toMatchObject({ command_status: 0 });
  });
});
