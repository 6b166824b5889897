import { maxString } from './smpp/codec/layouts.ts';

/**
 * `password`, if a bind can carry it. More than the 8 octets of SMPP 3.4 is let through: SMSCs give out longer ones
 * and mean it (quirk 44). Throws what is wrong, and where, never what stands there.
 */
export function usablePassword(password: string, what: string): string {
  if (password === '') throw new Error(`${what} is empty`);
  if (password.length > maxString) {
    throw new Error(`${what} must have at most ${maxString} characters, has ${password.length}`);
  }
  const odd = password.search(/[^\x20-\x7e]/);
  if (odd !== -1) throw new Error(`${what} must be printable ASCII, has another character at position ${odd + 1}`);
  return password;
}
