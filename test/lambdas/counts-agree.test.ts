import fc from 'fast-check';
import { type TextOptions, textOptions } from '#contract/carrier-text.ts';
import { alphabets } from '#contract/text/alphabets.ts';
import { encodeText } from '#contract/text/encode-text.ts';
import { previewText } from '#contract/text/preview.ts';
import { submitSmsOf } from '../../connector/smpp/submit-sm.ts';
import { fittingRoutes } from '../../lambdas/fitting-route.ts';
import { ApiError } from '../../lambdas/http.ts';
import { messageId, profile, sms } from '../support/connector-factories.ts';
import { route } from '../support/factories.ts';

/** The API's count, the preview and the connector's cut are of one text: they may not differ by a segment. */

const anyText = fc.string({
  unit: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('a', 'é', '€', '[', ' ') },
    { weight: 1, arbitrary: fc.constantFrom('’', '…', '—', 'ç', 'ş', 'ж', '😀', '👨‍👩‍👧‍👦', 'e\u0301') },
  ),
  minLength: 1,
  maxLength: 700,
});

const size = (alone: number, part: number) =>
  fc.record({ alone: fc.integer({ min: 4, max: alone }), part: fc.integer({ min: 4, max: part }) });

const anyOptions = fc.record(
  {
    encodings: fc
      .uniqueArray(fc.constantFrom(...alphabets), { minLength: 1 })
      .map((list) => list.map((alphabet, index) => ({ alphabet, dataCoding: index }))),
    gsm7: fc.constantFrom('unpacked' as const, 'packed' as const),
    nationalLanguages: fc.constantFrom<string[]>([], ['turkish'], ['turkish', 'portuguese', 'spanish']),
    longMessages: fc.constantFrom('udh8' as const, 'udh16' as const, 'sar' as const, 'payload' as const),
    partOrder: fc.constantFrom('forward' as const, 'reverse' as const),
    segmentSizes: fc.record({ gsm7: size(160, 153), latin1: size(140, 134), ucs2: size(70, 67) }),
    replacements: fc.constantFrom<{ character: string; by: string }[]>(
      [],
      [{ character: 'ç', by: 'c' }],
      [{ character: '😀', by: ':-)' }],
    ),
    nulTerminated: fc.boolean(),
  },
  { requiredKeys: [] },
);

/** Undefined for a text that cannot be sent. */
function previewOf(text: string, options: TextOptions) {
  try {
    return previewText(text, options);
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^(unencodable-text|too-many-segments)$/) });
    return undefined;
  }
}

test('whatever the text and the carrier, all three agree, on what it is or that it cannot be', () => {
  fc.assert(
    fc.property(anyText, anyOptions, fc.boolean(), (text, given, smart) => {
      const options = textOptions.parse(given);
      const send = () => fittingRoutes([route({ text: options })], { text, smart, tlvs: new Map() }, 255)[0];
      let sent: ReturnType<typeof send>;
      try {
        sent = send();
      } catch (error) {
        expect(error).toBeInstanceOf(ApiError);
        if (!smart) expect(() => encodeText(text, options, messageId)).toThrow();
        return;
      }
      const { encoding, segments } = sent;
      const preview = previewText(sent.text, options);
      expect(preview).toMatchObject({ encoding, segments });
      const alone = smart ? previewOf(text, options) : undefined;
      if (alone) expect(alone.smart).toMatchObject({ encoding, segments, replaced: sent.replaced });

      const cut = encodeText(sent.text, options, messageId);
      expect(cut).toMatchObject({ encoding, segments });
      const pdus = submitSmsOf(sms({ text: sent.text }), profile({ text: given }));
      expect(pdus).toHaveLength(options.longMessages === 'payload' ? 1 : segments);
      expect(new Set(pdus.map(({ pdu }) => pdu.dataCoding))).toEqual(
        new Set(options.encodings.flatMap(({ alphabet, dataCoding }) => (alphabet === encoding ? [dataCoding] : []))),
      );
    }),
    { numRuns: 300 },
  );
});
