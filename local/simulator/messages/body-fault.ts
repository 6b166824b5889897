import { commandStatus } from '../command-status.ts';
import type { ReceivedPdu } from '../sessions/package-smpp.ts';
import { headerOctets, maxShortMessageOctets } from '../smpp.ts';

const tlvHeaderOctets = 4;

type Field =
  | { readonly kind: 'octets'; readonly count: number }
  /** A C-octet string; `max` without its NUL, and what is said when it is longer. */
  | { readonly kind: 'string'; readonly max: number; readonly tooLong: number }
  | { readonly kind: 'short-message' };

function octets(count: number): Field {
  return { kind: 'octets', count };
}

function string(max: number, tooLong: number): Field {
  return { kind: 'string', max, tooLong };
}

function head(maxAddress: number): readonly Field[] {
  return [
    string(5, commandStatus.invalidServiceType),
    octets(2),
    string(maxAddress, commandStatus.invalidSource),
    octets(2),
    string(maxAddress, commandStatus.invalidDestination),
  ];
}

/** The bodies of SMPP 3.4, 4.4.1 and 4.7.1. */
const bodies: Readonly<Record<string, readonly Field[]>> = {
  submit_sm: [
    ...head(20),
    octets(3),
    string(16, commandStatus.invalidSchedule),
    string(16, commandStatus.invalidValidity),
    octets(4),
    { kind: 'short-message' },
  ],
  data_sm: [...head(64), octets(3)],
};

/**
 * What is wrong with the octets of a submit_sm or data_sm, which the package reads as well as it can; undefined if
 * nothing is.
 */
export function bodyFaultOf({ command, octets: pdu }: ReceivedPdu): number | undefined {
  let at = headerOctets;
  for (const field of bodies[command] ?? []) {
    const next = endOf(field, pdu, at);
    if (next.fault !== undefined) return next.fault;
    at = next.end;
  }
  while (at + tlvHeaderOctets <= pdu.length) at += tlvHeaderOctets + pdu.readUInt16BE(at + 2);
  return at > pdu.length ? commandStatus.invalidTlvStream : undefined;
}

type End = { readonly end: number; readonly fault?: undefined } | { readonly fault: number };

function endOf(field: Field, pdu: Buffer, at: number): End {
  if (field.kind === 'octets') return within(at + field.count, pdu);
  if (field.kind === 'short-message') {
    const length = pdu[at] ?? 0;
    const fits = length <= maxShortMessageOctets && at + 1 + length <= pdu.length;
    return fits ? within(at + 1 + length, pdu) : { fault: commandStatus.invalidMessageLength };
  }
  const nul = pdu.indexOf(0, at);
  if (nul < 0) return { fault: commandStatus.invalidCommandLength };
  return nul - at > field.max ? { fault: field.tooLong } : { end: nul + 1 };
}

function within(end: number, pdu: Buffer): End {
  return end <= pdu.length ? { end } : { fault: commandStatus.invalidCommandLength };
}
