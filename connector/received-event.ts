import type { ReceivedEvent } from '#contract/cloud-events.ts';
import { readPorts } from '#contract/text/concatenation.ts';
import { decodeParts, isBinary } from '#contract/text/decode.ts';
import { type Arrival, addressText, longestAddress, type Source } from './arrival.ts';
import { tlvsByName } from './smpp/tlvs-by-name.ts';

/** SNS takes 262,144 octets with the attributes: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const maxOctets = 240_000;
/** Of the event's other fields at most. */
const otherOctets = 4_000;
/** For TLVs there is at least so much room. */
const tlvOctets = 20_000;

/**
 * The message of a handset that came in one piece. A message_payload has up to 64 KB, of which each octet may be six in the JSON of its
 * text: what of the text has no room in an event is cut off, and the text said to be a guess; `octets` has it all.
 */
export function receivedEvent(
  source: Source,
  { pdu, content, time, id, fingerprint, possibleDuplicate }: Arrival,
): ReceivedEvent {
  const { udh } = content;
  const alphabet = source.alphabetOf(pdu.dataCoding);
  const decoded = decodeParts([content], pdu.dataCoding, alphabet);
  const octets = Buffer.from(content.octets).toString('base64');
  const room = maxOctets - otherOctets - octets.length;
  const text = cut(decoded.text, room - tlvOctets);
  const ports = readPorts(udh);
  return {
    specversion: '1.0',
    id,
    source: `/carriers/${source.carrier}`,
    type: 'sms.received',
    dataschema: 'urn:aws-smpp-gateway:schema:sms.received:1',
    subject: pdu.destinationAddr.slice(0, longestAddress),
    time,
    datacontenttype: 'application/json',
    data: {
      carrier: source.carrier,
      from: addressText(pdu.sourceAddr, pdu.sourceAddrTon),
      to: addressText(pdu.destinationAddr, pdu.destAddrTon),
      text: text.kept,
      dataCoding: pdu.dataCoding,
      encoding: decoded.encoding,
      confidence: text.kept.length < decoded.text.length ? 'guess' : decoded.confidence,
      kind: ports !== undefined || isBinary(pdu.dataCoding, alphabet) ? 'binary' : 'text',
      ...(ports && { ports }),
      octets,
      ...(udh.length > 0 && { udh: Buffer.from(udh).toString('base64') }),
      fingerprint,
      possibleDuplicate,
      tlvs: tlvsByName(content.tlvs, source.nameOf, room - text.octets),
    },
  };
}

/** As much of `text` as has at most `maxOctets` in JSON of ASCII. */
function cut(text: string, maxOctets: number): { readonly kept: string; readonly octets: number } {
  let octets = 0;
  for (let at = 0; at < text.length; at++) {
    const next = octets + jsonOctets(text.charCodeAt(at));
    // Half a surrogate pair would be no text.
    if (next > maxOctets) return { kept: text.slice(0, at).replace(/[\ud800-\udbff]$/, ''), octets };
    octets = next;
  }
  return { kept: text, octets };
}

/** Of one UTF-16 unit, at most: a control character has an escape of two or six. */
function jsonOctets(unit: number): number {
  if (unit < 0x20 || unit >= 0x7f) return 6;
  return unit === 0x22 /* " */ || unit === 0x5c /* \ */ ? 2 : 1;
}
