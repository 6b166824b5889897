import { z } from 'zod';
import { inWords } from '#contract/config/form.ts';

/** Octets as JSON has them. */
export const hex = z.string().regex(/^([0-9a-f]{2})*$/i, 'must be octets in hexadecimal');

export function hexOfAtMost(octets: number): z.ZodString {
  return hex
    .max(2 * octets, `must be at most ${octets} octets`)
    .meta(inWords(`at most ${octets} octets in hexadecimal`));
}
