import { headerLength } from './codec/layouts.ts';
import { FramingError } from './errors.ts';

const lengthOctets = 4;
/** A message_payload of 65,535 octets fits, with every other field. */
const maxLength = 70_000;

/** What stands where command_length should be when the port serves something else (quirk 50). */
const foreignProtocols: ReadonlyMap<string, string> = new Map([
  ['HTTP', 'HTTP'],
  ['SSH-', 'SSH'],
  ['AMQP', 'AMQP'],
  ['220 ', 'SMTP or FTP'],
  ['220-', 'SMTP or FTP'],
  ['+OK ', 'POP3'],
  ['-ERR', 'Redis'],
]);

export interface Framer {
  /**
   * The PDUs that `chunk` completes, one at a time: take them all before the next chunk. Throws
   * `FramingError`, after the whole PDUs before it, when no PDU can begin there, and at every call from then on.
   * A PDU shares the octets of `chunk` when it lies within.
   */
  push(chunk: Buffer): Generator<Buffer, void>;
  /** Octets of a PDU that is not whole yet; of the same one until `push` yields a PDU. */
  readonly pendingOctets: number;
}

export function createFramer(): Framer {
  return new StreamFramer();
}

/**
 * Cuts a stream into PDUs. Each octet is copied once at most, however the stream is split: an unfinished
 * PDU is collected in a buffer of its full length.
 */
class StreamFramer implements Framer {
  /** Collects command_length of a PDU whose first octets come in several chunks. */
  readonly #length = Buffer.alloc(lengthOctets);
  /** `#length` until that is known, then the whole PDU. */
  #partial = this.#length;
  #filled = 0;
  #error: FramingError | undefined;

  get pendingOctets(): number {
    return this.#filled;
  }

  *push(chunk: Buffer): Generator<Buffer, void> {
    if (this.#error !== undefined) throw this.#error;
    let offset = 0;
    while (offset < chunk.length) {
      const available = chunk.length - offset;
      if (this.#filled === 0 && available >= lengthOctets) {
        const length = this.#checkedLength(chunk, offset);
        if (length <= available) {
          yield chunk.subarray(offset, offset + length);
          offset += length;
          continue;
        }
      }
      offset += this.#collect(chunk, offset);
      if (this.#filled === this.#partial.length) yield this.#takePartial();
    }
  }

  /** Adds to the unfinished PDU what it lacks or `chunk` has; returns how many octets that was. */
  #collect(chunk: Buffer, offset: number): number {
    const copied = chunk.copy(this.#partial, this.#filled, offset);
    this.#filled += copied;
    if (this.#filled === lengthOctets && this.#partial === this.#length) {
      this.#partial = Buffer.allocUnsafe(this.#checkedLength(this.#length, 0));
      this.#length.copy(this.#partial);
    }
    return copied;
  }

  #takePartial(): Buffer {
    const pdu = this.#partial;
    this.#partial = this.#length;
    this.#filled = 0;
    return pdu;
  }

  #checkedLength(octets: Buffer, offset: number): number {
    const length = octets.readUInt32BE(offset);
    if (length >= headerLength && length <= maxLength) return length;
    const protocol = foreignProtocol(octets.subarray(offset, offset + lengthOctets));
    const message =
      protocol === undefined
        ? `command_length must be ${headerLength} to ${maxLength}, got ${length}`
        : `this port speaks ${protocol}, not SMPP`;
    this.#error = new FramingError(message, length);
    throw this.#error;
  }
}

function foreignProtocol(start: Buffer): string | undefined {
  const [contentType, majorVersion] = start;
  // A TLS record: alert or handshake, version 3.x.
  if ((contentType === 0x15 || contentType === 0x16) && majorVersion === 0x03) return 'TLS';
  return foreignProtocols.get(start.toString('latin1'));
}
