import fc from 'fast-check';
import type { ConnectorEvent, ReceiptEvent } from '#contract/connector-events.ts';
import type { ReceiptState } from '#contract/receipts.ts';
import { messageId, receiptEvent, sendingEvent, submittedEvent } from './factories.ts';

/** What a carrier does with a few messages and their receipts, told so that whose each receipt is in truth is known. */
export interface World {
  /** How receipts write the ids of responses. */
  readonly writing: keyof typeof writings;
  readonly messages: readonly SentMessage[];
  /** Receipts of messages that somebody else sent by this account. */
  readonly strangers: readonly ReceiptState[];
}

export interface SentMessage {
  readonly recipient: number;
  /** `shared`: it has the id of the world's first message. */
  readonly response: 'heard' | 'lost' | 'shared';
  readonly receipts: readonly { readonly state: ReceiptState; readonly address: Address }[];
}

/** Of a receipt: the recipient's number, its national form, none at all, or a number that has nothing to do with it. */
type Address = 'same' | 'national' | 'none' | 'odd';

/** The id in the response, and in receipts, by its number. */
const writings = {
  same: (n: number) => [hex(n), hex(n)],
  case: (n: number) => [hex(n).toUpperCase(), hex(n)],
  zeros: (n: number) => [`${n}`, `${n}`.padStart(12, '0')],
  'mixed case and odd zeros': (n: number) => [`000${hex(n)}F`, `${hex(n).toUpperCase()}f`],
  'hex-to-decimal': (n: number) => [hex(n), `${n}`],
  'decimal-to-hex': (n: number) => [`${n}`, hex(n).toUpperCase()],
  'text-to-hex': (n: number) => [`${n}`, Buffer.from(`${n}`).toString('hex')],
  'hex-to-text': (n: number) => [Buffer.from(`${n}`).toString('hex'), `${n}`],
} as const;

export const recipients = ['+447700900123', '+447700900124'] as const;
const stranger = '447700900555';
const odd = '447700900777';

const anyReceipt = fc.record({
  state: fc.constantFrom<ReceiptState>('enroute', 'delivered', 'undeliverable'),
  address: fc.constantFrom<Address>('same', 'same', 'same', 'national', 'none', 'odd'),
});

export const anyWorld: fc.Arbitrary<World> = fc.record({
  writing: fc.constantFrom(...(Object.keys(writings) as (keyof typeof writings)[])),
  messages: fc.array(
    fc.record<SentMessage>({
      recipient: fc.constantFrom(0, 1),
      response: fc.constantFrom('heard', 'heard', 'lost', 'shared'),
      receipts: fc.array(anyReceipt, { maxLength: 2 }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  strangers: fc.array(fc.constantFrom<ReceiptState>('delivered', 'undeliverable'), { maxLength: 1 }),
});

export function idOf(index: number): string {
  return messageId.replace(/.$/, `${index}`);
}

/** A receipt, and whose it can be by all that the carrier tells. */
export interface ToldReceipt {
  readonly event: ReceiptEvent;
  readonly address: Address;
  /** Its message's place in the world; of a stranger's none. */
  readonly of: number | undefined;
}

export function receiptsOf({ writing, messages, strangers }: World): ToldReceipt[] {
  const own = messages.flatMap((message, of) =>
    message.receipts.map(({ state, address }, nth): ToldReceipt => {
      const from = addressOf(recipients[message.recipient] ?? '', address);
      const smscMessageId = writings[writing](numberOf(message, of))[1] ?? '';
      const to = address === 'none' ? '' : 'ACME';
      return { of, address, event: receiptEvent({ id: `receipt-${of}-${nth}`, smscMessageId, state, from, to }) };
    }),
  );
  const others = strangers.map((state, nth): ToldReceipt => {
    const smscMessageId = writings[writing](0x3c5d_0000 + nth)[1] ?? '';
    const event = receiptEvent({ id: `stranger-${nth}`, smscMessageId, state, from: stranger });
    return { of: undefined, address: 'odd', event };
  });
  return [...own, ...others];
}

/** All that the connector tells of it, in the order in which it happened. */
export function eventsIn(world: World): ConnectorEvent[] {
  const told = world.messages.flatMap((message, index): ConnectorEvent[] => {
    const own = { messageId: idOf(index) };
    const smscMessageId = writings[world.writing](numberOf(message, index))[0] ?? '';
    const to = recipients[message.recipient];
    const submitted = submittedEvent({ ...own, smscMessageId, to });
    return message.response === 'lost' ? [sendingEvent(own)] : [sendingEvent(own), submitted];
  });
  return [...told, ...receiptsOf(world).map(({ event }) => event)];
}

/** Those that have the id in their responses. */
export function havingSameId({ messages }: World, index: number): number[] {
  const message = messages[index];
  if (message === undefined) return [];
  const own = numberOf(message, index);
  return messages.flatMap((other, at) => (numberOf(other, at) === own ? [at] : []));
}

/** Far enough from each other that no two are one in any form. */
function numberOf({ response }: SentMessage, index: number): number {
  return 0x1b6b_0c00 + (response === 'shared' ? 0 : index * 0x1a3);
}

function addressOf(recipient: string, address: Address): string {
  const forms = { same: recipient.slice(1), national: `0${recipient.slice(3)}`, none: '', odd };
  return forms[address];
}

function hex(n: number): string {
  return n.toString(16);
}
