import type { Address } from './address.ts';

interface Kind {
  readonly ton: number;
  readonly npi: number;
}

const name: readonly Kind[] = [{ ton: 5, npi: 0 }];
const shortNumber: readonly Kind[] = [
  { ton: 0, npi: 0 },
  { ton: 0, npi: 1 },
  { ton: 3, npi: 0 },
  { ton: 6, npi: 0 },
];
const longNumber: readonly Kind[] = [{ ton: 1, npi: 1 }];
const none: readonly Kind[] = [];

/** Whether TON and NPI say what the digits are, as SMSCs ask that check it. */
export function isWellFormed({ ton, npi, digits }: Address): boolean {
  return kindsOf(digits).some((kind) => kind.ton === ton && kind.npi === npi);
}

function kindsOf(digits: string): readonly Kind[] {
  // An international number is told by its TON; with "+" some SMSCs take it for "+3332" on the phone.
  if (/^\+\d*$/.test(digits)) return none;
  if (!/^\d*$/.test(digits)) return name;
  return digits.length <= 8 ? shortNumber : longNumber;
}
