import * as z from 'zod';
import { inWords, textOfForm } from './config/form.ts';

/** The TLVs that a carrier defines, by the names by which messages and events call them. Quirk 43. */

export const tlvTypes = ['cstring', 'string', 'int8', 'int16', 'int32', 'hex'] as const;
export type TlvType = (typeof tlvTypes)[number];

/** What the gateway sets itself: the parts and the text of a message, and its reference. */
const reservedTags: ReadonlySet<number> = new Set([0x020c, 0x020e, 0x020f, 0x0424, 0x0204]);

const tagForm =
  'a tag such as "0x1400" or 5120, 1 to 65535, but not sar_msg_ref_num, sar_total_segments, sar_segment_seqnum, message_payload or user_message_reference';
const tag = z
  .union([z.int(), z.string().regex(/^0x[0-9a-fA-F]{1,4}$/)], { error: `must be ${tagForm}` })
  .refine((given) => Number(given) >= 1 && Number(given) <= 0xffff && !reservedTags.has(Number(given)), {
    error: `must be ${tagForm}`,
  })
  .transform(Number)
  .meta(inWords(tagForm));

/** Text for `cstring`, `string` and (as digits) `hex`; a whole number for the others. */
export const tlvValue = z.union([z.string().max(1_024), z.int().min(0).max(0xffffffff)]);
export type TlvValue = z.output<typeof tlvValue>;

export const tlvDefinition = z.strictObject({
  tag: tag.describe('Its number.'),
  type: z
    .enum(tlvTypes)
    .describe(
      'A text that a NUL ends, a text without one, a whole number of so many bits, or octets that are written as hex digits.',
    ),
  maxOctets: z.int().min(1).max(1_024).default(255).describe('Longest value, without a NUL that ends it.'),
  required: z.boolean().default(false).describe('Whether a message has to have it.'),
  default: tlvValue
    .optional()
    .meta(inWords('a string, or a whole number'))
    .describe('For messages that do not say. Without it the TLV is left out.'),
});

export const tlvDefinitions = z
  .record(
    textOfForm(/^[A-Za-z][A-Za-z0-9_]{0,31}$/, '1 to 32 letters, digits and "_", beginning with a letter'),
    tlvDefinition,
  )
  .default({});

export type TlvDefinition = z.output<typeof tlvDefinition>;
export type TlvDefinitions = z.output<typeof tlvDefinitions>;
