import { createHash } from 'node:crypto';
import { asciiJson } from '#contract/ascii-json.ts';
import { confidences, type ReceivedEvent } from '#contract/cloud-events.ts';
import type { PartEvent } from '#contract/connector-events.ts';
import { readPorts } from '#contract/text/concatenation.ts';
import { type DecodedText, decodeParts, isBinary } from '#contract/text/decode.ts';

export interface AssembledMessage {
  /** Of the event. */
  readonly id: string;
  readonly possibleDuplicate: boolean;
}

/** SNS takes 262,144 octets, attributes included: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
const maxEventBytes = 240_000;
/** Six octets each at most in JSON. Beside it there is room for the octets, which say it all. */
const maxCutText = 10_000;

/**
 * The message that the parts make, of whichever came, in any order. One event, but where that would be too large for
 * the topic several, of which each says that the parts of the others are missing in it.
 */
export function assembledEvents(message: AssembledMessage, parts: readonly PartEvent[]): ReceivedEvent[] {
  const inOrder = parts.toSorted((a, b) => a.concatenation.part - b.concatenation.part);
  return inOrder.length === 0 ? [] : split(message, inOrder);
}

function split(message: AssembledMessage, parts: readonly PartEvent[]): ReceivedEvent[] {
  const event = eventOf(message, parts);
  if (asciiJson(event).length <= maxEventBytes) return [event];
  if (parts.length === 1) {
    const { data } = event;
    return [{ ...event, data: { ...data, text: data.text.slice(0, maxCutText).toWellFormed(), confidence: 'guess' } }];
  }
  const middle = Math.ceil(parts.length / 2);
  return [
    ...split({ ...message, id: `${message.id}.1` }, parts.slice(0, middle)),
    ...split({ ...message, id: `${message.id}.2` }, parts.slice(middle)),
  ];
}

function eventOf({ id, possibleDuplicate }: AssembledMessage, parts: readonly PartEvent[]): ReceivedEvent {
  const [first] = parts;
  if (first === undefined) throw new Error(`message ${id} has no parts`);
  const { carrier, from, to, dataCoding, udh, alphabet, concatenation } = first;
  const { text, encoding, confidence } = decode(parts);
  const udhs = parts.map(udhOf);
  const ports = udhs.map(readPorts).find((found) => found !== undefined);
  return {
    specversion: '1.0',
    id,
    source: `/carriers/${carrier}`,
    type: 'sms.received',
    dataschema: 'urn:aws-smpp-gateway:schema:sms.received:1',
    subject: to,
    time:
      parts
        .map((part) => part.time)
        .toSorted()
        .at(-1) ?? first.time,
    datacontenttype: 'application/json',
    data: {
      carrier,
      from,
      to,
      text,
      dataCoding,
      encoding,
      confidence,
      kind: ports !== undefined || isBinary(dataCoding, alphabet) ? 'binary' : 'text',
      ...(ports && { ports }),
      octets: Buffer.concat(parts.map(octetsOf)).toString('base64'),
      ...(udh !== undefined && { udh }),
      parts: {
        reference: concatenation.reference,
        total: concatenation.total,
        missing: missingOf(concatenation.total, parts),
      },
      fingerprint: fingerprintOf(parts),
      possibleDuplicate: possibleDuplicate || parts.some((part) => part.possibleDuplicate),
      // Of equal names the first part's.
      tlvs: Object.assign({}, ...parts.map(({ tlvs }) => tlvs).reverse()),
    },
  };
}

/** What follows each other is decoded together, for a character may be cut between two parts. */
function decode(parts: readonly PartEvent[]): DecodedText {
  const runs: PartEvent[][] = [];
  for (const part of parts) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (run !== undefined && last !== undefined && follows(part, last)) run.push(part);
    else runs.push([part]);
  }
  const decoded = runs.map(([first, ...others]) => {
    const coded = [first, ...others]
      .flatMap((part) => part ?? [])
      .map((part) => ({ octets: octetsOf(part), udh: udhOf(part) }));
    return decodeParts(coded, first?.dataCoding ?? 0, first?.alphabet);
  });
  const surety = Math.max(...decoded.map(({ confidence }) => confidences.indexOf(confidence)));
  return {
    text: decoded
      .map(({ text }) => text)
      .join('')
      .toWellFormed(),
    encoding: decoded[0]?.encoding ?? 'latin1',
    confidence: confidences[surety] ?? 'guess',
  };
}

function follows(part: PartEvent, last: PartEvent): boolean {
  const next = part.concatenation.part === last.concatenation.part + 1;
  return next && part.dataCoding === last.dataCoding && part.alphabet === last.alphabet;
}

function missingOf(total: number, parts: readonly PartEvent[]): number[] {
  const present = new Set(parts.map(({ concatenation }) => concatenation.part));
  return Array.from({ length: total }, (_, index) => index + 1).filter((part) => !present.has(part));
}

function fingerprintOf(parts: readonly PartEvent[]): string {
  const fingerprints = parts.map(({ fingerprint }) => fingerprint).join(' ');
  return createHash('sha256').update(fingerprints).digest('hex').slice(0, 32);
}

function octetsOf({ octets }: PartEvent): Uint8Array {
  return Buffer.from(octets, 'base64');
}

function udhOf({ udh = '' }: PartEvent): Uint8Array {
  return Buffer.from(udh, 'base64');
}
