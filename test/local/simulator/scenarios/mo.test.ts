import { encodeUcs2 } from '#contract/text/ucs2.ts';
import type { Mo } from '../../../../local/simulator/handsets/mo.ts';
import type { Esme, ReadPdu } from '../esme.ts';
import { type Rig, scenarioTest } from '../rig.ts';

const ten = 'abcdefghij';
/** Two parts of GSM 7 bit. */
const longText = ten.repeat(20);

/** The PDUs in which one message from a handset comes: `parts` of them, and no more. */
async function deliver(rig: Rig, esme: Esme, text: string, parts = 1): Promise<ReadPdu[]> {
  const mo: Mo = { from: '+447700900123', to: '12345', text };
  const statuses = rig.simulator.sendMo(mo);
  const pdus: ReadPdu[] = [];
  while (pdus.length < parts) {
    const pdu = await esme.next();
    esme.answer(pdu);
    pdus.push(pdu);
  }
  expect(await statuses).toEqual(pdus.map(() => 0));
  expect(esme.received).toEqual([]);
  return pdus;
}

const noTlvs = '';

/** data_coding, sm_default_msg_id, sm_length, short_message and TLVs: what a deliver_sm ends with. */
function ending(dataCoding: number, shortMessage: Uint8Array, tlvs = noTlvs): string {
  const length = Buffer.from([dataCoding, 0, shortMessage.length]).toString('hex');
  return length + Buffer.from(shortMessage).toString('hex') + tlvs;
}

/** As many digits from the end of each PDU as `endings` have. */
function endingsOf(pdus: readonly ReadPdu[], endings: readonly string[]): string[] {
  return pdus.map(({ octets }, index) => octets.toString('hex').slice(-(endings[index]?.length ?? 0)));
}

function expectEndings(pdus: readonly ReadPdu[], ...endings: readonly string[]): void {
  expect(endingsOf(pdus, endings)).toEqual(endings);
}

const ascii = (text: string) => Buffer.from(text, 'ascii');
const hex = (digits: string) => Buffer.from(digits.replaceAll(' ', ''), 'hex');
const concatenated = (udh: string, text: Uint8Array) => Buffer.concat([hex(udh), text]);

scenarioTest('quirk-25', 'a message from a handset is Latin-1 under data_coding 0', async (rig) => {
  const esme = await rig.bound();
  expectEndings(await deliver(rig, esme, 'ça @'), ending(0, hex('e7 61 20 40')));
  expectEndings(await deliver(rig, esme, 'Ж'), ending(8, hex('0416')));
});

scenarioTest('quirk-25-ascii', 'a message from a handset is ASCII under data_coding 0', async (rig) => {
  expectEndings(await deliver(rig, await rig.bound(), 'ça @_'), ending(0, ascii('?a @_')));
});

scenarioTest('quirk-27', 'UCS-2 comes under data_coding 0', async (rig) => {
  const esme = await rig.bound();
  expectEndings(await deliver(rig, esme, 'Hi'), ending(0, hex('0048 0069')));
  expectEndings(await deliver(rig, esme, 'Ж'), ending(0, hex('0416')));
});

scenarioTest('quirk-28', 'a message from a handset is packed, behind fill bits after a UDH', async (rig) => {
  const esme = await rig.bound();
  expectEndings(await deliver(rig, esme, 'hellohello'), ending(0, hex('e8329bfd4697d9ec37')));
  const parts = await deliver(rig, esme, 'a'.repeat(306), 2);
  const septets = Buffer.concat([hex('c2'), Buffer.from(`${'e170381c0e87c3'.repeat(19)}`, 'hex')]);
  expectEndings(
    parts,
    ending(0, concatenated('0500030202 01', septets)),
    ending(0, concatenated('0500030202 02', septets)),
  );
});

scenarioTest('quirk-29', 'data_coding is of TS 23.038, in turn', async (rig) => {
  const esme = await rig.bound();
  for (const dataCoding of [0xf0, 0x10, 0x11, 0xf0])
    expectEndings(await deliver(rig, esme, 'é'), ending(dataCoding, hex('05')));
  for (const dataCoding of [0x18, 0x19, 0x18])
    expectEndings(await deliver(rig, esme, 'Ж'), ending(dataCoding, hex('0416')));
});

scenarioTest('quirk-31', 'a long message from a handset is cut through a surrogate pair', async (rig) => {
  const text = encodeUcs2('😀'.repeat(40));
  const parts = await deliver(rig, await rig.bound(), '😀'.repeat(40), 2);
  const [first, second] = [text.subarray(0, 134), text.subarray(134)];
  expect(Buffer.from(first).subarray(-2).toString('hex')).toBe('d83d');
  expect(Buffer.from(second).subarray(0, 2).toString('hex')).toBe('de00');
  expectEndings(parts, ending(8, concatenated('050003010201', first)), ending(8, concatenated('050003010202', second)));
});

scenarioTest('quirk-32', 'parts of messages from handsets have 152 septets or 66 units', async (rig) => {
  const esme = await rig.bound();
  expectEndings(
    await deliver(rig, esme, longText, 2),
    ending(0, concatenated('050003010201', ascii(longText.slice(0, 152)))),
    ending(0, concatenated('050003010202', ascii(longText.slice(152)))),
  );
  const units = encodeUcs2('Ж'.repeat(100));
  expectEndings(
    await deliver(rig, esme, 'Ж'.repeat(100), 2),
    ending(8, concatenated('050003020201', units.subarray(0, 132))),
    ending(8, concatenated('050003020202', units.subarray(132))),
  );
});

