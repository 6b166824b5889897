import { extensionTable } from './gsm0338.ts';

/**
 * The national language tables of 3GPP TS 23.038, annex A, by code. A code without a character is absent; so is
 * ESC. Where the annex misprints a code point (Kannada 0x24 as U+0CAA, Telugu single shift 0x22 as U+06CC,
 * Tamil single shift 0x24 as U+0BEF) the letter that phones have there is here, and nothing where it names code
 * points that Unicode has not given to a letter (Tamil and Telugu 0x11).
 */

type Table = ReadonlyMap<number, string>;

export interface NationalLanguage {
  readonly name: string;
  /** Instead of the default alphabet (A.3); Spanish has none. */
  readonly locking?: Table;
  /** Behind ESC, instead of the default extension table (A.2). */
  readonly single: Table;
}

const esc = 0x1b;
/** In the tables below: a code that is not common to all of a kind. */
const slot = '\0';
const slots = (count: number) => slot.repeat(count);
/** A code that never has a character: 0x0D of an extension table is reserved for a control character. */
const none = '\uffff';

/** 16 a row. At 0x1B is ESC, whatever stands there. */
const turkishLocking =
  '@£$¥€éùıòÇ\nĞğ\rÅå' +
  'Δ_ΦΓΛΩΠΨΣΘΞ ŞşßÉ' +
  ' !"#¤%&\'()*+,-./' +
  '0123456789:;<=>?' +
  'İABCDEFGHIJKLMNO' +
  'PQRSTUVWXYZÄÖÑÜ§' +
  'çabcdefghijklmno' +
  'pqrstuvwxyzäöñüà';

const portugueseLocking =
  '@£$¥êéúíóç\nÔô\rÁá' +
  'Δ_ªÇÀ∞^\\€Ó| ÂâÊÉ' +
  ' !"#º%&\'()*+,-./' +
  '0123456789:;<=>?' +
  'ÍABCDEFGHIJKLMNO' +
  'PQRSTUVWXYZÃÕÚÜ§' +
  '~abcdefghijklmno' +
  'pqrstuvwxyzãõ`üà';

/** Of the languages that are not written in Latin letters. */
const lockingFrame =
  `${slots(10)}\n${slots(2)}\r${slots(2)}` +
  slots(16) +
  ` !${slots(6)})(${slots(2)},${slot}.${slot}` +
  `0123456789:;${slots(3)}?` +
  slots(32) +
  `${slot}abcdefghijklmno` +
  `pqrstuvwxyz${slots(5)}`;

const singleFrame =
  `@£$¥¿"¤%&'\f*+${none}-/` +
  `<=>¡^¡_#*${slots(7)}` +
  `${slots(8)}{}${slots(5)}\\` +
  `${slots(12)}[~]${slot}` +
  '|ABCDEFGHIJKLMNO' +
  `PQRSTUVWXYZ${none.repeat(10)}€`;

/** With what the default extension table has, as all Latin languages have it. */
function latin(entries: Readonly<Record<number, string>>): Table {
  return new Map([...extensionTable, ...Object.entries(entries).map(([code, char]) => [Number(code), char] as const)]);
}

function whole(table: string): Table {
  return new Map([...[...table].entries()].filter(([code]) => code !== esc));
}

/**
 * `frame` with its slots, but the one of ESC, filled in turn. A letter is the low octet of its code point within
 * the block at `block`, or a code point with four digits; `..` is none.
 */
function filled(frame: string, block: number, letters: string): Table {
  const left = letters.split(' ').values();
  const characters = new Map<number, string>();
  for (const [code, char] of [...frame].entries()) {
    if (code === esc || char === none) continue;
    const letter = char === slot ? left.next().value : undefined;
    if (char !== slot) characters.set(code, char);
    else if (letter !== undefined && letter !== '..')
      characters.set(code, String.fromCharCode(Number.parseInt(letter, 16) + (letter.length === 2 ? block : 0)));
  }
  return characters;
}

interface Script {
  readonly block: number;
  readonly locking: string;
  readonly single: string;
}

function written(name: string, { block, locking, single }: Script): NationalLanguage {
  return { name, locking: filled(lockingFrame, block, locking), single: filled(singleFrame, block, single) };
}

