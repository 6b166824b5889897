import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandNames, type Field, headerLength, layouts } from '../../connector/smpp/codec/layouts.ts';
import type { KnownPdu, Pdu } from '../../connector/smpp/codec/pdu.ts';
import { readPdu } from '../../connector/smpp/codec/read.ts';
import { writePdu } from '../../connector/smpp/codec/write.ts';
import { createFramer } from '../../connector/smpp/framer.ts';

interface Vector {
  readonly hex: string;
  readonly command_id: string;
  readonly command: string | null;
  readonly command_status: number;
  readonly sequence_number: number;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly decoders_agree: readonly string[];
  readonly not_well_formed?: boolean;
}

const vectors: { readonly pdus: readonly Vector[] } = JSON.parse(
  readFileSync(join(process.env.VECTORS_DIR ?? '', 'pdus.json'), 'utf8'),
);

/** Commands that an ESME of ours neither sends nor understands are read as a header only. */
const isSpoken = ({ command }: Vector) => commandNames.some((name) => name === command);
/** What one decoder alone makes of a PDU is no measure, as the vectors' own note says. */
const isAgreedOn = ({ fields, decoders_agree }: Vector) => fields !== undefined && decoders_agree.length >= 2;

const spoken = vectors.pdus.filter(isSpoken);

function octetsOf({ hex }: Vector): Buffer {
  return Buffer.from(hex, 'hex');
}

/** The PDU's fields in the words of the vectors. */
function fieldsOf(pdu: Pdu): Record<string, unknown> {
  if (pdu.command === 'unknown') return {};
  const layout: readonly Field[] = layouts[pdu.command];
  const body = pdu as unknown as Readonly<Record<string, string | number | Buffer>>;
  const fields: Record<string, unknown> = {};
  for (const { name } of layout) {
    const value = body[name];
    const key = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (Buffer.isBuffer(value))
      Object.assign(fields, { sm_length: value.length, [`${key}_hex`]: value.toString('hex') });
    else fields[key] = value;
  }
  return { ...fields, tlvs: pdu.tlvs.map(tlvOf) };
}

function tlvOf({ tag, value }: Pdu['tlvs'][number]): unknown {
  return { tag: `0x${tag.toString(16).padStart(4, '0')}`, value_hex: Buffer.from(value).toString('hex') };
}

/** Decoders agree on what these say; the specification allows it no such length. */
const flawsByHex: ReadonlyMap<string, readonly string[]> = new Map([
  // A password of 9 characters: `ipassword`.
  ['000000240000000b000000000000000d696e76656e746f7279006970617373776f726400', ['password too long']],
  // An id where SMPP 3.4, 4.6.2 has an unused field: `testMID`.
  ['0000001880000005000000000000000d746573744d494400', ['messageId too long']],
]);

test.each(spoken.filter(isAgreedOn))('$command $hex is read as other decoders read it', (vector) => {
  const pdu = readPdu(octetsOf(vector));
  expect(pdu).toMatchObject({
    command: vector.command,
    commandStatus: vector.command_status,
    sequenceNumber: vector.sequence_number,
    flaws: flawsByHex.get(vector.hex) ?? [],
    incomplete: false,
  });
  // An error response without a body has its fields empty (quirk 41), where the vectors have none.
  expect(fieldsOf(pdu)).toMatchObject({ tlvs: [], ...vector.fields });
});

/** An error response without a body (quirk 41) would be written with one. */
const isWithoutItsBody = ({ command, command_status, hex }: Vector) =>
  command_status !== 0 && hex.length === 2 * headerLength && command !== 'generic_nack';

const written = spoken.filter((vector) => isAgreedOn(vector) && !isWithoutItsBody(vector));

test.each(written)('$command $hex is written as it was', (vector) => {
  const pdu = readPdu(octetsOf(vector)) as KnownPdu;
  expect(writePdu(pdu).toString('hex')).toBe(vector.hex);
});

test.each(vectors.pdus)('$command $hex passes the framer and is read without an exception', (vector) => {
  const [frame] = createFramer().push(octetsOf(vector));
  const pdu = readPdu(frame as Buffer);
  expect(pdu).toMatchObject({
    command: isSpoken(vector) ? vector.command : 'unknown',
    commandStatus: vector.command_status,
    sequenceNumber: vector.sequence_number,
  });
  if (vector.not_well_formed && isSpoken(vector)) expect(pdu.flaws).not.toEqual([]);
});
