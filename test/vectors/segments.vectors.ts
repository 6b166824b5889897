import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeText } from '#contract/text/decode.ts';
import { dataCodingOf, segmentText } from '#contract/text/segments.ts';

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

test.each(vectors)('$encoding, $units units, $segments segments: $name', (vector) => {
  const { encoding, segments } = segmentText(vector.text);
  const octets = segments.reduce((sum, segment) => sum + segment.length, 0);
  const parts = segments.map((segment) => decodeText(segment, dataCodingOf(encoding)));

  expect(encoding).toBe(vector.encoding === 'GSM-7' ? 'gsm7' : 'ucs2');
  expect(octets / (encoding === 'gsm7' ? 1 : 2)).toBe(vector.units);
  expect(segments).toHaveLength(vector.segments);
  expect(parts.join('')).toBe(vector.text);
  if (vector.parts !== undefined) expect(parts).toEqual(vector.parts);
});
