import * as z from 'zod';
import { textOfForm } from './config/form.ts';
import { errorClasses, idFormats, receiptStates } from './receipts.ts';

/** How a carrier's SMSC tells what became of messages. Quirks 1 to 24 and 72. */

const word = z.string().min(1).max(64);

export const receiptOptions = z.strictObject({
  parts: z
    .enum(['all', 'first', 'last'])
    .default('all')
    .describe('For which segments of a long message a receipt is asked.'),
  rollUp: z
    .enum(['all', 'any'])
    .default('all')
    .describe(
      'A long message is delivered when the receipts of all segments for which one was asked say so, or as soon as any does.',
    ),
  timeoutSeconds: z
    .int()
    .min(60)
    .max(864_000)
    .default(259_200)
    .describe(
      'So long receipts are waited for once a message is accepted, in seconds. Then what came decides; when nothing came the message is `unconfirmed`.',
    ),
  detect: z
    .array(z.enum(['esm-class', 'tlv', 'text']))
    .min(1)
    .max(3)
    .default(['esm-class', 'tlv'])
    .describe(
      'What makes a deliver_sm a receipt: a bit in esm_class, the TLV receipted_message_id or message_state, or a text that reads like one (any one of those listed). With "text" a person can write one.',
    ),
  patterns: z
    .array(
      textOfForm(
        /^(?=.*\{(?:id|stat)\})[^{}]*(?:\{(?:id|stat|err|sub|dlvrd|submitDate|doneDate|any)\}(?:[^{}]+(?=\{|$)|$))+$/,
        'a text with at least {id} or {stat} in it, of the fields {id}, {stat}, {err}, {sub}, {dlvrd}, {submitDate}, {doneDate} and {any}, with something between any two',
      ).max(500),
    )
    .max(10)
    .default([])
    .describe(
      'How the text of a receipt reads where it is nothing like that of SMPP 3.4, appendix B. The first that fits is used; "{any}" is anything. Where what a person wrote stands before a field, they can write that field too.',
    ),
  statuses: z
    .array(
      z.strictObject({
        stats: z.array(word).min(1).max(50).describe('Words in the field `stat`, in any case.'),
        state: z.enum(receiptStates).describe('What they mean.'),
      }),
    )
    .max(50)
    .default([])
    .describe('Words for a state that are not those of SMPP 3.4, or mean something else to this SMSC.'),
  errors: z
    .array(
      z.strictObject({
        codes: z
          .array(word)
          .min(1)
          .max(500)
          .describe('Codes in the field `err`, in any case, or network_error_code in hex.'),
        class: z
          .enum(errorClasses)
          .describe('It may pass, it will not pass, the message or the recipient is blocked, or nobody knows.'),
      }),
    )
    .max(50)
    .default([])
    .describe("What this carrier's error codes mean."),
  dateFormat: z
    .enum(['auto', 'YYMMDDhhmm', 'YYMMDDhhmmss', 'YYYYMMDDhhmm', 'YYYYMMDDhhmmss'])
    .default('auto')
    .describe('How dates in receipts are written; "auto" takes the one that is plausible.'),
  utcOffset: textOfForm(/^[+-](?:0\d|1[0-4]):[0-5]\d$/, 'an offset such as "+02:00"')
    .default('+00:00')
    .describe('Of the dates in receipts.'),
  idFormat: z
    .enum(idFormats)
    .default('auto')
    .describe(
      'How ids in receipts differ from those in submit_sm_resp: "auto" finds out, and shows it in `GET /v1/carriers`. Until it has, a receipt whose id differs finds its message after a minute or two; with any other value at once.',
    ),
});

export type ReceiptOptions = z.output<typeof receiptOptions>;
