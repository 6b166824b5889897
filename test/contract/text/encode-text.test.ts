import { readConcatenation, readShifts, splitUdh } from '#contract/text/concatenation.ts';
import { encodeText, measureText, type ShortMessage } from '#contract/text/encode-text.ts';
import { encodeGsm } from '#contract/text/gsm0338.ts';
import { fillBitsAfter, packSeptets } from '#contract/text/packed.ts';
import { encodeUcs2 } from '#contract/text/ucs2.ts';
import { messageId, textOptionsWith } from './options.ts';
import { received } from './received.ts';

const usual = textOptionsWith();
const hex = (octets: Uint8Array | undefined) => Buffer.from(octets ?? []).toString('hex');

function lengthsOf(text: string, given: Parameters<typeof textOptionsWith>[0] = {}): number[] {
  const { shortMessages } = encodeText(text, textOptionsWith(given), messageId);
  return shortMessages.map(({ octets, hasUdh }) => (hasUdh ? splitUdh(octets).body : octets).length);
}

function partsOf(text: string, given: Parameters<typeof textOptionsWith>[0] = {}): string[] {
  const options = textOptionsWith(given);
  const encoded = encodeText(text, options, messageId);
  return encoded.shortMessages.map(
    (shortMessage) => received({ ...encoded, shortMessages: [shortMessage] }, options).text,
  );
}

describe('the alphabet', () => {
  test('is GSM when all of the text is in it, and else UCS-2', () => {
    expect(encodeText('Ça va? 5 € {ok}', usual, messageId)).toMatchObject({ encoding: 'gsm7', dataCoding: 0 });
    expect(encodeText('Ça va, garçon?', usual, messageId)).toMatchObject({ encoding: 'ucs2', dataCoding: 8 });
  });

  test('goes with the data_coding of the carrier', () => {
    const options = textOptionsWith({
      encodings: [
        { alphabet: 'gsm7', dataCoding: 1 },
        { alphabet: 'latin1', dataCoding: 3 },
        { alphabet: 'ucs2', dataCoding: 0x18 },
      ],
    });
    expect(encodeText('a', options, messageId)).toMatchObject({ encoding: 'gsm7', dataCoding: 1 });
    expect(encodeText('ç', options, messageId)).toMatchObject({ encoding: 'latin1', dataCoding: 3 });
    expect(encodeText('ж', options, messageId)).toMatchObject({ encoding: 'ucs2', dataCoding: 0x18 });
  });

  test('is the one with fewest segments, and of those the first', () => {
    const latin1 = { alphabet: 'latin1', dataCoding: 3 } as const;
    const gsm7 = { alphabet: 'gsm7', dataCoding: 0 } as const;
    const latinFirst = textOptionsWith({ encodings: [latin1, gsm7] });
    expect(encodeText('a'.repeat(140), latinFirst, messageId)).toMatchObject({ encoding: 'latin1', segments: 1 });
    expect(encodeText('a'.repeat(141), latinFirst, messageId)).toMatchObject({ encoding: 'gsm7', segments: 1 });
    expect(encodeText('a'.repeat(161), latinFirst, messageId)).toMatchObject({ encoding: 'latin1', segments: 2 });
    const gsmFirst = textOptionsWith({ encodings: [gsm7, latin1] });
    expect(encodeText('|'.repeat(81), gsmFirst, messageId)).toMatchObject({ encoding: 'latin1', segments: 1 });
  });

  test('is never one that lacks a character: the text is refused, with those that the nearest alphabet lacks', () => {
    const options = textOptionsWith({
      encodings: [
        { alphabet: 'gsm7', dataCoding: 0 },
        { alphabet: 'latin1', dataCoding: 3 },
      ],
    });
    expect(() => encodeText('ça 5 € 😀 ж ж', options, messageId)).toThrow(
      expect.objectContaining({ code: 'unencodable-text', characters: ['ç', '😀', 'ж'] }),
    );
    expect(() => encodeText('ç €', options, messageId)).toThrow(
      expect.objectContaining({ code: 'unencodable-text', characters: ['ç'] }),
    );
  });

  test('a refusal names at most 20 characters, and none in its message but by code point', () => {
    const options = textOptionsWith({ encodings: [{ alphabet: 'gsm7', dataCoding: 0 }] });
    const text = Array.from({ length: 64_000 }, (_, index) => String.fromCharCode(0x4e00 + (index % 20_000))).join('');
    expect(() => encodeText(text, options, messageId)).toThrow(
      expect.objectContaining({
        characters: [...text].slice(0, 20),
        message: expect.stringMatching(/^[ -~]{0,300}$/),
      }),
    );
  });
});

