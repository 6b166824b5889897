import { filters } from 'smpp/lib/defs.js';
import { PDU } from 'smpp/lib/pdu.js';

/**
 * The codec of the package `smpp`, which shares nothing with ours: what both agree on is not one
 * author's misreading. Its settings are global to the process, so they are made once, here.
 */
const keep = (value: unknown) => value;
// Octets stay octets, times stay strings: the package's own decoding loses both.
filters.message.decode = keep;
filters.time.decode = keep;
PDU.maxLength = 70_000;
// The package assigns to this name without declaring it, which strict mode refuses.
Object.assign(globalThis, { skipUdh: undefined });

export { PDU };
