import smpp from 'smpp';
import { messageOf } from '../session/message.ts';

/** A thousand, to a recipient each. */
const kinds = 1_000;

/** submit_sm as octets, made before anything is measured; all are of one length. */
export class Submits {
  readonly #octets: readonly Buffer[];

  constructor({ receipts }: { readonly receipts: boolean }) {
    this.#octets = Array.from({ length: kinds }, (_, number) => {
      const { from, to, octets } = messageOf(number);
      const fields = {
        ...{ source_addr_ton: 1, source_addr_npi: 1, source_addr: from },
        ...{ dest_addr_ton: 1, dest_addr_npi: 1, destination_addr: to },
        ...{ registered_delivery: receipts ? 1 : 0, data_coding: 0, short_message: octets },
      };
      return new smpp.PDU('submit_sm', fields).toBuffer();
    });
  }

  /** Those numbered `from` up to `to`, which is not among them, each with its number as its sequence number. */
  write(from: number, to: number): Buffer {
    const all = Buffer.concat(Array.from({ length: to - from }, (_, index) => this.#of(from + index)));
    const each = all.length / (to - from);
    for (let number = from; number < to; number += 1) all.writeUInt32BE(number, (number - from) * each + 12);
    return all;
  }

  #of(number: number): Buffer {
    return this.#octets[number % kinds] as Buffer;
  }
}
