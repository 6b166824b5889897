import * as z from 'zod';
import { carrierName } from './carrier-name.ts';
import { errorClasses, receiptStates } from './receipts.ts';
import { messageStatuses } from './status.ts';
import { receivedAlphabets } from './text/alphabets.ts';

/**
 * What subscribers get from the inbound and status topics: CloudEvents 1.0 in JSON. Descriptions, not comments,
 * for they are part of `docs/events/*.json`. A field may be added to a schema, as optional; anything else is a
 * new version of it: a new `dataschema`, beside the old one.
 */

/** CloudEvents' own way to tell the version of `data`. Absent in events from before it was written. */
function dataschema<const Name extends string>(name: Name) {
  return z
    .literal(`urn:aws-smpp-gateway:schema:${name}:1`)
    .optional()
    .describe('Name and version of the schema of `data`; events from before this attribute are version 1.');
}

const envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1).describe('The same for the same happening, however often it is published.'),
  source: z.string().min(1).describe('`/carriers/<name>`'),
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
});

const concatenation = z
  .object({ reference: z.int(), total: z.int(), part: z.int() })
  .describe('No longer set: of events from before parts were put together, which of them it is.');

/** Surest first. */
export const confidences = ['certain', 'likely', 'guess'] as const;
export type Confidence = (typeof confidences)[number];

const tlvs = z.record(z.string(), z.string());

export const receivedEvent = envelope
  .extend({
    type: z.literal('sms.received'),
    dataschema: dataschema('sms.received'),
    subject: z.string().describe('The recipient, as the SMSC wrote it.'),
    data: z.object({
      carrier: carrierName,
      from: z.string(),
      to: z.string(),
      text: z.string(),
      dataCoding: z.int(),
      encoding: z.enum(receivedAlphabets).optional().describe('As what the octets were read.'),
      confidence: z
        .enum(confidences)
        .optional()
        .describe(
          '`certain`: data_coding and octets agree. `likely`: the octets say that data_coding is wrong. `guess`: some of them could not be read, or nothing says what they are.',
        ),
      kind: z
        .enum(['text', 'binary'])
        .optional()
        .describe('`binary` is for a program, and `text` then only how its octets look.'),
      ports: z
        .object({ source: z.int(), destination: z.int() })
        .optional()
        .describe('Application ports of the user data header (3GPP TS 23.040, 9.2.3.24.3 and 4).'),
      octets: z.base64().describe('The octets of the text without UDH: nothing is lost where the decoding guessed.'),
      udh: z
        .base64()
        .optional()
        .describe('User data header, when there is one; of a long message that of its first part.'),
      concatenation: concatenation.optional(),
      parts: z
        .object({ reference: z.int(), total: z.int(), missing: z.array(z.int()) })
        .optional()
        .describe('Set on a message that came in parts: how many, and the numbers of those that never came.'),
      fingerprint: z.string().describe('Addresses and octets, hashed: the same for a likely repeat.'),
      possibleDuplicate: z.boolean().describe('The same fingerprint was seen within the last minutes.'),
      tlvs: tlvs.describe(
        "Every TLV but a message_payload that `octets` has: by the name that the carrier's profile gives it, or SMPP 3.4, else by tag (`0x1400`); values in hex. Of a long message those of all parts, and of equal ones the first part's.",
      ),
    }),
  })
  .describe("A handset's message, on the inbound topic.");

/** Surest first. */
export const matchings = ['id', 'derived-id', 'reference', 'recipient'] as const;
export type MatchedBy = (typeof matchings)[number];

