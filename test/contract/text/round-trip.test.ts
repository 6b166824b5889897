import fc from 'fast-check';
import type { TextOptions } from '#contract/carrier-text.ts';
import { type EncodedText, encodeText, measureText } from '#contract/text/encode-text.ts';
import { nationalLanguages } from '#contract/text/national-languages.ts';
import { previewText } from '#contract/text/preview.ts';
import { anyText, gsmText } from './arbitraries.ts';
import { messageId, textOptionsWith } from './options.ts';
import { codedOf, received } from './received.ts';

const languages = [...nationalLanguages.values()].map(({ name }) => name.toLowerCase());
const letters = [...nationalLanguages.values()].map(({ locking, single }) => [
  ...(locking?.values() ?? []),
  ...single.values(),
]);

const allAlphabets = [
  { alphabet: 'gsm7', dataCoding: 0 },
  { alphabet: 'latin1', dataCoding: 3 },
  { alphabet: 'ucs2', dataCoding: 8 },
] as const;

const options = fc
  .record({
    encodings: fc.shuffledSubarray([...allAlphabets], { minLength: 1 }),
    gsm7: fc.constantFrom('unpacked' as const, 'packed' as const),
    nationalLanguages: fc.shuffledSubarray(languages, { maxLength: 3 }),
    longMessages: fc.constantFrom('udh8' as const, 'udh16' as const, 'sar' as const, 'payload' as const),
    partOrder: fc.constantFrom('forward' as const, 'reverse' as const),
    nulTerminated: fc.boolean(),
    segmentSizes: fc.record({
      gsm7: fc.record({ alone: fc.integer({ min: 4, max: 160 }), part: fc.integer({ min: 4, max: 153 }) }),
      ucs2: fc.record({ alone: fc.integer({ min: 4, max: 70 }), part: fc.integer({ min: 4, max: 67 }) }),
    }),
  })
  .map((given) => textOptionsWith(given));

/** In the letters of one language, with ASCII and what joins. */
const nationalText = fc.constantFrom(...letters).chain((ofLanguage) =>
  fc.string({
    unit: fc.oneof(fc.constantFrom(...ofLanguage), fc.constantFrom('a', ' ', '1')),
    size: 'max',
    maxLength: 400,
  }),
);
const joiningText = fc.string({
  unit: fc.constantFrom('a', 'e\u0301', 'ж\u0306\u0301', '👩‍👩‍👧', '👍🏽', '🇮🇹', 'क्षि', '각', '\r\n', '❤️'),
  size: 'max',
  maxLength: 150,
});
const latin1Text = fc.string({
  unit: fc.constantFrom('a', 'ç', 'ê', '\u0085', 'ÿ', '@', '\0'),
  size: 'max',
  maxLength: 400,
});

/** Well-formed: half a character is refused before it comes here. */
const texts = fc.oneof(gsmText(), anyText(), nationalText, joiningText, latin1Text).map((text) => text.toWellFormed());

