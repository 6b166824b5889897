import type { PartEvent } from '#contract/connector-events.ts';
import { type Arrival, addressText, type Source } from './arrival.ts';
import { eventIds } from './event-ids.ts';
import { tlvTags } from './smpp/codec/tables.ts';
import type { Content } from './smpp/content.ts';
import { tlvsByName } from './smpp/tlvs-by-name.ts';

/** What is longer was no short message, which has 140 octets: a whole text is in it, and it would not fit into an event. */
const maxOctets = 4_000;
/** The event of a message has the TLVs of all its parts. */
const maxTlvOctets = 4_000;

const sarTags: ReadonlySet<number> = new Set([
  tlvTags.sarMsgRefNum,
  tlvTags.sarTotalSegments,
  tlvTags.sarSegmentSeqnum,
]);

/** Of a message of several parts this is one: undefined where it is a message by itself. */
export function partEvent(source: Source, arrival: Arrival): PartEvent | undefined {
  const { pdu, content, time, id, fingerprint, possibleDuplicate } = arrival;
  const { concatenation, octets, udh } = content;
  if (concatenation === undefined || concatenation.total === 1 || octets.length > maxOctets) return undefined;
  const alphabet = source.alphabetOf(pdu.dataCoding);
  return {
    type: 'part',
    id: eventIds.part(source.carrier, fingerprint, id),
    carrier: source.carrier,
    time,
    from: addressText(pdu.sourceAddr, pdu.sourceAddrTon),
    to: addressText(pdu.destinationAddr, pdu.destAddrTon),
    concatenation,
    dataCoding: pdu.dataCoding,
    ...(alphabet && { alphabet }),
    octets: Buffer.from(octets).toString('base64'),
    ...(udh.length > 0 && { udh: Buffer.from(udh).toString('base64') }),
    fingerprint,
    possibleDuplicate,
    tlvs: tlvsByName(otherTlvs(content, concatenation.kind), source.nameOf, maxTlvOctets),
    assemblySeconds: source.assemblySeconds,
  };
}

/** Those that `concatenation` does not tell. */
function otherTlvs({ tlvs }: Content, kind: PartEvent['concatenation']['kind']) {
  return kind === 'sar' ? tlvs.filter(({ tag }) => !sarTags.has(tag)) : tlvs;
}
