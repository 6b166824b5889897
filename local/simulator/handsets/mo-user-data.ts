import { InvalidInputError } from '#contract/parse.ts';
import { type Concatenation, maxSegments } from '#contract/text/concatenation.ts';
import { fillBitsAfter, packSeptets } from '#contract/text/packed.ts';
import { elementIds } from '#contract/text/udh.ts';
import { unreachable } from '#contract/unreachable.ts';
import type { Behaviour } from '../play/behaviour.ts';
import { radioOctets } from '../smpp.ts';
import { cutText, type EncodedText } from './mo-text.ts';

type MoBehaviour = Behaviour['mo'];

/** What one deliver_sm carries, in front of its TLVs. */
export interface MoUserData {
  readonly octets: Buffer;
  /** Whether a UDH is in front. */
  readonly hasUdh: boolean;
  readonly sar?: Concatenation;
  /** Goes into message_payload, whatever `textIn` says. */
  readonly inPayload?: true;
}

/** `encoded` in as many parts as it takes, from the first to the last. Throws an `InvalidInputError` for too many. */
export function moUserData(encoded: EncodedText, mo: MoBehaviour, reference: number): MoUserData[] {
  const before = Buffer.from(mo.elementsBefore, 'hex');
  const alone = udhOf([before]);
  const whole = { octets: withUdh(alone, encoded.octets, encoded, mo), hasUdh: alone.length > 0 };
  if (encoded.octets.length <= room(alone.length, encoded)) return [whole];
  if (mo.long === 'payload') return [{ ...whole, inPayload: true }];

  const udhOctets = udhOf([before, concatenationElement(mo.long, { reference, total: 1, part: 1 })]).length;
  const unit = encoded.alphabet === 'ucs2' ? 2 : 1;
  const allowed = unit === 2 ? mo.maxPartOctets.ucs2 : mo.maxPartOctets.gsm7;
  const maxPart = Math.floor(Math.min(allowed, room(udhOctets, encoded)) / unit) * unit;
  if (maxPart < unit) throw new InvalidInputError('message', [`a UDH of ${udhOctets} octets leaves no room for text`]);
  const pieces = cutText(encoded, { maxPart, splitPairs: mo.splitPairs });
  const total = pieces.length;
  if (total > maxSegments) throw new InvalidInputError('message', [`text must fit in 255 parts, needs ${total}`]);
  return pieces.map((piece, index) => {
    const concatenation = { reference, total, part: index + 1 };
    const udh = udhOf([before, concatenationElement(mo.long, concatenation)]);
    const hasSar = mo.long === 'sar' || mo.long === 'udh-and-sar';
    const octets = withUdh(udh, piece, encoded, mo);
    return { octets, hasUdh: udh.length > 0, ...(hasSar ? { sar: concatenation } : {}) };
  });
}

/** Octets of `encoded` beside a UDH of so many. What is not UCS-2 was septets on the radio. */
function room(udhOctets: number, { alphabet }: EncodedText): number {
  const octets = radioOctets - udhOctets;
  return alphabet === 'ucs2' ? octets : Math.floor((8 * octets) / 7);
}

function udhOf(elements: readonly Uint8Array[]): Buffer {
  const all = Buffer.concat(elements);
  return all.length === 0 ? all : Buffer.concat([Uint8Array.of(all.length), all]);
}

function concatenationElement(long: MoBehaviour['long'], { reference, total, part }: Concatenation): Uint8Array {
  switch (long) {
    case 'udh8':
    case 'udh-and-sar':
      return Uint8Array.of(elementIds.concatenation8Bit, 3, reference & 0xff, total, part);
    case 'udh16':
      return Uint8Array.of(elementIds.concatenation16Bit, 4, (reference >> 8) & 0xff, reference & 0xff, total, part);
    case 'sar':
    case 'pieces':
    case 'payload':
      return new Uint8Array();
    default:
      return unreachable(long);
  }
}

function withUdh(udh: Uint8Array, octets: Uint8Array, { alphabet }: EncodedText, { gsm7 }: MoBehaviour): Buffer {
  const isPacked = alphabet === 'gsm7' && gsm7 === 'packed';
  return Buffer.concat([udh, isPacked ? packSeptets(octets, fillBitsAfter(udh.length)) : octets]);
}