scenarioTest('quirk-33-udh16', 'parts have a UDH with two octets of reference', async (rig) => {
  expectEndings(
    await deliver(rig, await rig.bound(), longText, 2),
    ending(0, concatenated('06080400010201', ascii(longText.slice(0, 152)))),
    ending(0, concatenated('06080400010202', ascii(longText.slice(152)))),
  );
});

/** Tag, length and value of the three sar_* TLVs. */
const sar = (part: string) => `020c00020001020e000102020f0001${part}`;

scenarioTest('quirk-33-sar', 'parts have sar_* TLVs and no UDH', async (rig) => {
  const parts = await deliver(rig, await rig.bound(), longText, 2);
  expect(parts.map(({ esm_class }) => esm_class)).toEqual([0, 0]);
  expectEndings(
    parts,
    ending(0, ascii(longText.slice(0, 153)), sar('01')),
    ending(0, ascii(longText.slice(153)), sar('02')),
  );
});

scenarioTest('quirk-33-payload', 'a long message is one message_payload', async (rig) => {
  const esme = await rig.bound();
  const payload = `0424 00c8 ${ascii(longText).toString('hex')}`.replaceAll(' ', '');
  expectEndings(await deliver(rig, esme, longText), ending(0, Buffer.alloc(0), payload));
  expectEndings(await deliver(rig, esme, 'short'), ending(0, ascii('short')));
});

scenarioTest('quirk-34', 'a port element stands in front of the concatenation', async (rig) => {
  const esme = await rig.bound();
  const parts = await deliver(rig, esme, longText, 2);
  expect(parts.map(({ esm_class }) => esm_class)).toEqual([0x40, 0x40]);
  expectEndings(
    parts,
    ending(0, concatenated('0b 050400000000 0003010201', ascii(longText.slice(0, 146)))),
    ending(0, concatenated('0b 050400000000 0003010202', ascii(longText.slice(146)))),
  );
  expectEndings(await deliver(rig, esme, 'Hi'), ending(0, concatenated('06 050400000000', ascii('Hi'))));
});

scenarioTest('quirk-35', 'parts have sar_* TLVs and a UDH', async (rig) => {
  const parts = await deliver(rig, await rig.bound(), longText, 2);
  expect(parts.map(({ esm_class }) => esm_class)).toEqual([0x40, 0x40]);
  expectEndings(
    parts,
    ending(0, concatenated('050003010201', ascii(longText.slice(0, 153))), sar('01')),
    ending(0, concatenated('050003010202', ascii(longText.slice(153))), sar('02')),
  );
});

scenarioTest('quirk-36', 'short_message and message_payload are the same', async (rig) => {
  expectEndings(await deliver(rig, await rig.bound(), 'Hi'), ending(0, ascii('Hi'), '042400024869'));
});

scenarioTest('quirk-36-payload', 'sm_length is 0 and the text in message_payload', async (rig) => {
  expectEndings(await deliver(rig, await rig.bound(), 'Hi'), ending(0, Buffer.alloc(0), '042400024869'));
});

scenarioTest('quirk-38', 'the last part comes first', async (rig) => {
  expectEndings(
    await deliver(rig, await rig.bound(), longText, 2),
    ending(0, concatenated('050003010202', ascii(longText.slice(153)))),
    ending(0, concatenated('050003010201', ascii(longText.slice(0, 153)))),
  );
});

scenarioTest('quirk-40', 'the pieces have neither a UDH nor sar_* TLVs', async (rig) => {
  const pieces = await deliver(rig, await rig.bound(), longText, 2);
  expect(pieces.map(({ esm_class }) => esm_class)).toEqual([0, 0]);
  expectEndings(pieces, ending(0, ascii(longText.slice(0, 153))), ending(0, ascii(longText.slice(153))));
});

scenarioTest('quirk-42', 'a zero ends the short_message, and four the PDU', async (rig) => {
  expectEndings(await deliver(rig, await rig.bound(), 'Hi'), ending(0, hex('48 69 00'), '00000000'));
});

scenarioTest('quirk-43', 'TLVs 0x1400 and 0x1401 are in each part', async (rig) => {
  const tlvs = '1400000e3131303031303030303030303030' + '1401001331313037313631303030303030303030303030';
  expectEndings(
    await deliver(rig, await rig.bound(), longText, 2),
    ending(0, concatenated('050003010201', ascii(longText.slice(0, 153))), tlvs),
    ending(0, concatenated('050003010202', ascii(longText.slice(153))), tlvs),
  );
});

/** service_type and the source address, which are what a deliver_sm begins with. */
function beginning(ton: number, npi: number, digits: string): string {
  return Buffer.concat([Uint8Array.of(0, ton, npi), ascii(`${digits}\0`)]).toString('hex');
}

async function expectSenders(rig: Rig, ...beginnings: readonly string[]): Promise<void> {
  const esme = await rig.bound();
  for (const start of beginnings) {
    const [pdu] = await deliver(rig, esme, 'Hi');
    expect(pdu?.octets.subarray(16).toString('hex').slice(0, start.length)).toBe(start);
  }
}

scenarioTest('quirk-44', 'the sender of a message has 30 digits', async (rig) => {
  await expectSenders(rig, beginning(1, 1, '000000000000000000447700900123'));
});

scenarioTest('quirk-68', 'senders have "+", are national, or have no TON, in turn', async (rig) => {
  await expectSenders(
    rig,
    beginning(1, 1, '+447700900123'),
    beginning(2, 1, '07700900123'),
    beginning(0, 0, '447700900123'),
    beginning(1, 1, '+447700900123'),
  );
});
