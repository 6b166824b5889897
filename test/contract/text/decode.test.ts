import fc from 'fast-check';
import { receivedAlphabets } from '#contract/text/alphabets.ts';
import { type Coded, decodeParts, decodeText, isBinary } from '#contract/text/decode.ts';
import { encodeGsm } from '#contract/text/gsm0338.ts';
import { fillBitsAfter, packSeptets } from '#contract/text/packed.ts';
import { encodeUcs2 } from '#contract/text/ucs2.ts';

/** 0x00 and 0x40 tell GSM ("@", "¡") from Latin-1 (NUL, "@") from UCS-2 (one character). */
const telling = Uint8Array.of(0x00, 0x40);
const asGsm = '@¡';
const asLatin1 = '\u0000@';
const asUcs2 = '@';

const noUdh = new Uint8Array();
const part = (octets: Uint8Array, udh: Uint8Array = noUdh): Coded => ({ octets: Uint8Array.from(octets), udh });
const latin1 = (text: string) => Buffer.from(text, 'latin1');
/** Its UTF-8, each octet read as Latin-1. */
const latin1Of = (text: string) => Buffer.from(text).toString('latin1');
const gsm = (text: string) => encodeGsm(text) ?? noUdh;
const decodeOne = (octets: Uint8Array, dataCoding: number, ...alphabet: [Parameters<typeof decodeParts>[2]?]) =>
  decodeParts([part(octets)], dataCoding, ...alphabet);

describe('data_coding', () => {
  const dataCodings = {
    gsm7: [0x00, 0x10, 0x13, 0x1c, 0x40, 0x50, 0x5f, 0x80, 0xbf, 0xc0, 0xcf, 0xd0, 0xdb, 0xf0, 0xf3],
    ascii: [0x01],
    latin1: [0x03, 0x05, 0x09, 0x0a, 0x0e, 0x0f, 0x20, 0x28, 0x30, 0x3c, 0x60, 0x78],
    ucs2: [0x08, 0x18, 0x1b, 0x48, 0x59, 0xe0, 0xe8, 0xef],
    binary: [0x02, 0x04, 0x14, 0x17, 0x54, 0xf4, 0xf7],
  } as const;
  const read = { gsm7: asGsm, ascii: asLatin1, latin1: asLatin1, ucs2: asUcs2, binary: asLatin1 };

  test.each(['gsm7', 'ascii', 'latin1', 'ucs2', 'binary'] as const)('says that it is %s', (alphabet) => {
    for (const dataCoding of dataCodings[alphabet]) {
      expect([dataCoding, decodeOne(telling, dataCoding)]).toMatchObject([
        dataCoding,
        { text: read[alphabet], encoding: alphabet },
      ]);
      expect([dataCoding, decodeText(telling, dataCoding)]).toEqual([dataCoding, read[alphabet]]);
      expect([dataCoding, isBinary(dataCoding)]).toEqual([dataCoding, alphabet === 'binary']);
    }
  });

  test('that is reserved, compressed or of an alphabet that we do not read makes a guess of the text', () => {
    for (const dataCoding of [0x05, 0x0a, 0x0d, 0x0e, 0x0f, 0x20, 0x7f])
      expect([dataCoding, decodeOne(telling, dataCoding).confidence]).toEqual([dataCoding, 'guess']);
    for (const dataCoding of [0x00, 0x01, 0x03, 0x04, 0x08, 0x18, 0xf0])
      expect([dataCoding, decodeOne(telling, dataCoding).confidence]).toEqual([dataCoding, 'certain']);
  });

  test('of Cyrillic and Hebrew is ISO 8859', () => {
    expect(decodeOne(Uint8Array.of(0xbf, 0xe0, 0xd8, 0xd2, 0xd5, 0xe2), 6)).toEqual({
      text: 'Привет',
      encoding: 'iso-8859-5',
      confidence: 'certain',
    });
    expect(decodeOne(Uint8Array.of(0xf9, 0xec, 0xe5, 0xed), 7).text).toBe('שלום');
    expect(decodeOne(Uint8Array.of(0xf9, 0xa1), 7)).toMatchObject({ text: 'ש\ufffd', confidence: 'guess' });
  });

  test('may mean something else to a carrier, which counts more', () => {
    expect(decodeOne(latin1('ça va @ 5'), 0, 'latin1')).toEqual({
      text: 'ça va @ 5',
      encoding: 'latin1',
      confidence: 'certain',
    });
    expect(decodeOne(encodeUcs2('да'), 4, 'ucs2').text).toBe('да');
    expect(decodeOne(gsm('$1_'), 3, 'gsm7').text).toBe('$1_');
    expect(isBinary(4, 'ucs2')).toBe(false);
    expect(isBinary(0, 'binary')).toBe(true);
  });
});

