import type { TextOptions } from '#contract/carrier-text.ts';
import { splitUdh } from '#contract/text/concatenation.ts';
import { type Coded, type DecodedText, decodeParts } from '#contract/text/decode.ts';
import type { EncodedText, ShortMessage } from '#contract/text/encode-text.ts';

/** What a phone, or we, would read of what was sent. */
export function received({ encoding, dataCoding, shortMessages }: EncodedText, options: TextOptions): DecodedText {
  const inOrder = [...shortMessages].sort((a, b) => a.segment - b.segment);
  const alphabet = encoding === 'gsm7' && options.gsm7 === 'packed' ? 'gsm7-packed' : encoding;
  return decodeParts(
    inOrder.map((shortMessage) => codedOf(shortMessage, options)),
    dataCoding,
    alphabet,
  );
}

export function codedOf({ octets, hasUdh, carriedBy }: ShortMessage, { nulTerminated }: TextOptions): Coded {
  const content = nulTerminated && carriedBy === 'short_message' ? octets.subarray(0, -1) : octets;
  const { udh, body } = hasUdh ? splitUdh(content) : { udh: new Uint8Array(), body: content };
  return { udh, octets: body };
}
