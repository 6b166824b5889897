import { type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/min';

const maxDigits = 15;
const digits = [...'0123456789'];

/**
 * Why no recipient in E.164 can begin with these digits, in words that begin with "must"; undefined where one can, or where
 * that cannot be told. A number has no 0 between the code of its country and itself, unless that country's numbers have one.
 */
export function mistakeInPrefix(prefix: string): string | undefined {
  const some = digits.flatMap((digit) => numberOf(prefix.padEnd(maxDigits - 3, digit)) ?? []);
  const code = some[0]?.countryCallingCode;
  if (code === undefined) return 'must begin with the code of a country, without zeros before it';
  if (!prefix.startsWith(`${code}0`) || keepsItsZero(prefix)) return undefined;
  return `must be without the 0 after ${code}, for numbers in E.164 are`;
}

function keepsItsZero(prefix: string): boolean {
  let isDropped = false;
  for (const number of numbersWith(prefix)) {
    const keeps = number.number.startsWith(`+${prefix}`);
    if (keeps && number.isValid()) return true;
    isDropped ||= !keeps && number.isPossible();
  }
  return !isDropped;
}

/** Of each length, with any three digits next: what countries do with a 0 is decided by those. */
function* numbersWith(prefix: string): Generator<PhoneNumber> {
  for (let length = Math.max(7, prefix.length); length <= maxDigits; length += 1) {
    const next = Math.min(3, length - prefix.length);
    for (let value = 0; value < 10 ** next; value += 1) {
      const middle = next === 0 ? '' : `${value}`.padStart(next, '0');
      const number = numberOf(`${prefix}${middle}`.padEnd(length, '0'));
      if (number !== undefined) yield number;
    }
  }
}

function numberOf(given: string): PhoneNumber | undefined {
  return parsePhoneNumberFromString(`+${given}`);
}
