import { unreachable } from '#contract/unreachable.ts';
import { InvalidPduError } from '../errors.ts';
import type { Field, FieldValue } from './layouts.ts';

/**
 * One field at `offset` of `target`; each returns the offset behind it, and throws `InvalidPduError` for a value that the
 * field cannot have. Undefined is what the types forbid: it is refused like any other.
 */

export function writeField(target: Buffer, offset: number, field: Field, value: FieldValue | undefined): number {
  switch (field.kind) {
    case 'octet':
      return writeOctet(target, offset, field, value);
    case 'cstring':
      return writeCString(target, offset, field, value);
    case 'counted-octets':
      return writeCountedOctets(target, offset, field, value);
    default:
      return unreachable(field.kind);
  }
}

export function writeOctet(target: Buffer, offset: number, { name }: Field, value: FieldValue | undefined): number {
  if (typeof value !== 'number') throw new InvalidPduError(name, 'an integer of 0 to 255', typeof value);
  if ((value & 0xff) !== value) throw new InvalidPduError(name, 'an integer of 0 to 255', `${value}`);
  target[offset] = value;
  return offset + 1;
}

export function writeCountedOctets(
  target: Buffer,
  offset: number,
  field: Field,
  value: FieldValue | undefined,
): number {
  if (!(value instanceof Uint8Array)) throw new InvalidPduError(field.name, 'octets', typeof value);
  if (value.length > field.writtenMax) {
    throw new InvalidPduError(field.name, `at most ${field.writtenMax} octets`, `${value.length}`);
  }
  target[offset] = value.length;
  target.set(value, offset + 1);
  return offset + 1 + value.length;
}

/** Octet by octet: faster than a call into native code for strings as short as these. */
export function writeCString(target: Buffer, offset: number, field: Field, value: FieldValue | undefined): number {
  if (typeof value !== 'string') throw new InvalidPduError(field.name, 'a string', typeof value);
  if (value.length > field.writtenMax) {
    throw new InvalidPduError(field.name, `at most ${field.writtenMax} characters`, `${value.length}`);
  }
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code === 0) throw new InvalidPduError(field.name, 'without NUL', `one at position ${index}`);
    if (code > 0xff) {
      throw new InvalidPduError(field.name, 'of Latin-1 characters only', `another at position ${index}`);
    }
    target[offset + index] = code;
  }
  target[offset + value.length] = 0;
  return offset + value.length + 1;
}
