import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Contender } from './contender.ts';
import type { Load } from './load.ts';
import { type Message, messageOf } from './message.ts';

/**
 * Octets over a socket and nothing else: no check of what goes or comes, no time-out, no idle link, no end but one.
 * What the platform allows, to compare with.
 */
export const handMade: Contender = async ({ port, systemType }, load) => {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  socket.write(bindTransceiver(systemType));
  await once(socket, 'data');
  const sender = new Sender(socket, load);
  for (let slot = 0; slot < load.window; slot += 1) sender.submit(slot);
  sender.flush();
  await load.drained;
  const closed = once(socket, 'close');
  socket.end();
  await closed;
};

const slabOctets = 65_536;
const maxSubmitOctets = 256;
/** More than any window, and a power of two: then a sequence number finds its slot without a search. */
const ringSize = 4_096;

class Sender {
  readonly #socket: Socket;
  readonly #load: Load;
  readonly #slots = new Int32Array(ringSize);
  #sequence = 0;
  #slab = Buffer.allocUnsafeSlow(slabOctets);
  #from = 0;
  #to = 0;
  #rest: Buffer | undefined;

  constructor(socket: Socket, load: Load) {
    this.#socket = socket;
    this.#load = load;
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
  }

  submit(slot: number): void {
    if (this.#to > slabOctets - maxSubmitOctets) this.#nextSlab();
    const message = messageOf(this.#load.begin(slot));
    this.#sequence = this.#sequence === 0x7fffffff ? 1 : this.#sequence + 1;
    this.#slots[this.#sequence & (ringSize - 1)] = slot;
    this.#to = writeSubmitSm(this.#slab, this.#to, this.#sequence, message);
  }

  flush(): void {
    if (this.#from === this.#to) return;
    this.#socket.write(this.#slab.subarray(this.#from, this.#to));
    this.#from = this.#to;
    // Taken at once, as it mostly is: the slab is free again.
    if (this.#socket.writableLength === 0) {
      this.#from = 0;
      this.#to = 0;
    }
  }

  #nextSlab(): void {
    this.flush();
    if (this.#to <= slabOctets - maxSubmitOctets) return;
    this.#slab = Buffer.allocUnsafeSlow(slabOctets);
    this.#from = 0;
    this.#to = 0;
  }

  #onData(chunk: Buffer): void {
    const octets = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (at + 16 <= octets.length) {
      const end = at + octets.readUInt32BE(at);
      if (end > octets.length) break;
      const commandStatus = octets.readUInt32BE(at + 8);
      if (commandStatus !== 0) throw new Error(`expected ESME_ROK, got ${commandStatus}`);
      const slot = this.#slots[octets.readUInt32BE(at + 12) & (ringSize - 1)] as number;
      if (this.#load.answered(slot)) this.submit(slot);
      at = end;
    }
    this.#rest = at === octets.length ? undefined : octets.subarray(at);
    this.flush();
  }
}

/** Returns the offset behind it. */
function writeSubmitSm(slab: Buffer, start: number, sequence: number, { from, to, octets }: Message): number {
  slab.writeUInt32BE(0x00000004, start + 4);
  slab.writeUInt32BE(0, start + 8);
  slab.writeUInt32BE(sequence, start + 12);
  let at = start + 16;
  slab[at++] = 0; // service_type
  slab[at++] = 1; // source_addr_ton
  slab[at++] = 1; // source_addr_npi
  at = writeCString(slab, at, from);
  slab[at++] = 1; // dest_addr_ton
  slab[at++] = 1; // dest_addr_npi
  at = writeCString(slab, at, to);
  slab[at++] = 0; // esm_class
  slab[at++] = 0; // protocol_id
  slab[at++] = 0; // priority_flag
  slab[at++] = 0; // schedule_delivery_time
  slab[at++] = 0; // validity_period
  slab[at++] = 1; // registered_delivery
  slab[at++] = 0; // replace_if_present_flag
  slab[at++] = 0; // data_coding
  slab[at++] = 0; // sm_default_msg_id
  slab[at++] = octets.length;
  slab.set(octets, at);
  at += octets.length;
  slab.writeUInt32BE(at - start, start);
  return at;
}

function writeCString(slab: Buffer, start: number, text: string): number {
  for (let index = 0; index < text.length; index += 1) slab[start + index] = text.charCodeAt(index);
  slab[start + text.length] = 0;
  return start + text.length + 1;
}

function bindTransceiver(systemType: string): Buffer {
  const body = Buffer.from(`bench\0bench\0${systemType}\0\x34\0\0\0`, 'latin1');
  const header = Buffer.alloc(16);
  header.writeUInt32BE(header.length + body.length, 0);
  header.writeUInt32BE(0x00000009, 4);
  header.writeUInt32BE(1, 12);
  return Buffer.concat([header, body]);
}