describe('segments', () => {
  test('an empty text is one empty segment', () => {
    expect(encodeText('', usual, messageId)).toEqual({
      encoding: 'gsm7',
      dataCoding: 0,
      segments: 1,
      shortMessages: [{ octets: Buffer.of(), hasUdh: false, carriedBy: 'short_message', segment: 1 }],
    });
  });

  test.each([
    ['160 septets', 'a'.repeat(160), [160]],
    ['161 septets', 'a'.repeat(161), [153, 8]],
    ['306 septets', 'a'.repeat(306), [153, 153]],
    ['307 septets', 'a'.repeat(307), [153, 153, 1]],
    ['80 characters of two septets', '€'.repeat(80), [160]],
    ['81 characters of two septets', '€'.repeat(81), [152, 10]],
    ['a pair that ends with the part', `${'a'.repeat(151)}€${'a'.repeat(20)}`, [153, 20]],
    ['a pair across the end of a part', `${'a'.repeat(152)}€${'a'.repeat(20)}`, [152, 22]],
    ['a pair that alone does not fit any more', `${'a'.repeat(159)}€`, [153, 8]],
    ['70 units', 'ж'.repeat(70), [140]],
    ['71 units', 'ж'.repeat(71), [134, 8]],
    ['134 units', 'ж'.repeat(134), [134, 134]],
    ['135 units', 'ж'.repeat(135), [134, 134, 2]],
    ['35 emoji', '😀'.repeat(35), [140]],
    ['36 emoji', '😀'.repeat(36), [132, 12]],
    ['an emoji that ends with the part', `${'ж'.repeat(65)}😀${'ж'.repeat(10)}`, [134, 20]],
    ['an emoji across the end of a part', `${'ж'.repeat(66)}😀${'ж'.repeat(10)}`, [132, 24]],
    ['a high surrogate alone at the end of a part', `${'ж'.repeat(66)}\ud83d${'ж'.repeat(10)}`, [134, 20]],
  ])('%s: each is as long as the standard allows', (_, text, lengths) => {
    expect(lengthsOf(text)).toEqual(lengths);
  });

  test('a letter stays with its accents, and an emoji with what it is made of', () => {
    const letters = 'ж'.repeat(66);
    expect(partsOf(`${letters}e\u0301\u0302${letters}`)).toEqual([
      letters,
      `e\u0301\u0302${letters.slice(0, 64)}`,
      'жж',
    ]);
    expect(partsOf(`${letters.slice(2)}👩‍👩‍👧${letters.slice(0, 5)}`)).toEqual([letters.slice(2), '👩‍👩‍👧жжжжж']);
    expect(partsOf(`${letters.slice(1)}🇮🇹${letters.slice(0, 5)}`)).toEqual([letters.slice(1), '🇮🇹жжжжж']);
    expect(partsOf(`${letters}क्षि${letters.slice(0, 5)}`)).toEqual([letters, 'क्षिжжжжж']);
  });

  test('a cluster that would fill more than a segment is cut, but for its surrogate pairs', () => {
    const family = `👩${'\u200d👩'.repeat(40)}`;
    const parts = partsOf(`ж${family}`);
    expect(parts.join('')).toBe(`ж${family}`);
    expect(parts[0]?.length).toBeGreaterThanOrEqual(66);
    for (const part of parts) expect(part.isWellFormed()).toBe(true);
  });

  test.each([
    ['gsm7', 'a', { alone: 100, part: 90 }],
    ['latin1', 'ç', { alone: 100, part: 90 }],
    ['ucs2', 'ж', { alone: 50, part: 40 }],
  ] as const)('a carrier may take less in %s', (alphabet, character, sizes) => {
    const options = { encodings: [{ alphabet, dataCoding: 0 }], segmentSizes: { [alphabet]: sizes } };
    const octets = alphabet === 'ucs2' ? 2 : 1;
    expect(lengthsOf(character.repeat(sizes.alone), options)).toEqual([sizes.alone * octets]);
    const [first] = lengthsOf(character.repeat(sizes.alone + 1), options);
    expect(first).toBe(sizes.part * octets);
  });

  test('a text that is too long for any alphabet is refused as such, whatever tables it needs', () => {
    const options = textOptionsWith({
      encodings: [{ alphabet: 'gsm7', dataCoding: 0 }],
      nationalLanguages: ['turkish'],
    });
    for (const length of [40_000, 41_000])
      expect(() => measureText('ğ'.repeat(length), options)).toThrow(
        expect.objectContaining({ code: 'too-many-segments', encoding: 'gsm7' }),
      );
  });

  test('more than 255 are refused, with their number', () => {
    expect(encodeText('a'.repeat(255 * 153), usual, messageId).segments).toBe(255);
    for (const longMessages of ['udh8', 'udh16', 'sar', 'payload'] as const) {
      expect(() => encodeText('ж'.repeat(255 * 67 + 1), textOptionsWith({ longMessages }), messageId)).toThrow(
        expect.objectContaining({ code: 'too-many-segments', encoding: 'ucs2' }),
      );
    }
    expect(() => encodeText('a'.repeat(255 * 153 + 1), usual, messageId)).toThrow(
      expect.objectContaining({ code: 'too-many-segments', segments: 256, encoding: 'gsm7' }),
    );
  });
});

