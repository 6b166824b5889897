import type { TextOptions } from '../carrier-text.ts';
import { unreachable } from '../unreachable.ts';
import type { Alphabet } from './alphabets.ts';
import { maxSegments } from './concatenation.ts';
import { type Cut, cutLatin1, cutSeptets, cutUcs2, type Room } from './cut.ts';
import { TooManySegmentsError, UnencodableTextError } from './encode-errors.ts';
import { defaultCodes } from './gsm0338.ts';
import { charactersLacking } from './lacking.ts';
import { isLatin1 } from './latin1.ts';
import { languageIds } from './national-languages.ts';
import { codesUnder, type Shifts } from './national-text.ts';
import { fillBitsAfter } from './packed.ts';
import { withReplacements } from './replacements.ts';
import { countSeptets } from './septet-codes.ts';

/** How a text is sent: in which alphabet, under which tables, cut where. The API's count and the connector's octets are both made of it. */
export interface TextPlan {
  /** With the carrier's replacements. */
  readonly text: string;
  readonly encoding: Alphabet;
  readonly dataCoding: number;
  /** Of GSM 7 bit; without a field it is the default table. */
  readonly shifts: Shifts;
  readonly room: Room;
  readonly cut: Cut;
  /** Of GSM 7 bit: the text, one septet per octet. */
  readonly septets?: Uint8Array;
}

type Candidate = Pick<TextPlan, 'shifts' | 'room' | 'cut' | 'septets'>;

/** What the radio carries of one short message (3GPP TS 23.040, 9.2.3.24.1). */
const radioOctets = 140;
const mostSeptets = 160;
const shiftElementOctets = 3;
const fewestUnits = 4;

/**
 * Octets of the element that says which part it is: in what we send, and on the radio, where the SMSC puts the
 * one of 8 bits for what TLVs say, or for a message_payload.
 */
const concatenationOctets = {
  udh8: { sent: 5, radio: 5 },
  udh16: { sent: 6, radio: 6 },
  sar: { sent: 0, radio: 5 },
  payload: { sent: 0, radio: 5 },
} as const;

/**
 * As `bestPlanOf`. Throws `UnencodableTextError` when there is none, and `TooManySegmentsError` for more segments
 * than a UDH can count.
 */
export function planText(text: string, options: TextOptions): TextPlan {
  const plan = bestPlanOf(text, options);
  if (plan === undefined) throw refusal(withReplacements(text, options.replacements), options);
  const segments = plan.cut.ends.length;
  if (segments > maxSegments) throw new TooManySegmentsError(plan.encoding, segments, maxSegments);
  return plan;
}

/** Of a text for which there is no plan. One that is too long in any table was not tried in the national ones, see `inSeptets`. */
function refusal(text: string, options: TextOptions): Error {
  const wasTried = options.nationalLanguages.length === 0 || text.length <= maxSegments * mostSeptets;
  if (wasTried) return new UnencodableTextError(lackedBy(text, options));
  const fewest = options.encodings
    .map(({ alphabet }) => ({ alphabet, segments: fewestSegments(text, roomOf(alphabet, {}, options)) }))
    .reduce((best, each) => (each.segments < best.segments ? each : best));
  return new TooManySegmentsError(fewest.alphabet, fewest.segments, maxSegments);
}

/** Of the carrier's alphabets that have all characters of `given` the one with fewest segments, and of these the first. */
export function bestPlanOf(given: string, options: TextOptions): TextPlan | undefined {
  const text = withReplacements(given, options.replacements);
  let best: TextPlan | undefined;
  for (const { alphabet, dataCoding } of options.encodings) {
    if (best && fewestSegments(text, roomOf(alphabet, {}, options)) >= best.cut.ends.length) continue;
    const candidate = candidateOf(text, alphabet, options);
    if (candidate === undefined || (best && candidate.cut.ends.length >= best.cut.ends.length)) continue;
    best = { text, encoding: alphabet, dataCoding, ...candidate };
    if (best.cut.ends.length === 1) break;
  }
  return best;
}

/** Each of its UTF-16 units takes at least one unit of any alphabet. */
function fewestSegments(text: string, { alone, part }: Room): number {
  return text.length <= alone ? 1 : Math.ceil(text.length / part);
}

