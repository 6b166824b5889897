import * as z from 'zod';
import { refuse, show, typeOf } from './faults.ts';

/** What a client attaches to a message for itself: we keep it, and give it back with the message and its events. */

const maxReferenceLength = 255;
const maxKeys = 20;
const maxKeyLength = 64;
const maxValueLength = 512;
const maxMetadataBytes = 4_096;

export const reference = z.string().transform((given, context) => {
  const fault = given === '' ? 'must not be empty' : faultOf(given, maxReferenceLength);
  return fault === undefined ? given : refuse(context, fault);
});

/** Not a `z.record`: that drops a key `__proto__` without a word. */
export const metadata = z.unknown().transform((given, context): Readonly<Record<string, string>> => {
  if (typeOf(given) !== 'object') return refuse(context, `must be an object of strings, got ${show(given)}`);
  const entries = Object.entries(given as object);
  const whole = faultOfEntries(entries);
  if (whole !== undefined) return refuse(context, whole);
  for (const [key, value] of entries) {
    const fault = faultOfKey(key) ?? faultOfValue(value);
    if (fault !== undefined) refuse(context, fault, [key]);
  }
  return Object.fromEntries(entries);
});

function faultOfEntries(entries: readonly (readonly [string, unknown])[]): string | undefined {
  if (entries.length > maxKeys) return `must have at most ${maxKeys} keys, has ${entries.length}`;
  const strings = entries.flat().filter((part) => typeof part === 'string');
  const bytes = strings.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
  return bytes > maxMetadataBytes
    ? `must be at most ${maxMetadataBytes} bytes of keys and values, is ${bytes}`
    : undefined;
}

function faultOfKey(key: string): string | undefined {
  if (key === '') return 'has an empty key';
  // Set as a property by name, it would not be one of the object's own.
  if (key === '__proto__') return 'is a key that is not allowed';
  const fault = faultOf(key, maxKeyLength);
  return fault && `its key ${fault}`;
}

function faultOfValue(value: unknown): string | undefined {
  return typeof value === 'string' ? faultOf(value, maxValueLength) : `must be a string, got ${show(value)}`;
}

function faultOf(given: string, maxLength: number): string | undefined {
  if (given.length > maxLength) return `must have at most ${maxLength} characters, has ${given.length}`;
  if (!given.isWellFormed()) return 'must be well-formed Unicode, has a surrogate without its other half';
  if (/\p{Cc}/u.test(given)) return 'must not contain control characters';
  return undefined;
}