describe('octets that are no septets, under a data_coding of seven bits', () => {
  test('are Latin-1 as a whole', () => {
    for (const dataCoding of [0x00, 0x01, 0xf0])
      expect(decodeOne(latin1('café @ 5'), dataCoding)).toEqual({
        text: 'café @ 5',
        encoding: 'latin1',
        confidence: 'likely',
      });
  });

  test('are a guess where Latin-1 has control characters', () => {
    expect(decodeOne(Uint8Array.of(0x41, 0x80, 0xe9), 0)).toMatchObject({ encoding: 'latin1', confidence: 'guess' });
  });
});

describe('UCS-2 whose data_coding says something else', () => {
  test.each([
    'Yes',
    'Hello, world',
    'Дача',
    'ДА НЕТ',
    'Код 482913',
    'Καλημέρα, this is UCS-2',
    'Привет, как дела? 5',
    'Γειά σου',
    'שלום',
    'مرحبا 123',
    'नमस्ते',
    'สวัสดี',
    'café',
    'Tiếng Việt',
    'ok 😀',
    '😀😍',
    '👍',
    '안녕하세요, 여러분',
    '你好，世界。',
  ])('is recognised: %s', (text) => {
    for (const dataCoding of [0x00, 0x01, 0xf0])
      expect([dataCoding, decodeOne(encodeUcs2(text), dataCoding)]).toEqual([
        dataCoding,
        { text, encoding: 'ucs2', confidence: 'likely' },
      ]);
  });

  test('is recognised where it says Latin-1 and every other octet is NUL', () => {
    expect(decodeOne(encodeUcs2('café'), 3)).toEqual({ text: 'café', encoding: 'ucs2', confidence: 'likely' });
  });

  test.each([
    '@',
    '@a',
    '$$$$',
    '£5 $5 €',
    'éé',
    'éééé',
    '@@@@',
    '@1 @2',
    'àè\nè\n',
    'Ça va?\nÇa va',
    '¿Qué?',
    'ΔΦΓΛΩΠΨΣΘΞ',
    'me@there.com',
    'ÆØÅæøå',
    'aaaa',
    '0123456789',
    'ΔIΔΩ',
    '@a@b',
    'èAèA',
    'èAèAèAèA',
    'éHéH',
    '\n5\n8',
    '\n5\n8\n2\n9',
    '¥£¥£',
    '\r@@\r',
    '£5£6£7£8',
    '_a_b_c_d',
  ])('is not seen in a text of GSM: %s', (text) => {
    expect(decodeOne(gsm(text), 0)).toEqual({ text, encoding: 'gsm7', confidence: 'certain' });
  });

  test.each(['naïve café', 'ÿ\u00e9', 'Grüße', 'São João', 'ØÙÜ'])('is not seen in a text of Latin-1: %s', (text) => {
    expect(decodeOne(latin1(text), 0)).toMatchObject({ text, encoding: 'latin1' });
    expect(decodeOne(latin1(text), 3)).toMatchObject({ text, encoding: 'latin1', confidence: 'certain' });
  });

  test.each([
    ['I\x92m here', 'guess'],
    ['It\x92s', 'guess'],
    ['5\xe2\x82\xac', 'guess'],
    ['\x93\xc7a va\x94 \x96 \xe0 bient\xf4t', 'guess'],
    ['caf\xe9', 'likely'],
    [latin1Of('Где мой заказ? “5 €”'), 'guess'],
    [latin1Of('你好，世界。'), 'guess'],
    // Shift JIS.
    ['\x82\xb1\x82\xf1\x82\xc9\x82\xbf\x82\xcd', 'guess'],
    // Windows-1251.
    ['\xca\xce\xcc\xc0\xcd\xc4\xc8\xd0', 'likely'],
  ])('is not seen in octets of another alphabet, which are read as Latin-1: %j', (text, confidence) => {
    expect(decodeOne(latin1(text), 0)).toEqual({ text, encoding: 'latin1', confidence });
  });

  test('is not looked for in septets that the UDH says are of a language', () => {
    const urdu = Uint8Array.of(3, 0x25, 1, 13);
    const octets = Uint8Array.of(0x06, 0x27, 0x06, 0x28, 0x06, 0x2a, 0x06, 0x2b);
    expect(decodeOne(octets, 0).encoding).toBe('ucs2');
    expect(decodeParts([part(octets, urdu)], 0)).toMatchObject({ encoding: 'gsm7', confidence: 'certain' });
  });

  test('is not looked for where the profile of the carrier says what it is', () => {
    expect(decodeOne(encodeUcs2('Hi'), 0, 'gsm7')).toEqual({ text: '@H@i', encoding: 'gsm7', confidence: 'certain' });
  });
});

