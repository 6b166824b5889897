import { commandIds, headerOctets, noOctets, responseBit } from './base-pdus.ts';
import { maxPduOctets } from './mutations.ts';

/** A whole PDU, by its header. */
export interface Header {
  readonly id: number;
  readonly status: number;
  readonly sequence: number;
}

/**
 *   at-border   what was sent is whole PDUs
 *   unfinished  the last one lacks octets
 *   broken      where a PDU should begin none can
 */
type Place = 'at-border' | 'unfinished' | 'broken';

/** What one peer sent over one connection, as whoever reads it must see it. Shares nothing with the gateway's framer. */
export class SentStream {
  #rest = noOctets;
  #broken = false;

  get place(): Place {
    if (this.#broken) return 'broken';
    return this.#rest.length === 0 ? 'at-border' : 'unfinished';
  }

  /** The PDUs that `octets` make whole. */
  push(octets: Buffer): Header[] {
    if (this.#broken) return [];
    this.#rest = this.#rest.length === 0 ? octets : Buffer.concat([this.#rest, octets]);
    const headers: Header[] = [];
    while (this.#rest.length >= 4) {
      const length = this.#rest.readUInt32BE(0);
      if (length < headerOctets || length > maxPduOctets) {
        this.#broken = true;
        break;
      }
      if (this.#rest.length < length) break;
      const [id, status, sequence] = [4, 8, 12].map((offset) => this.#rest.readUInt32BE(offset)) as [
        number,
        number,
        number,
      ];
      headers.push({ id, status, sequence });
      this.#rest = this.#rest.subarray(length);
    }
    return headers;
  }
}

export const isRequest = ({ id }: Header): boolean => id < responseBit;

/** SMPP 3.4 has no response to them. */
const unansweredIds: ReadonlySet<number> = new Set([commandIds.alertNotification, commandIds.outbind]);
/** What an ESME serves; anything else it answers with generic_nack. */
const servedIds: ReadonlySet<number> = new Set([
  commandIds.enquireLink,
  commandIds.unbind,
  commandIds.deliverSm,
  commandIds.dataSm,
]);

export const needsAnswer = (pdu: Header): boolean => isRequest(pdu) && !unansweredIds.has(pdu.id);

export function mayAnswer(response: Header, request: Header): boolean {
  if (response.sequence !== request.sequence) return false;
  return response.id === (servedIds.has(request.id) ? request.id + responseBit : commandIds.genericNack);
}
