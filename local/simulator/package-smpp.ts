import smpp, { type PDU, type Session } from 'smpp';
import { filters, tlvs } from 'smpp/lib/defs.js';
import { toError } from '#contract/to-error.ts';

/**
 * The package `smpp`, made fit for a peer that must not lose octets or go deaf. Its tables are global:
 * what is changed here holds for the whole process.
 */

const headerOctets = 16;
/** A message_payload TLV may fill 64 KiB; the package's own limit is 16 KiB. */
const maxPduOctets = 70_000;

// The package decodes text by data_coding and throws the octets away; dates likewise.
filters.message.decode = (value) => value;
filters.time.decode = (value) => value;

// As a TLV, a C-octet string ends with the TLV: without its NUL the package reads on into the next one.
const { receipted_message_id: receiptedMessageId } = tlvs;
if (receiptedMessageId !== undefined) {
  receiptedMessageId.type = {
    ...receiptedMessageId.type,
    read: (buffer, offset, length = 0) => buffer.toString('latin1', offset, offset + length).replace(/\0.*$/s, ''),
  };
}

// A command_length of 0 to 4 makes the package wait for ever, without an error.
Object.assign(smpp.PDU, {
  maxLength: maxPduOctets,
  commandLength(stream: { read(octets: number): Buffer | null }): number | false {
    const field = stream.read(4);
    if (field === null) return false;
    const length = field.readUInt32BE(0);
    if (length >= headerOctets && length <= maxPduOctets) return length;
    throw new RangeError(`command_length must be ${headerOctets} to ${maxPduOctets}, got ${length}`);
  },
});

/**
 * Gives each PDU of `session` to `onPdu`. After anything that the package cannot read, and after an
 * exception in a listener, it would read nothing more: such a session is ended instead.
 */
export function readPdus(session: Session, onPdu: (pdu: PDU) => void, onFault: (error: Error) => void): void {
  const fail = (error: Error) => {
    onFault(error);
    session.destroy();
  };
  session.on('error', fail);
  session.on('pdu', (pdu: PDU) => {
    try {
      onPdu(pdu);
    } catch (cause) {
      fail(toError(cause));
    }
  });
}

/** A field of a PDU that may be missing: the package leaves out what the body was too short for. */
export function numberOf(pdu: PDU, field: string): number {
  const value = pdu[field];
  return typeof value === 'number' ? value : 0;
}

export function stringOf(pdu: PDU, field: string): string {
  const value = pdu[field];
  return typeof value === 'string' ? value : '';
}

export function octetsOf(pdu: PDU, field: string): Buffer {
  const value = pdu[field];
  return Buffer.isBuffer(value) ? value : Buffer.alloc(0);
}