describe('UCS-2', () => {
  test('a surrogate without its other half shows U+FFFD, and is a guess', () => {
    expect(decodeOne(encodeUcs2('a\ud83d'), 8)).toEqual({ text: 'a\ufffd', encoding: 'ucs2', confidence: 'guess' });
  });

  test('of an odd number of octets the last is left out, and it is a guess', () => {
    expect(decodeOne(Uint8Array.of(0x04, 0x34, 0x04), 8)).toEqual({ text: 'д', encoding: 'ucs2', confidence: 'guess' });
  });
});

describe('parts', () => {
  test('a surrogate pair, a unit and an escape pair that were cut are whole again', () => {
    const emoji = encodeUcs2('😀');
    for (const at of [1, 2, 3])
      expect(decodeParts([part(emoji.subarray(0, at)), part(emoji.subarray(at))], 8)).toMatchObject({
        text: '😀',
        confidence: 'certain',
      });
    const euro = gsm('5 €');
    expect(decodeParts([part(euro.subarray(0, 3)), part(euro.subarray(3))], 0).text).toBe('5 €');
  });

  test('packed are unpacked one by one, behind the fill bits of each UDH', () => {
    const udh = (number: number) => Uint8Array.of(5, 0, 3, 1, 2, number);
    const septets = gsm(`${'a'.repeat(152)}€ 5`);
    const parts = [septets.subarray(0, 153), septets.subarray(153)].map((each, index) =>
      part(packSeptets(each, fillBitsAfter(6)), udh(index + 1)),
    );
    expect(decodeParts(parts, 0, 'gsm7-packed')).toEqual({
      text: `${'a'.repeat(152)}€ 5`,
      encoding: 'gsm7-packed',
      confidence: 'certain',
    });
  });

  test('are read by the tables that the UDH of each names', () => {
    const turkish = Uint8Array.of(3, 0x24, 1, 1);
    const spanish = Uint8Array.of(3, 0x24, 1, 2);
    const behindEsc = Uint8Array.of(0x1b, 0x67, 0x1b, 0x49);
    expect(decodeParts([part(behindEsc, turkish), part(behindEsc, spanish), part(behindEsc)], 0).text).toBe('ğİgÍgI');
    expect(decodeParts([part(Uint8Array.of(0x1b), turkish), part(Uint8Array.of(0x67), turkish)], 0).text).toBe('ğ');
    const packed = part(packSeptets(behindEsc, fillBitsAfter(4)), turkish);
    expect(decodeParts([packed], 0, 'gsm7-packed').text).toBe('ğİ');
  });

  test('none are an empty text', () => {
    expect(decodeParts([], 0)).toEqual({ text: '', encoding: 'gsm7', confidence: 'certain' });
  });
});

test('Latin-1 keeps the octets 0x80 to 0x9F, where Windows-1252 has other characters', () => {
  expect(decodeText(Uint8Array.of(0x80, 0x9f, 0xff), 3)).toBe('\u0080\u009f\u00ff');
});

test('decodeText guesses nothing, and keeps half a character', () => {
  expect(decodeText(encodeUcs2('Hi'), 0)).toBe('@H@i');
  expect(decodeText(encodeUcs2('\ud83d'), 8)).toBe('\ud83d');
});

test('any octets, in any parts, under any data_coding are a well-formed text, and are left as they were', () => {
  const parts = fc.array(fc.record({ octets: fc.uint8Array(), udh: fc.uint8Array() }), { maxLength: 4 });
  const alphabet = fc.option(fc.constantFrom(...receivedAlphabets), { nil: undefined });
  fc.assert(
    fc.property(parts, fc.nat(255), alphabet, (given, dataCoding, meant) => {
      const before = structuredClone(given);
      const { text, confidence } = decodeParts(given, dataCoding, meant);
      expect(text.isWellFormed()).toBe(true);
      expect(['certain', 'likely', 'guess']).toContain(confidence);
      expect(given).toEqual(before);
    }),
    { numRuns: 500 },
  );
});