describe('the parts of a long text', () => {
  const text = 'a'.repeat(161);
  const sent = (given: Parameters<typeof textOptionsWith>[0]) =>
    encodeText(text, textOptionsWith(given), messageId).shortMessages;
  const placesOf = (shortMessages: readonly ShortMessage[]) =>
    shortMessages.map(({ octets }) => readConcatenation(splitUdh(octets).udh));

  test('have a reference of 8 bits, the last octet of the message id', () => {
    expect(sent({}).map(({ octets }) => hex(splitUdh(octets).udh))).toEqual(['050003cd0201', '050003cd0202']);
    expect(sent({})).toMatchObject([
      { hasUdh: true, carriedBy: 'short_message', segment: 1 },
      { hasUdh: true, carriedBy: 'short_message', segment: 2 },
    ]);
  });

  test('have a reference of 16 bits, the last two octets, where the carrier wants it: and one septet less', () => {
    expect(sent({ longMessages: 'udh16' }).map(({ octets }) => hex(splitUdh(octets).udh))).toEqual([
      '060804abcd0201',
      '060804abcd0202',
    ]);
    expect(lengthsOf('a'.repeat(305), { longMessages: 'udh16' })).toEqual([152, 152, 1]);
    expect(lengthsOf('ж'.repeat(71), { longMessages: 'udh16' })).toEqual([132, 10]);
    const encodings = [{ alphabet: 'latin1' as const, dataCoding: 3 }];
    expect(lengthsOf('a'.repeat(141), { encodings, longMessages: 'udh16' })).toEqual([133, 8]);
  });

  test('are told by TLVs, where the carrier wants it, and have no UDH', () => {
    expect(sent({ longMessages: 'sar' })).toEqual([
      {
        octets: Buffer.from('a'.repeat(153)),
        hasUdh: false,
        carriedBy: 'short_message',
        sar: { reference: 0xcd, total: 2, part: 1 },
        segment: 1,
      },
      {
        octets: Buffer.from('a'.repeat(8)),
        hasUdh: false,
        carriedBy: 'short_message',
        sar: { reference: 0xcd, total: 2, part: 2 },
        segment: 2,
      },
    ]);
  });

  test('are one message_payload, where the carrier wants it, which the radio carries in as many', () => {
    expect(encodeText(text, textOptionsWith({ longMessages: 'payload' }), messageId)).toEqual({
      encoding: 'gsm7',
      dataCoding: 0,
      segments: 2,
      shortMessages: [{ octets: Buffer.from(text), hasUdh: false, carriedBy: 'message_payload', segment: 1 }],
    });
    expect(
      encodeText(text.slice(1), textOptionsWith({ longMessages: 'payload' }), messageId).shortMessages,
    ).toMatchObject([{ carriedBy: 'short_message' }]);
  });

  test('are sent last first, where the carrier wants it, each with its own number', () => {
    const reversed = sent({ partOrder: 'reverse' });
    expect(reversed.map(({ segment }) => segment)).toEqual([2, 1]);
    expect(placesOf(reversed)).toMatchObject([{ part: 2 }, { part: 1 }]);
  });

  test('are the same octets each time', () => {
    expect(sent({})).toEqual(sent({}));
  });
});

describe('a NUL', () => {
  test('ends each short_message, where the carrier wants it, and is not counted', () => {
    const options = textOptionsWith({ nulTerminated: true });
    const { shortMessages } = encodeText('a'.repeat(160), options, messageId);
    expect(shortMessages.map(({ octets }) => hex(octets))).toEqual([`${'61'.repeat(160)}00`]);
    expect(encodeText('a'.repeat(161), options, messageId).shortMessages.map(({ octets }) => octets.at(-1))).toEqual([
      0, 0,
    ]);
  });

  test('ends no message_payload', () => {
    const options = textOptionsWith({ nulTerminated: true, longMessages: 'payload' });
    expect(encodeText('a'.repeat(161), options, messageId).shortMessages[0]?.octets).toHaveLength(161);
  });
});

