/** What every contender sends: one segment of 110 octets, between addresses of 12 digits. */
export interface Message {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  /** `text`, as it goes on the wire. */
  readonly octets: Buffer;
}

const from = '447700900000';
const text = 'Your parcel is on its way and will be with you between 14:10 and 16:10 today. '.repeat(2).slice(0, 110);
const octets = Buffer.from(text, 'latin1');
/** Made before anything is measured, in turn: to write digits is not what is compared. */
const recipients = Array.from({ length: 1_000 }, (_, number) => `447700901${String(number).padStart(3, '0')}`);

export function messageOf(number: number): Message {
  return { from, to: recipients[number % recipients.length] as string, text, octets };
}
