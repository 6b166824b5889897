import { unreachable } from '#contract/unreachable.ts';
import type { malformedKinds } from '../play/behaviour.ts';
import { responseBit } from '../smpp.ts';
import { commandId, pduOctets, rawPdu, withMore } from './pdu-octets.ts';

export type MalformedKind = (typeof malformedKinds)[number];

/** Far from where requests of ours begin: what is answered to a malformed PDU hardly ever settles one of them. */
const sequence = 0x7fff_fffe;
const unknownCommand = 0x0001_9999;
const deliverSm = commandId('deliver_sm');

export const httpOctets = Buffer.from(
  'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
  'latin1',
);

/** Octets that are no PDU, or not a good one. After some of them an ESME can find no PDU any more. */
export function malformed(kind: MalformedKind, random: () => number): Buffer {
  switch (kind) {
    case 'length-0':
      return withLength(0);
    case 'length-3':
      return withLength(3);
    case 'length-15':
      return withLength(15);
    case 'length-too-large':
      return withLength(0x7fff_ffff);
    case 'length-beyond-end':
      return withLength(48);
    case 'garbage':
      return garbage(random);
    case 'http':
      return httpOctets;
    case 'unknown-command':
      return rawPdu(unknownCommand, sequence, Buffer.from('what is this\0'));
    case 'unknown-response':
      return rawPdu(responseBit + unknownCommand, sequence, Buffer.from('what is this\0'));
    case 'truncated-body':
      return rawPdu(deliverSm, sequence, Buffer.from('\0\x01\x014477009', 'latin1'));
    case 'tlv-beyond-end':
      return withMore(shortMessage(), Buffer.from('042400640102', 'hex'));
    case 'empty-int-tlv':
      return withMore(shortMessage(), Buffer.from('04270000', 'hex'));
    default:
      return unreachable(kind);
  }
}

function withLength(length: number): Buffer {
  const octets = rawPdu(commandId('enquire_link'), sequence);
  octets.writeUInt32BE(length, 0);
  return octets;
}

/** The first octet is not 0: as a command_length it is far too large. */
function garbage(random: () => number): Buffer {
  const length = 16 + Math.floor(random() * 48);
  return Buffer.from(Array.from({ length }, (_, index) => Math.floor(random() * 255) + (index === 0 ? 1 : 0)));
}

function shortMessage(): Buffer {
  return pduOctets('deliver_sm', {
    sequence,
    fields: {
      source_addr_ton: 1,
      source_addr_npi: 1,
      source_addr: '447700900123',
      destination_addr: '12345',
      short_message: Buffer.from('malformed'),
    },
  });
}