describe('packed septets', () => {
  const packed = textOptionsWith({ gsm7: 'packed' });

  test('are 140 octets of 160, and behind a UDH follow a fill bit', () => {
    expect(encodeText('a'.repeat(160), packed, messageId).shortMessages[0]?.octets).toHaveLength(140);
    const [first] = encodeText('a'.repeat(161), packed, messageId).shortMessages;
    expect(first?.octets).toHaveLength(140);
    expect(hex(first?.octets.subarray(6))).toBe(hex(packSeptets(Buffer.from('a'.repeat(153)), fillBitsAfter(6))));
  });

  test('a CR that ends with the last octet, and would have to be doubled, gets a segment more', () => {
    expect(encodeText(`${'a'.repeat(159)}\r`, packed, messageId).segments).toBe(2);
    expect(encodeText(`${'a'.repeat(158)}\r`, packed, messageId).segments).toBe(1);
    const long = `${'a'.repeat(152)}\r${'a'.repeat(20)}`;
    const encoded = encodeText(long, packed, messageId);
    for (const { octets } of encoded.shortMessages) expect(octets.length).toBeLessThanOrEqual(140);
    expect(received(encoded, packed).text).toBe(long);
    expect(
      encodeText(`${'a'.repeat(305)}\r`, packed, messageId).shortMessages.every(({ octets }) => octets.length <= 140),
    ).toBe(true);
  });
});

describe('national tables', () => {
  const turkish = textOptionsWith({ nationalLanguages: ['turkish'] });

  test('are not used for what the default alphabet has', () => {
    expect(encodeText('€'.repeat(80), turkish, messageId).shortMessages[0]?.hasUdh).toBe(false);
  });

  test('a single shift table takes three octets of a UDH, also of a text that is one segment', () => {
    const { encoding, segments, shortMessages } = encodeText('Dağ', turkish, messageId);
    expect({ encoding, segments }).toEqual({ encoding: 'gsm7', segments: 1 });
    expect(hex(shortMessages[0]?.octets)).toBe('0324010144611b67');
    expect(shortMessages[0]?.hasUdh).toBe(true);
    expect(encodeText(`ğ${'a'.repeat(153)}`, turkish, messageId).segments).toBe(1);
    expect(lengthsOf(`á${'a'.repeat(154)}`, { nationalLanguages: ['spanish'] })).toEqual([149, 7]);
  });

  test('the tables are those that need fewest segments', () => {
    const { segments, shortMessages } = encodeText('ğ'.repeat(155), turkish, messageId);
    expect(segments).toBe(1);
    expect(readShifts(splitUdh(shortMessages[0]?.octets ?? Buffer.of()).udh)).toEqual({ locking: 1 });
  });

  test('both tables may be needed: one of letters, one of digits', () => {
    const hindi = textOptionsWith({ nationalLanguages: ['hindi'] });
    const encoded = encodeText('हिन्दी १२', hindi, messageId);
    expect(encoded.encoding).toBe('gsm7');
    expect(readShifts(splitUdh(encoded.shortMessages[0]?.octets ?? Buffer.of()).udh)).toEqual({
      locking: 6,
      single: 6,
    });
    expect(received(encoded, hindi).text).toBe('हिन्दी १२');
  });

  test('behind them septets are packed from the next septet on', () => {
    const options = textOptionsWith({ nationalLanguages: ['turkish'], gsm7: 'packed' });
    const [alone] = encodeText(`ğ${'a'.repeat(153)}`, options, messageId).shortMessages;
    expect(alone?.octets).toHaveLength(140);
    expect(fillBitsAfter(4)).toBe(3);
  });

  test('a letter stays with its vowel signs', () => {
    const options = { nationalLanguages: ['hindi'] };
    const word = 'क'.repeat(148);
    expect(partsOf(`${word}कि${'क'.repeat(10)}`, options)[0]).toBe(word);
  });

  test('UCS-2 is used for what no two tables have', () => {
    const options = textOptionsWith({ nationalLanguages: ['turkish', 'hindi'] });
    expect(encodeText('ğ ह ж', options, messageId).encoding).toBe('ucs2');
  });
});

describe('replacements of the carrier', () => {
  const options = textOptionsWith({
    replacements: [
      { character: 'ç', by: 'c' },
      { character: '!', by: '' },
      { character: '😀', by: ':-)' },
      { character: 'c', by: 'k' },
    ],
  });

  test('are made before the alphabet is chosen, once', () => {
    const encoded = encodeText('ça! 😀', options, messageId);
    expect(encoded.encoding).toBe('gsm7');
    expect(encoded.shortMessages[0]?.octets).toEqual(encodeGsm('ca :-)'));
  });

  test('leave all else alone', () => {
    expect(encodeText('ж', options, messageId).shortMessages[0]?.octets).toEqual(encodeUcs2('ж'));
  });
});
