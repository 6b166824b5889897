import fc from 'fast-check';
import { septetsOf } from '#contract/text/gsm0338.ts';

const alphabet = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).filter(septetsOf);
const extended = alphabet.filter((char) => septetsOf(char) === 2);

/** Text of the GSM alphabet in which one septet and two are about as frequent, so that many cuts fall inside a pair. */
export function gsmText() {
  return fc.string({
    unit: fc.oneof(fc.constantFrom(...alphabet), fc.constantFrom(...extended)),
    size: 'max',
    maxLength: 600,
  });
}

/** Text with surrogate pairs, lone surrogates and single units. */
export function anyText() {
  const unit = fc.oneof(fc.constantFrom('a', 'é', 'ж', '漢', '\ud83d', '\ude00'), fc.constantFrom('😀', '🐳', '𝒳'));
  return fc.string({ unit, size: 'max', maxLength: 300 });
}
