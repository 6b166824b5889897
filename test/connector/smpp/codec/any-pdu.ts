import fc from 'fast-check';
import { commandNames, type Field, layouts } from '../../../../connector/smpp/codec/layouts.ts';
import type { CommandName, PduToWrite, Tlv } from '../../../../connector/smpp/codec/pdu.ts';

export interface Characters {
  readonly from: number;
  readonly to: number;
}

export const ascii: Characters = { from: 0x01, to: 0x7f };
export const latin1: Characters = { from: 0x01, to: 0xff };

/**
 * `length` octets from `from` to `to` that `seed` decides: fast-check would draw each by itself, and the octets of
 * ten thousand PDUs are a million.
 */
function octetsOf(length: number, seed: number, { from, to }: Characters): Buffer {
  const octets = Buffer.alloc(length);
  let state = seed;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    octets[index] = from + ((state >>> 16) % (to - from + 1));
  }
  return octets;
}

const uint32 = fc.integer({ min: 0, max: 0xffffffff });

export function anyOctets(maxLength: number, characters: Characters = { from: 0x00, to: 0xff }): fc.Arbitrary<Buffer> {
  return fc.tuple(fc.nat(maxLength), uint32).map(([length, seed]) => octetsOf(length, seed, characters));
}

/** A string such as a C-octet string may hold. */
function anyString(maxLength: number, characters: Characters): fc.Arbitrary<string> {
  return anyOctets(maxLength, characters).map((octets) => octets.toString('latin1'));
}

const times = ['', '000007000000000R', '261231235959900+'];

type Limit = 'specifiedMax' | 'writtenMax';

function anyValue(field: Field, characters: Characters, limit: Limit): fc.Arbitrary<string | number | Buffer> {
  switch (field.kind) {
    case 'octet':
      return fc.integer({ min: 0, max: 0xff });
    case 'counted-octets':
      return anyOctets(field[limit]);
    case 'cstring':
      // The package takes a time that is shorter for something else.
      return /Time$|Period$|Date$/.test(field.name) ? fc.constantFrom(...times) : anyString(field[limit], characters);
  }
}

const messageState = fc.integer({ min: 0, max: 0xff }).map((state) => ({ tag: 0x0427, value: Buffer.of(state) }));
const otherTlvs: fc.Arbitrary<Tlv>[] = [
  anyOctets(1_000).map((value) => ({ tag: 0x0424, value })),
  anyOctets(3).map((value) => ({ tag: 0x0423, value })),
  anyString(64, { from: 0x20, to: 0x7e }).map((id) => ({ tag: 0x001e, value: Buffer.from(`${id}\0`) })),
  fc.tuple(fc.nat(0xff), fc.nat(0xff)).map((octets) => ({ tag: 0x0204, value: Buffer.from(octets) })),
];

/** TLVs of the types that the package gives them, each at most once: of a repeated one it keeps the last. */
function anyTlvs(command: CommandName): fc.Arbitrary<Tlv[]> {
  // The package knows but one message_state in a PDU.
  const tlvs = command === 'query_sm_resp' ? otherTlvs : [...otherTlvs, messageState];
  return fc.uniqueArray(fc.oneof(...tlvs), { selector: ({ tag }) => tag, maxLength: 5 });
}

export interface AnyPdu {
  /** @default latin1 */
  readonly characters?: Characters;
  /** @default any */
  readonly commandStatus?: number;
  /** The longest fields: what the specification allows, or what we write. @default 'writtenMax' */
  readonly limit?: Limit;
}

export function anyPduOf(
  command: CommandName,
  { characters = latin1, commandStatus, limit = 'writtenMax' }: AnyPdu = {},
): fc.Arbitrary<PduToWrite> {
  const layout: readonly Field[] = layouts[command];
  const fields = layout.map((field) => [field.name, anyValue(field, characters, limit)] as const);
  return fc.record({
    ...Object.fromEntries(fields),
    command: fc.constant(command),
    commandStatus: commandStatus === undefined ? uint32 : fc.constant(commandStatus),
    sequenceNumber: uint32,
    tlvs: anyTlvs(command),
  }) as fc.Arbitrary<PduToWrite>;
}

export function anyPdu(options?: AnyPdu): fc.Arbitrary<PduToWrite> {
  return fc.oneof(...commandNames.map((command) => anyPduOf(command, options)));
}
