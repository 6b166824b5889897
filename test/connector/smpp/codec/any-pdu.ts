import fc from 'fast-check';
import { commandNames, type Field, layouts } from '../../../../connector/smpp/codec/layouts.ts';
import type { CommandName, PduToWrite, Tlv } from '../../../../connector/smpp/codec/pdu.ts';

/** A string of characters in `from` to `to`, such as a C-octet string may hold. */
function anyString(from: number, to: number, maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.integer({ min: from, max: to }), { maxLength }).map((codes) => String.fromCharCode(...codes));
}

export function anyOctets(maxLength: number): fc.Arbitrary<Buffer> {
  return fc.uint8Array({ maxLength }).map((octets) => Buffer.from(octets));
}

export interface Characters {
  readonly from: number;
  readonly to: number;
}

export const ascii: Characters = { from: 0x01, to: 0x7f };
export const latin1: Characters = { from: 0x01, to: 0xff };

const times = ['', '000007000000000R', '261231235959900+'];

function anyValue(field: Field, { from, to }: Characters): fc.Arbitrary<string | number | Buffer> {
  switch (field.kind) {
    case 'octet':
      return fc.integer({ min: 0, max: 0xff });
    case 'counted-octets':
      return anyOctets(field.max);
    case 'cstring':
      return field.name.endsWith('Time') || field.name === 'validityPeriod'
        ? fc.constantFrom(...times)
        : anyString(from, to, field.max);
  }
}

/** TLVs of the types that the package gives them, each at most once: of a repeated one it keeps the last. */
const anyTlvs: fc.Arbitrary<Tlv[]> = fc.uniqueArray(
  fc.oneof(
    anyOctets(1_000).map((value) => ({ tag: 0x0424, value })),
    anyOctets(3).map((value) => ({ tag: 0x0423, value })),
    anyString(0x20, 0x7e, 64).map((id) => ({ tag: 0x001e, value: Buffer.from(`${id}\0`) })),
    fc.integer({ min: 0, max: 0xff }).map((state) => ({ tag: 0x0427, value: Buffer.from([state]) })),
    fc.tuple(fc.nat(0xff), fc.nat(0xff)).map((octets) => ({ tag: 0x0204, value: Buffer.from(octets) })),
  ),
  { selector: ({ tag }) => tag },
);

const uint32 = fc.integer({ min: 0, max: 0xffffffff });

export function anyPduOf(
  command: CommandName,
  characters: Characters,
  commandStatus: fc.Arbitrary<number> = uint32,
): fc.Arbitrary<PduToWrite> {
  const layout: readonly Field[] = layouts[command];
  const fields = layout.map((field) => [field.name, anyValue(field, characters)] as const);
  return fc.record({
    ...Object.fromEntries(fields),
    command: fc.constant(command),
    commandStatus,
    sequenceNumber: uint32,
    tlvs: anyTlvs,
  }) as fc.Arbitrary<PduToWrite>;
}

export function anyPdu(characters: Characters, commandStatus?: fc.Arbitrary<number>): fc.Arbitrary<PduToWrite> {
  return fc.constantFrom(...commandNames).chain((command) => anyPduOf(command, characters, commandStatus));
}
