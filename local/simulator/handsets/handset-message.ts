import type { Concatenation } from '#contract/text/concatenation.ts';
import type { Behaviour } from '../play/behaviour.ts';
import { display, gsmSender, type Shown } from './display.ts';
import type { ReceivedPart, WholeMessage } from './received-part.ts';

/** One short message of a whole one, as the SMSC got it. */
export interface ShortMessageView {
  readonly messageId: string;
  /** The whole PDU, in hexadecimal as all octets here. */
  readonly pdu: string;
  readonly sourceAddrTon: number;
  readonly sourceAddrNpi: number;
  readonly sourceAddr: string;
  readonly destAddrTon: number;
  readonly destAddrNpi: number;
  readonly destinationAddr: string;
  readonly esmClass: number;
  readonly protocolId: number;
  readonly dataCoding: number;
  readonly udh: string;
  /** The body, without the UDH. */
  readonly octets: string;
  readonly part?: Concatenation;
}

/** A whole message, as the person reads it. */
export interface HandsetMessage extends Shown {
  /** Counted over all handsets from 1. */
  readonly number: number;
  readonly from: string;
  readonly to: string;
  readonly dataCoding: number;
  /** How many short messages it came in. */
  readonly parts: number;
  /** The SMSC's ids of them, in order. */
  readonly messageIds: readonly string[];
  /** ISO 8601. */
  readonly receivedAt: string;
  readonly shortMessages: readonly ShortMessageView[];
}

/** The same as it is kept: most messages are never looked at, so it is read when somebody does. */
export interface ReceivedMessage {
  readonly parts: WholeMessage;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** How the network was when it arrived. */
  readonly handsets: Behaviour['handsets'];
}

export function toHandsetMessage(number: number, message: ReceivedMessage): HandsetMessage {
  const { parts, at, handsets } = message;
  const [first] = parts;
  const { to, dataCoding } = first.short;
  return {
    number,
    from: senderOf(message),
    to,
    ...display(parts, dataCoding, handsets),
    dataCoding,
    parts: parts.length,
    messageIds: parts.map(({ short }) => short.messageId),
    receivedAt: new Date(at).toISOString(),
    shortMessages: parts.map(viewOf),
  };
}

const alphanumeric = 5;

/** What the phone shows as the sender. */
export function senderOf({ parts, handsets }: ReceivedMessage): string {
  const { short } = parts[0];
  const { sender, senderAlphabet } = handsets;
  if (sender !== null) return sender;
  return senderAlphabet === 'gsm7' && short.source.ton === alphanumeric ? gsmSender(short.source.digits) : short.from;
}

function viewOf({ short, udh, body, concatenation }: ReceivedPart): ShortMessageView {
  return {
    messageId: short.messageId,
    pdu: short.pdu.toString('hex'),
    sourceAddrTon: short.source.ton,
    sourceAddrNpi: short.source.npi,
    sourceAddr: short.source.digits,
    destAddrTon: short.destination.ton,
    destAddrNpi: short.destination.npi,
    destinationAddr: short.destination.digits,
    esmClass: short.esmClass,
    protocolId: short.protocolId,
    dataCoding: short.dataCoding,
    udh: Buffer.from(udh).toString('hex'),
    octets: Buffer.from(body).toString('hex'),
    ...(concatenation === undefined ? {} : { part: concatenation }),
  };
}
