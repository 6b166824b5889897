import { createHash } from 'node:crypto';

/** What goes out: one segment of 110 characters, each message to a recipient of its own, which tells its number. */

export const carrier = 'bench';
const text = 'Your parcel is on its way and will be with you between 14:10 and 16:10 today. '.repeat(2).slice(0, 110);
const numberDigits = 8;
/** Far more than any run takes. */
const lastsMs = 86_400_000;

export interface LaneMessage {
  readonly body: string;
  readonly groupId: string;
  readonly deduplicationId: string;
}

/** As `send-message` puts it into the lane. */
export function laneMessage(number: number, now: number): LaneMessage {
  const digits = String(number).padStart(numberDigits, '0');
  const to = `+4477${digits}`;
  const id = `019b76da-a800-7000-8000-0000${digits}`;
  // `to` comes first here, so that a number is found without reading the rest.
  const sms = {
    to,
    version: 1,
    id,
    clientId: 'bench',
    carrier,
    from: '+447700900000',
    text,
    priority: 'normal',
    guarantee: 'at-least-once',
    receipt: true,
    acceptedAt: new Date(now).toISOString(),
    validUntil: new Date(now + lastsMs).toISOString(),
  };
  const groupId = createHash('sha256').update(`${carrier}${to}`).digest('hex');
  return { body: JSON.stringify(sms), groupId, deduplicationId: id };
}

const numberAt = '{"to":"+4477'.length;

export function numberOfBody(body: string): number {
  return Number(body.slice(numberAt, numberAt + numberDigits));
}

export function numberOfRecipient(address: string): number {
  return Number(address.slice(-numberDigits));
}

/** What comes in: a handset's message, or a receipt. */
export type Incoming = 'messages' | 'receipts';

export function shortMessageOf(kind: Incoming, number: number): string {
  const digits = String(number).padStart(numberDigits, '0');
  if (kind === 'messages') return `${digits} ${text}`.slice(0, text.length);
  return `id:${digits} sub:001 dlvrd:001 submit date:2611231200 done date:2611231201 stat:DELIVRD err:000 text:`;
}

export function handsetOf(number: number): string {
  return `4477${String(number).padStart(numberDigits, '0')}`;
}
