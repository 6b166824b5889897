import * as z from 'zod';
import { textOfForm } from './config/form.ts';

/** How a carrier's SMSC wants addresses. Quirks 67 to 70. */

/** type_of_number and numbering_plan_indicator (SMPP 3.4, 5.2.5 and 5.2.6). */
export const ton = z.int().min(0).max(6);
export const npi = z.int().min(0).max(18);

/** What an address is, by its looks. */
export const addressKinds = ['none', 'international', 'short-code', 'alphanumeric'] as const;
export type AddressKind = (typeof addressKinds)[number];

const digits = textOfForm(/^\d{0,15}$/, 'a string of at most 15 digits');

export const addressRule = z.strictObject({
  of: z.enum(['sender', 'recipient']).describe('Whose address.'),
  kind: z.enum(addressKinds).describe('No address at all, a number in E.164, a short code, or letters.'),
  prefix: digits.optional().describe('Digits with which a number or short code has to begin, without "+".'),
  ton: ton.describe('type_of_number.'),
  npi: npi.describe('numbering_plan_indicator.'),
  form: z
    .enum(['digits', 'plus', '00'])
    .default('digits')
    .describe('A number as its digits alone, behind "+", or behind "00".'),
  replacePrefix: digits
    .optional()
    .describe('Instead of `prefix`: "0" makes a national number of an international one.'),
});

export const addressRules = z.array(addressRule).max(50).default([]);

export type AddressRule = z.output<typeof addressRule>;
