// Node finds a file of a package without an exports map only by its full name.
declare module 'smpp/lib/defs.js' {
  export { commands, errors, filters, tlvs } from 'smpp/lib/defs';
}

declare module 'smpp/lib/pdu.js' {
  export { PDU } from 'smpp/lib/pdu';
}
