import defs from 'smpp/lib/defs.js';

/** What goes into short_message, of each part. */
export type Encoded = readonly Uint8Array[];

interface Fields {
  data_coding: number | null;
  esm_class: number;
}

const ucs2 = 0x08;
const esc = 0x1b;
const isHighSurrogate = (octet: number | undefined) => ((octet ?? 0) & 0xfc) === 0xd8;

/**
 * The package `smpp`, whose encoder finds the encoding and makes the octets. It cuts nothing: what its users write
 * around it is here as short as it can be, but never inside a pair.
 */
export function encodeWithPackage(text: string, reference: number): Encoded {
  const fields: Fields = { data_coding: null, esm_class: 0 };
  const octets = bufferOf(defs.filters.message.encode.call(fields, text));
  const isUcs2 = fields.data_coding === ucs2;
  const [alone, part] = isUcs2 ? [140, 134] : [160, 153];
  if (octets.length <= alone) return [octets];
  const bodies: Buffer[] = [];
  for (let start = 0; start < octets.length; ) {
    let end = Math.min(start + part, octets.length);
    if (end < octets.length && isUcs2 && isHighSurrogate(octets[end - 2])) end -= 2;
    if (end < octets.length && !isUcs2 && octets[end - 1] === esc) end -= 1;
    bodies.push(octets.subarray(start, end));
    start = end;
  }
  return bodies.map((message, index) => {
    const udh = Buffer.of(5, 0, 3, reference, bodies.length, index + 1);
    return bufferOf(defs.filters.message.encode.call({ ...fields }, { udh, message }));
  });
}

function bufferOf(value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value;
  throw new TypeError('the package encoded no octets');
}