/** Of what the carrier cannot take: why. */
function attempt<T>(encode: () => T): T | string {
  try {
    return encode();
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
}

/** A CR that ends with an octet is doubled in packed septets (3GPP TS 23.038, 6.1.2.3.1), and what shows it sees no difference. */
function asShown(text: string, { gsm7 }: TextOptions): string {
  return gsm7 === 'packed' ? text.replace(/\r+/g, '\r') : text;
}

function radioOctets({ encoding }: EncodedText, octets: Uint8Array, given: TextOptions): number {
  return encoding === 'gsm7' && given.gsm7 === 'unpacked' ? Math.ceil((7 * octets.length) / 8) : octets.length;
}

/** At least: packed, the last octet may be of one septet more. */
function unitsIn({ encoding }: EncodedText, octets: Uint8Array, given: TextOptions): number {
  if (encoding === 'ucs2') return octets.length / 2;
  return encoding === 'gsm7' && given.gsm7 === 'packed' ? Math.floor((8 * octets.length) / 7) - 1 : octets.length;
}

test('a text comes back as it was, from every carrier that takes it', () => {
  fc.assert(
    fc.property(texts, options, (text, given) => {
      const encoded = attempt(() => encodeText(text, given, messageId));
      if (typeof encoded === 'string') return;
      const back = received(encoded, given);
      expect(asShown(back.text, given)).toBe(asShown(text, given));
      expect(back.confidence).toBe('certain');
    }),
    { numRuns: 400 },
  );
});

test('the count is what is sent, and refuses what is refused', () => {
  fc.assert(
    fc.property(texts, options, (text, given) => {
      const encoded = attempt(() => encodeText(text, given, messageId));
      const measured = attempt(() => measureText(text, given));
      const preview = attempt(() => previewText(text, given));
      if (typeof encoded === 'string' || typeof measured === 'string' || typeof preview === 'string') {
        expect([measured, preview]).toEqual([encoded, encoded]);
        return;
      }
      const { encoding, segments } = encoded;
      expect(measured).toMatchObject({ encoding, segments });
      expect(preview).toMatchObject(measured);
      expect(measured.unitsLeft).toBeGreaterThanOrEqual(0);
      expect(measured.unitsLeft).toBeLessThanOrEqual(measured.unitsPerSegment);
      const isOnePayload = encoded.shortMessages[0]?.carriedBy === 'message_payload';
      expect(encoded.shortMessages).toHaveLength(isOnePayload ? 1 : segments);
    }),
    { numRuns: 400 },
  );
});

test('no short message is more than the radio carries, or the carrier takes', () => {
  fc.assert(
    fc.property(texts, options, (text, given) => {
      const encoded = attempt(() => encodeText(text, given, messageId));
      if (typeof encoded === 'string') return;
      const { encoding, segments, shortMessages } = encoded;
      const sizes = given.segmentSizes[encoding];
      const most = segments === 1 ? sizes.alone : Math.min(sizes.alone, sizes.part);
      const short = shortMessages.filter(({ carriedBy }) => carriedBy === 'short_message');
      for (const { udh, octets } of short.map((shortMessage) => codedOf(shortMessage, given))) {
        expect(udh.length + radioOctets(encoded, octets, given)).toBeLessThanOrEqual(140);
        expect(unitsIn(encoded, octets, given)).toBeLessThanOrEqual(most);
      }
    }),
    { numRuns: 400 },
  );
});

test('each part of a long text is well-formed by itself, whatever the limits', () => {
  fc.assert(
    fc.property(texts, options, (text, given) => {
      const encoded = attempt(() => encodeText(text, { ...given, longMessages: 'udh8' }, messageId));
      if (typeof encoded === 'string') return;
      const alone = encoded.shortMessages.map((shortMessage) =>
        received({ ...encoded, shortMessages: [{ ...shortMessage, segment: 1 }] }, given),
      );
      const inOrder = given.partOrder === 'reverse' ? alone.reverse() : alone;
      // Read one by one: a pair cut in two would not come back.
      expect(asShown(inOrder.map((part) => part.text).join(''), given)).toBe(asShown(text, given));
    }),
    { numRuns: 400 },
  );
});

test('no alphabet of the carrier would take fewer segments', () => {
  fc.assert(
    fc.property(texts, options, (text, given) => {
      const chosen = attempt(() => measureText(text, given));
      const each = given.encodings.map((encoding) =>
        attempt(() => measureText(text, { ...given, encodings: [encoding] })),
      );
      const counts = each.flatMap((measured) => (typeof measured === 'string' ? [] : [measured.segments]));
      expect(typeof chosen === 'string' ? Number.POSITIVE_INFINITY : chosen.segments).toBe(Math.min(...counts));
    }),
    { numRuns: 200 },
  );
});

test('nothing is in the text that was not there: no question mark, no at sign', () => {
  const withoutThem = texts.map((text) => text.replace(/[?@\ufffd]/g, ''));
  fc.assert(
    fc.property(withoutThem, options, (text, given) => {
      const encoded = attempt(() => encodeText(text, given, messageId));
      if (typeof encoded === 'string') return;
      expect(received(encoded, given).text).not.toMatch(/[?@\ufffd]/);
    }),
    { numRuns: 200 },
  );
});
