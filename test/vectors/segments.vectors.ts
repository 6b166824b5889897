import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textOptions } from '#contract/carrier-text.ts';
import { splitUdh } from '#contract/text/concatenation.ts';
import { decodeText } from '#contract/text/decode.ts';
import { encodeText, measureText } from '#contract/text/encode-text.ts';

interface Vector {
  readonly name: string;
  readonly text: string;
  readonly encoding: 'GSM-7' | 'UCS-2';
  /** Septets or UTF-16 units. */
  readonly units: number;
  readonly segments: number;
  /** The text of each segment, where the source tells it. */
  readonly parts?: readonly string[];
}

const file = readFileSync(join(process.env.VECTORS_DIR ?? '', 'segments.json'), 'utf8');
const { vectors }: { vectors: readonly Vector[] } = JSON.parse(file);

const usual = textOptions.parse({});

test.each(vectors)('$encoding, $units units, $segments segments: $name', (vector) => {
  const { encoding, dataCoding, segments, shortMessages } = encodeText(vector.text, usual, '00');
  const bodies = shortMessages.map(({ octets, hasUdh }) => (hasUdh ? splitUdh(octets).body : octets));
  const octets = bodies.reduce((sum, body) => sum + body.length, 0);
  const parts = bodies.map((body) => decodeText(body, dataCoding));

  expect(encoding).toBe(vector.encoding === 'GSM-7' ? 'gsm7' : 'ucs2');
  expect(octets / (encoding === 'gsm7' ? 1 : 2)).toBe(vector.units);
  expect(segments).toBe(vector.segments);
  expect(measureText(vector.text, usual)).toMatchObject({ encoding, segments, units: vector.units });
  expect(parts.join('')).toBe(vector.text);
  if (vector.parts !== undefined) expect(parts).toEqual(vector.parts);
});
