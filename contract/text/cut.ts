import { lastWholeCluster, type Stretch } from './clusters.ts';
import { encodeSeptets, esc } from './gsm0338.ts';
import { endsWithOctet } from './packed.ts';
import { countSeptets, type SeptetCodes } from './septet-codes.ts';

/** A text as segments. Units are those of its alphabet: septets, octets, or UTF-16 units. */
export interface Cut {
  /** Of each segment the unit before which it ends; an empty text is one empty segment. */
  readonly ends: readonly number[];
  /** Of the whole text. */
  readonly units: number;
}

/** Most units of a text that is one segment, and of a segment of a longer one. */
export interface Room {
  readonly alone: number;
  readonly part: number;
}

/** A text of UCS-2. */
export function cutUcs2(text: string, room: Room): Cut {
  const fits = ({ start, end }: Stretch) => end - start <= room.part;
  return cutUnits(text.length, room, (start, end) => lastWholeCluster(text, { start, end }, fits));
}

/** A text of Latin-1, which joins nothing. */
export function cutLatin1(text: string, room: Room): Cut {
  return cutUnits(text.length, room, (_, end) => end);
}

/** `endOf` says where the part ends that begins at `start` and has room up to `end`. */
function cutUnits(units: number, room: Room, endOf: (start: number, end: number) => number): Cut {
  if (units <= room.alone) return { ends: [units], units };
  const ends: number[] = [];
  let start = 0;
  while (start < units) {
    start = endOf(start, Math.min(start + room.part, units));
    ends.push(start);
  }
  return { ends, units };
}

export interface SeptetRules {
  readonly room: Room;
  /** Whether the tables have characters that join. */
  readonly joins: boolean;
  /** Bits between the UDH and the first septet, if septets are packed. */
  readonly fillBits?: { readonly alone: number; readonly part: number };
}

export interface SeptetCut extends Cut {
  /** The text, one septet per octet. */
  readonly septets: Uint8Array;
}

const cr = 0x0d;

/** A text of GSM 7 bit; undefined if any of its characters is not in the alphabet. Never parts an escape pair. */
export function cutSeptets(text: string, codes: SeptetCodes, rules: SeptetRules): SeptetCut | undefined {
  const { room, joins, fillBits } = rules;
  const septets = encodeSeptets(text, codes);
  if (septets === undefined) return undefined;
  const units = septets.length;
  if (units < room.alone || (units === room.alone && !isLengthened(septets, { start: 0, end: units }, fillBits?.alone)))
    return { ends: [units], units, septets };
  const endOf = (start: number, end: number) => {
    if (end - start === room.part && isLengthened(septets, { start, end }, fillBits?.part)) return end - 1;
    return end < units && septets[end - 1] === esc ? end - 1 : end;
  };
  const cut = cutUnits(
    units,
    { ...room, alone: 0 },
    joins ? keepingClusters(text, septets, { codes, room, endOf }) : endOf,
  );
  return { ...cut, septets };
}

interface SeptetParts {
  readonly codes: SeptetCodes;
  readonly room: Room;
  readonly endOf: (start: number, end: number) => number;
}

/** Has to be asked for the parts in order: it keeps where in the text the next one begins. */
function keepingClusters(text: string, septets: Uint8Array, { codes, room, endOf }: SeptetParts): SeptetParts['endOf'] {
  const septetsIn = ({ start, end }: Stretch) => countSeptets(text.slice(start, end), codes) ?? 0;
  let textStart = 0;
  return (start, last) => {
    const end = endOf(start, last);
    const textEnd = textStart + charactersIn(septets.subarray(start, end));
    const whole = lastWholeCluster(text, { start: textStart, end: textEnd }, (each) => septetsIn(each) <= room.part);
    textStart = whole;
    return end - septetsIn({ start: whole, end: textEnd });
  };
}

function charactersIn(septets: Uint8Array): number {
  let characters = 0;
  for (const septet of septets) if (septet !== esc) characters++;
  return characters;
}

/** Packed, a CR that ends with an octet is doubled, see `packSeptets`. */
function isLengthened(septets: Uint8Array, { start, end }: Stretch, fillBits: number | undefined): boolean {
  return fillBits !== undefined && septets[end - 1] === cr && endsWithOctet(end - start, fillBits);
}
