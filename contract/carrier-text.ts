import * as z from 'zod';
import { inWords } from './config/form.ts';
import { alphabets, receivedAlphabets } from './text/alphabets.ts';
import { nationalLanguages } from './text/national-languages.ts';

/** How a carrier's SMSC writes texts, and what it means by the data_coding of those that it delivers. Quirks 25 to 40 and 42. */

const dataCoding = z.int().min(0).max(0xff);

const languageNames = [...nationalLanguages.values()].map(({ name }) => name.toLowerCase());

const oneCharacter = 'one character';
const character = z
  .string()
  .refine((given) => [...given].length === 1 && given.isWellFormed(), { error: `must be ${oneCharacter}` })
  .meta(inWords(oneCharacter));

function sizes(unit: string, alone: number, part: number) {
  return z.strictObject({
    alone: z.int().min(4).max(alone).default(alone).describe(`Most ${unit} of a text that is one segment.`),
    part: z.int().min(4).max(part).default(part).describe(`Most ${unit} of a segment of a longer one.`),
  });
}

export const textOptions = z.strictObject({
  encodings: z
    .array(
      z.strictObject({
        alphabet: z.enum(alphabets).describe('GSM 7 bit, Latin-1, or UCS-2 (as UTF-16).'),
        dataCoding: dataCoding.describe('data_coding of a submit_sm in it.'),
      }),
    )
    .min(1)
    .max(10)
    .default([
      { alphabet: 'gsm7', dataCoding: 0 },
      { alphabet: 'ucs2', dataCoding: 8 },
    ])
    .describe(
      'The alphabets that this SMSC takes. Of those that have all characters of a text the one with fewest segments is used, and of these the first.',
    ),
  gsm7: z
    .enum(['unpacked', 'packed'])
    .default('unpacked')
    .describe('GSM 7 bit with one septet per octet, or packed, eight septets in seven octets.'),
  nationalLanguages: z
    .array(z.enum(languageNames))
    .max(languageNames.length)
    .default([])
    .describe(
      "Languages whose shift tables (3GPP TS 23.038, annex A) a text in GSM 7 bit may use where the default alphabet lacks a character. The recipients' handsets have to know them.",
    ),
  longMessages: z
    .enum(['udh8', 'udh16', 'sar', 'payload'])
    .default('udh8')
    .describe(
      'How the parts of a long text are told: by a user data header with a reference of 8 or 16 bits, by the TLVs sar_*, or not at all, the whole text being in message_payload.',
    ),
  partOrder: z
    .enum(['forward', 'reverse'])
    .default('forward')
    .describe('Whether the first or the last part of a long text is sent first.'),
  segmentSizes: z
    .strictObject({
      gsm7: sizes('septets', 160, 153).prefault({}).describe('In GSM 7 bit.'),
      latin1: sizes('octets', 140, 134).prefault({}).describe('In Latin-1.'),
      ucs2: sizes('UTF-16 units', 70, 67).prefault({}).describe('In UCS-2.'),
    })
    .prefault({})
    .describe('Where the SMSC takes less than the radio carries.'),
  replacements: z
    .array(
      z.strictObject({
        character: character.describe('What is replaced.'),
        by: z.string().max(8).describe('What stands there instead; empty where nothing does.'),
      }),
    )
    .max(200)
    .default([])
    .describe('Characters that this carrier garbles, and what is sent instead of them.'),
  nulTerminated: z.boolean().default(false).describe('Whether a NUL octet has to end each short_message.'),
  receivedEncodings: z
    .array(
      z.strictObject({
        dataCoding: dataCoding.describe('data_coding of a deliver_sm.'),
        alphabet: z.enum(receivedAlphabets).describe('What its octets are.'),
      }),
    )
    .max(100)
    .default([])
    .describe('Where this SMSC means something else by a data_coding than SMPP 3.4 and 3GPP TS 23.038 do.'),
});

export type TextOptions = z.output<typeof textOptions>;
