/** SMPP 3.4, 3.2: each PDU begins with its own length. */
const lengthOctets = 4;

/** Cuts a stream of octets into PDUs. */
export class Frames {
  #rest: Buffer = Buffer.alloc(0);

  take(chunk: Buffer): Buffer[] {
    const octets = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: Buffer[] = [];
    let start = 0;
    while (octets.length - start >= lengthOctets) {
      const end = start + octets.readUInt32BE(start);
      if (end > octets.length) break;
      frames.push(octets.subarray(start, end));
      start = end;
    }
    this.#rest = octets.subarray(start);
    return frames;
  }
}

export const commandIds = {
  submitSm: 0x04,
  submitSmResp: 0x8000_0004,
  deliverSm: 0x05,
  deliverSmResp: 0x8000_0005,
} as const;

export function commandIdOf(frame: Buffer): number {
  return frame.readUInt32BE(4);
}

export function sequenceNumberOf(frame: Buffer): number {
  return frame.readUInt32BE(12);
}