/** By the national language identifier (3GPP TS 23.038, 6.2.1.2.4). */
export const nationalLanguages: ReadonlyMap<number, NationalLanguage> = new Map([
  [
    1,
    {
      name: 'Turkish',
      locking: whole(turkishLocking),
      single: latin({ 71: 'Ğ', 73: 'İ', 83: 'Ş', 99: 'ç', 103: 'ğ', 105: 'ı', 115: 'ş' }),
    },
  ],
  [
    2,
    {
      name: 'Spanish',
      single: latin({ 9: 'ç', 65: 'Á', 73: 'Í', 79: 'Ó', 85: 'Ú', 97: 'á', 105: 'í', 111: 'ó', 117: 'ú' }),
    },
  ],
  [
    3,
    {
      name: 'Portuguese',
      locking: whole(portugueseLocking),
      single: latin({
        5: 'ê',
        9: 'ç',
        11: 'Ô',
        12: 'ô',
        14: 'Á',
        15: 'á',
        18: 'Φ',
        19: 'Γ',
        21: 'Ω',
        22: 'Π',
        23: 'Ψ',
        24: 'Σ',
        25: 'Θ',
        31: 'Ê',
        65: 'À',
        73: 'Í',
        79: 'Ó',
        85: 'Ú',
        91: 'Ã',
        92: 'Õ',
        97: 'Â',
        105: 'í',
        111: 'ó',
        117: 'ú',
        123: 'ã',
        124: 'õ',
        127: 'â',
      }),
    },
  ],
  [
    4,
    written('Bengali', {
      block: 0x0980,
      locking:
        '01 02 03 05 06 07 08 09 0a 0b 0c .. .. 0f 10 .. .. 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20 21 ' +
        '22 23 24 25 26 27 28 .. 2a 2b 2c 2d 2e 2f 30 .. 32 .. .. .. 36 37 38 39 3c 3d 3e 3f 40 41 42 43 ' +
        '44 .. .. 47 48 .. .. 4b 4c 4d 4e 57 5c 5d 70 71',
      single: '66 67 68 69 6a 6b 6c 6d 6e 6f 5f 60 61 62 63 72 73 74 75 76 77 78 79 7a',
    }),
  ],
  [
    5,
    written('Gujarati', {
      block: 0x0a80,
      locking:
        '01 02 03 05 06 07 08 09 0a 0b 0c 0d .. 0f 10 11 .. 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20 21 ' +
        '22 23 24 25 26 27 28 .. 2a 2b 2c 2d 2e 2f 30 .. 32 33 .. 35 36 37 38 39 3c 3d 3e 3f 40 41 42 43 ' +
        '44 45 .. 47 48 49 .. 4b 4c 4d 50 60 61 62 63 71',
      single: '0964 0965 66 67 68 69 6a 6b 6c 6d 6e 6f',
    }),
  ],
  [
    6,
    written('Hindi', {
      block: 0x0900,
      locking:
        '01 02 03 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20 21 ' +
        '22 23 24 25 26 27 28 29 2a 2b 2c 2d 2e 2f 30 31 32 33 34 35 36 37 38 39 3c 3d 3e 3f 40 41 42 43 ' +
        '44 45 46 47 48 49 4a 4b 4c 4d 50 72 7b 7c 7e 7f',
      single: '64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 51 52 53 54 58 59 5a 5b 5c 5d 5e 5f 60 61 62 63 70 71',
    }),
  ],
  [
    7,
    written('Kannada', {
      block: 0x0c80,
      locking:
        '.. 02 03 05 06 07 08 09 0a 0b 0c .. 0e 0f 10 .. 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20 21 ' +
        '22 23 24 25 26 27 28 .. 2a 2b 2c 2d 2e 2f 30 31 32 33 .. 35 36 37 38 39 3c 3d 3e 3f 40 41 42 43 ' +
        '44 .. 46 47 48 .. 4a 4b 4c 4d 55 56 60 61 62 63',
      single: '0964 0965 66 67 68 69 6a 6b 6c 6d 6e 6f 5e 71 72',
    }),
  ],
  [
    8,
    written('Malayalam', {
      block: 0x0d00,
      locking:
        '.. 02 03 05 06 07 08 09 0a 0b 0c .. 0e 0f 10 .. 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20 21 ' +
        '22 23 24 25 26 27 28 .. 2a 2b 2c 2d 2e 2f 30 31 32 33 34 35 36 37 38 39 .. 3d 3e 3f 40 41 42 43 ' +
        '44 .. 46 47 48 .. 4a 4b 4c 4d 57 60 61 62 63 79',
      single: '0964 0965 66 67 68 69 6a 6b 6c 6d 6e 6f 70 71 72 73 74 75 7a 7b 7c 7d 7e 7f',
    }),
  ],
  [
    9,
    written('Oriya', {
      block: 0x0b00,
      locking:
        '01 02 03 05 06 07 08 09 0a 0b 0c .. .. 0f 10 .. .. 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20 21 ' +
        '22 23 24 25 26 27 28 .. 2a 2b 2c 2d 2e 2f 30 .. 32 33 .. 35 36 37 38 39 3c 3d 3e 3f 40 41 42 43 ' +
        '44 .. .. 47 48 .. .. 4b 4c 4d 56 57 60 61 62 63',
      single: '0964 0965 66 67 68 69 6a 6b 6c 6d 6e 6f 5c 5d 5f 70 71',
    }),
  ],
  [
    10,
    written('Punjabi', {
      block: 0x0a00,
      locking:
        '01 02 03 05 06 07 08 09 0a .. .. .. .. 0f 10 .. .. 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20 21 ' +
        '22 23 24 25 26 27 28 .. 2a 2b 2c 2d 2e 2f 30 .. 32 33 .. 35 36 .. 38 39 3c .. 3e 3f 40 41 42 .. ' +
        '.. .. .. 47 48 .. .. 4b 4c 4d 51 70 71 72 73 74',
      single: '0964 0965 66 67 68 69 6a 6b 6c 6d 6e 6f 59 5a 5b 5c 5e 75',
    }),
  ],
  [
    11,
    written('Tamil', {
      block: 0x0b80,
      locking:
        '.. 02 03 05 06 07 08 09 0a .. .. .. 0e 0f 10 .. 12 13 14 15 .. .. .. 19 1a .. 1c .. 1e 1f .. .. ' +
        '.. 23 24 .. .. .. 28 29 2a .. .. .. 2e 2f 30 31 32 33 34 35 36 37 38 39 .. .. 3e 3f 40 41 42 .. ' +
        '.. .. 46 47 48 .. 4a 4b 4c 4d 50 57 70 71 72 79',
      single: '0964 0965 66 67 68 69 6a 6b 6c 6d 6e 6f 73 74 75 76 77 78 7a',
    }),
  ],
  [
    12,
    written('Telugu', {
      block: 0x0c00,
      locking:
        '01 02 03 05 06 07 08 09 0a 0b 0c .. 0e 0f 10 .. 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f 20 21 ' +
        '22 23 24 25 26 27 28 .. 2a 2b 2c 2d 2e 2f 30 31 32 33 .. 35 36 37 38 39 .. 3d 3e 3f 40 41 42 43 ' +
        '44 .. 46 47 48 .. 4a 4b 4c 4d 55 56 60 61 62 63',
      single: '.. .. 66 67 68 69 6a 6b 6c 6d 6e 6f 58 59 78 79 7a 7b 7c 7d 7e 7f',
    }),
  ],
  [
    13,
    written('Urdu', {
      block: 0x0600,
      locking:
        '27 22 28 7b 80 7e a6 2a c2 7f 79 7d 7a 7c 2b 2c 81 84 83 85 86 87 2d 2e 2f 8c 88 89 8a 8f 8d 30 ' +
        '31 91 93 99 32 96 98 9a 33 34 35 36 37 38 39 41 42 a9 aa ab af b3 b1 44 45 46 ba bb bc 48 c4 d5 ' +
        'c1 be 21 cc d0 d2 4d 50 4f 57 54 55 51 53 56 70',
      single: '00 01 f0 f1 f2 f3 f4 f5 f6 f7 f8 f9 0c 0d 0e 0f 10 11 12 13 14 1b 1f 40 52 58 6b 6c 72 73 cd d4',
    }),
  ],
]);

/** By name in lower case, as a carrier's profile has it. */
export const languageIds: ReadonlyMap<string, number> = new Map(
  [...nationalLanguages].map(([id, { name }]) => [name.toLowerCase(), id]),
);
