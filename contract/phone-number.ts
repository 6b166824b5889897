import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/**
 * A number in E.164 with "+", from digits with or without it; undefined when no number of that country can have
 * them. Stricter than the library, which reads letters and brackets too: what it would guess, a client meant otherwise.
 */
export function parseE164(given: string): string | undefined {
  if (!/^\+?[1-9]\d{6,14}$/.test(given)) return undefined;
  const number = parsePhoneNumberFromString(given.startsWith('+') ? given : `+${given}`);
  return number?.isPossible() ? number.number : undefined;
}
