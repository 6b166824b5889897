import { type Concatenation, readConcatenation, splitUdh } from '#contract/text/concatenation.ts';
import { elementIds, informationElements } from '#contract/text/udh.ts';
import type { ShortMessage } from '../messages/short-message.ts';
import { udhIndicator } from '../smpp.ts';
import type { UserData } from './display.ts';

/** A short message that is a whole one or a part of one. */
export interface ReceivedPart extends UserData {
  readonly short: ShortMessage;
  readonly concatenation?: Concatenation;
  /** What said that it is a part. References of one kind say nothing about those of another. */
  readonly joinedBy?: 'udh8' | 'udh16' | 'sar';
}

/** All parts in order. */
export type WholeMessage = readonly [ReceivedPart, ...ReceivedPart[]];

const noUdh = new Uint8Array();

/** How much memory it keeps. */
export function octetsOf({ octets, pdu }: ShortMessage): number {
  return octets.length + pdu.length;
}

/** A UDH counts more than sar_* TLVs: it is what reaches the phone. */
export function receivedPart(short: ShortMessage): ReceivedPart {
  const hasUdh = (short.esmClass & udhIndicator) !== 0;
  const { udh, body } = hasUdh ? splitUdh(short.octets) : { udh: noUdh, body: short.octets };
  const concatenation = readConcatenation(udh);
  if (concatenation !== undefined) return { short, udh, body, concatenation, joinedBy: elementOf(udh) };
  if (short.sar !== undefined) return { short, udh, body, concatenation: short.sar, joinedBy: 'sar' };
  return { short, udh, body };
}

/** Which of the two elements `readConcatenation` took: the last that has possible numbers. */
function elementOf(udh: Uint8Array): 'udh8' | 'udh16' {
  const taken = informationElements(udh).findLast(
    ({ id, value }) => readConcatenation(Uint8Array.of(0, id, value.length, ...value)) !== undefined,
  );
  return taken?.id === elementIds.concatenation16Bit ? 'udh16' : 'udh8';
}