export const statusEvent = envelope
  .extend({
    type: z.enum(messageStatuses.map((status) => `sms.${status}` as const)),
    dataschema: dataschema('sms.status'),
    subject: z.uuid().describe("The message's id."),
    data: z.object({
      id: z.uuid(),
      clientId: z.string().describe('The API key or IAM principal that sent the message.'),
      carrier: carrierName,
      from: z.string().optional(),
      to: z.string(),
      reference: z.string().optional().describe('As the client gave it.'),
      metadata: z.record(z.string(), z.string()).optional().describe('As the client gave it.'),
      status: z.enum(messageStatuses),
      segments: z.int(),
      possibleDuplicate: z.boolean().describe('A segment may have been sent twice.'),
      commandStatus: z.string().optional().describe("The SMSC's answer to the submit_sm that brought the status."),
      stat: z.string().optional().describe("The SMSC's word in the receipt that brought the status."),
      err: z.string().optional().describe("The SMSC's error code in that receipt."),
      matchedBy: z
        .enum(matchings)
        .optional()
        .describe(
          "How that receipt found the message: by the id that the SMSC gave it (`id`), also if it writes that in another way (`derived-id`); where its response was lost, by a user_message_reference that the SMSC repeated (`reference`), or as the recipient's only message without a response (`recipient`).",
        ),
      errorClass: z
        .enum(errorClasses)
        .optional()
        .describe("What that code means, by the carrier's profile; `unknown` when the profile does not say."),
      tlvs: tlvs
        .optional()
        .describe('Every TLV of that answer or receipt that no other field tells, as in `sms.received`.'),
      reason: z.string().optional().describe('Why, where the connector or the gateway itself decided.'),
      settled: z
        .literal(true)
        .optional()
        .describe(
          'Decided for want of an outcome, or of receipts, in time. A later `sms.sent` overrides it, and a receipt overrides `sms.unconfirmed`; `sms.delivered` stays.',
        ),
      superseded: z
        .literal(true)
        .optional()
        .describe(
          'Its status stays: only a further copy of the message met this, and the SMSC had accepted it; or a receipt says so after the message was settled as delivered.',
        ),
    }),
  })
  .describe("A message's new status, on the status topic.");

export const unmatchedReceiptEvent = envelope
  .extend({
    type: z.literal('sms.receipt.unmatched'),
    dataschema: dataschema('sms.receipt.unmatched'),
    time: envelope.shape.time.describe('When the receipt came.'),
    subject: z.string().min(1).optional().describe("The SMSC's message id, where the receipt names one."),
    data: z.object({
      carrier: carrierName,
      receiptId: z.string().describe('The id of the receipt as an event of the connector.'),
      smscMessageId: z.string().describe('Empty when the receipt names none.'),
      from: z.string().describe("The handset's address, as the SMSC wrote it."),
      to: z.string(),
      state: z.enum(receiptStates),
      stat: z.string().optional(),
      err: z.string().optional(),
      networkErrorCode: z.string().optional().describe('network_error_code in hex.'),
      submitDate: z.string().optional().describe('As the SMSC wrote it; its time zone is not told.'),
      doneDate: z.string().optional().describe('As the SMSC wrote it; its time zone is not told.'),
      userMessageReference: z.int().optional().describe('user_message_reference, where the SMSC repeats it.'),
      submittedAt: z.iso.datetime().optional(),
      doneAt: z.iso.datetime().optional(),
      errorClass: z.enum(errorClasses).optional(),
      octets: z
        .base64()
        .optional()
        .describe('Its text, as octets, where that names no id, or no state that is known; 4,000 at most.'),
      tlvs: tlvs.optional(),
      reason: z
        .enum(['no-message', 'shared-id'])
        .optional()
        .describe(
          'No message has the id (`no-message`), or several to which the receipt could belong have it (`shared-id`): it was applied to none of them.',
        ),
      messageIds: z.array(z.uuid()).optional().describe('Of those that have the id.'),
    }),
  })
  .describe(
    'A receipt for which no message of ours was found within a day, that could be of several, or that names no id, on the status topic. Should the message turn up later, its status events are published all the same.',
  );

export type ReceivedEvent = z.output<typeof receivedEvent>;
export type StatusEvent = z.output<typeof statusEvent>;
export type UnmatchedReceiptEvent = z.output<typeof unmatchedReceiptEvent>;
/** Everything that the status topic carries. */
export type StatusTopicEvent = StatusEvent | UnmatchedReceiptEvent;