function candidateOf(text: string, alphabet: Alphabet, options: TextOptions): Candidate | undefined {
  switch (alphabet) {
    case 'gsm7':
      return inSeptets(text, options);
    case 'latin1': {
      const room = roomOf('latin1', {}, options);
      return isLatin1(text) ? { shifts: {}, room, cut: cutLatin1(text, room) } : undefined;
    }
    case 'ucs2': {
      const room = roomOf('ucs2', {}, options);
      return { shifts: {}, room, cut: cutUcs2(text, room) };
    }
    default:
      return unreachable(alphabet);
  }
}

/** A handset that lacks the national tables shows garbage: they are used only where the default alphabet lacks a character. */
function inSeptets(text: string, options: TextOptions): Candidate | undefined {
  const plain = inSeptetsUnder({}, text, options);
  if (plain !== undefined || options.nationalLanguages.length === 0) return plain;
  if (text.length > maxSegments * mostSeptets) return undefined;
  let best: Candidate | undefined;
  for (const shifts of shiftsOf(options.nationalLanguages)) {
    // Most tables lack some character: that is seen before any room is made for the septets.
    if (countSeptets(text, codesUnder(shifts)) === undefined) continue;
    const candidate = inSeptetsUnder(shifts, text, options);
    if (candidate === undefined || (best && candidate.cut.ends.length >= best.cut.ends.length)) continue;
    best = candidate;
    if (best.cut.ends.length === 1) break;
  }
  return best;
}

/** One table before two: more handsets know it, and each takes room. */
function shiftsOf(languages: readonly string[]): readonly Shifts[] {
  const ids = languages.flatMap((name) => languageIds.get(name) ?? []);
  const both = ids.flatMap((locking) => ids.map((single) => ({ locking, single })));
  return [...ids.map((single) => ({ single })), ...ids.map((locking) => ({ locking })), ...both];
}

function inSeptetsUnder(shifts: Shifts, text: string, options: TextOptions): Candidate | undefined {
  const room = roomOf('gsm7', shifts, options);
  const codes = codesUnder(shifts);
  const cut = cutSeptets(text, codes, {
    room,
    joins: codes !== defaultCodes,
    ...(options.gsm7 === 'packed' && {
      fillBits: {
        alone: fillBitsAfter(udhOctets(shifts)),
        part: fillBitsAfter(udhOctets(shifts, concatenationOctets[options.longMessages].sent)),
      },
    }),
  });
  return cut && { shifts, room, cut, septets: cut.septets };
}

/**
 * What the operator allows, or the radio, whichever is less. A part has never more room than a text alone, and no
 * segment less than the longest character and its ESC take.
 */
function roomOf(alphabet: Alphabet, shifts: Shifts, options: TextOptions): Room {
  const sizes = options.segmentSizes[alphabet];
  const { radio } = concatenationOctets[options.longMessages];
  const alone = Math.min(sizes.alone, unitsIn(alphabet, radioOctets - udhOctets(shifts)));
  const part = Math.min(alone, sizes.part, unitsIn(alphabet, radioOctets - udhOctets(shifts, radio)));
  return { alone: Math.max(alone, fewestUnits), part: Math.max(part, fewestUnits) };
}

function udhOctets({ locking, single }: Shifts, concatenation = 0): number {
  const elements = concatenation + [locking, single].filter((id) => id !== undefined).length * shiftElementOctets;
  return elements === 0 ? 0 : 1 + elements;
}

function unitsIn(alphabet: Alphabet, octets: number): number {
  switch (alphabet) {
    case 'gsm7':
      return Math.floor((8 * octets) / 7);
    case 'latin1':
      return octets;
    case 'ucs2':
      return octets >> 1;
    default:
      return unreachable(alphabet);
  }
}

/** What the alphabet that lacks fewest characters of `text` lacks of them. */
function lackedBy(text: string, options: TextOptions): string[] {
  const lacked = options.encodings.map(({ alphabet }) => charactersLacking(text, alphabet, options));
  return lacked.reduce((fewest, each) => (each.length < fewest.length ? each : fewest));
}
