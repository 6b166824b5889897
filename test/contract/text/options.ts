import type * as z from 'zod';
import { type TextOptions, textOptions } from '#contract/carrier-text.ts';

/** A carrier's, with every default. */
export function textOptionsWith(given: z.input<typeof textOptions> = {}): TextOptions {
  return textOptions.parse(given);
}

/** A UUIDv7 whose last octets are AB CD. */
export const messageId = '0198c5a2-7c00-7abc-8def-01234567abcd';
