import { unreachable } from '../unreachable.ts';
import type { ReceivedAlphabet } from './alphabets.ts';
import { readShifts } from './concatenation.ts';
import { meaningOf } from './data-coding.ts';
import { decodeGsm } from './gsm0338.ts';
import { decodeLatin1 } from './latin1.ts';
import { hasControls, octetsLookLikeUcs2, septetsLookLikeUcs2 } from './looks-like.ts';
import { decodeNational, type Shifts } from './national-text.ts';
import { fillBitsAfter, unpackSeptets } from './packed.ts';
import { decodeUcs2 } from './ucs2.ts';

/** The user data of one short message. */
export interface Coded {
  /** Without the UDH. */
  readonly octets: Uint8Array;
  /** From its length octet on; empty where there is none. */
  readonly udh: Uint8Array;
}

export interface DecodedText {
  /** Well-formed. Of a binary message its octets as Latin-1. */
  readonly text: string;
  readonly encoding: ReceivedAlphabet;
  /**
   * `certain`: data_coding and octets agree. `likely`: the octets say that data_coding is wrong. `guess`: some of them
   * could not be read, or nothing says what they are.
   */
  readonly confidence: 'certain' | 'likely' | 'guess';
}

/**
 * The text of a message's parts, in order, all with the same data_coding (0 to 255). `alphabet` is what the carrier's
 * profile says of that data_coding: it counts more than the standard, and alone says that septets are packed, which
 * the octets do not show. Takes any octets: a message that reads badly is still better than none. What follows under
 * the same tables is joined first, so that a pair cut between two parts is whole again.
 */
export function decodeParts(parts: readonly Coded[], dataCoding: number, alphabet?: ReceivedAlphabet): DecodedText {
  const { text, ...rest } = decoded(parts, dataCoding, alphabet);
  return { text: text.toWellFormed(), ...rest };
}

/** The text of `octets` just as `dataCoding` and GSM's default tables have it, lone surrogates too: as a handset reads it, which guesses nothing. */
export function decodeText(octets: Uint8Array, dataCoding: number): string {
  const { alphabet } = meaningOf(dataCoding);
  if (alphabet === 'ucs2') return decodeUcs2(octets);
  if (alphabet === 'iso-8859-5' || alphabet === 'iso-8859-8') return new TextDecoder(alphabet).decode(octets);
  const isGsm = alphabet === 'gsm7' && octets.every((octet) => octet <= 0x7f);
  return isGsm ? decodeGsm(octets) : decodeLatin1(octets);
}

/** Whether a message under `dataCoding` is for a program; `alphabet` as with `decodeParts`. */
export function isBinary(dataCoding: number, alphabet?: ReceivedAlphabet): boolean {
  return (alphabet ?? meaningOf(dataCoding).alphabet) === 'binary';
}

function decoded(parts: readonly Coded[], dataCoding: number, given: ReceivedAlphabet | undefined): DecodedText {
  const { alphabet, isDefined } = given === undefined ? meaningOf(dataCoding) : { alphabet: given, isDefined: true };
  const octets =
    parts.length === 1 ? (parts[0]?.octets ?? new Uint8Array()) : Buffer.concat(parts.map((part) => part.octets));
  const sureness = isDefined ? 'certain' : 'guess';
  switch (alphabet) {
    case 'gsm7':
      return readGsm(parts, octets, given !== undefined);
    case 'gsm7-packed': {
      const septets = parts.map(({ octets: packed, udh }) => unpackSeptets(packed, fillBitsAfter(udh.length)));
      return { text: textOfSeptets(septets, parts), encoding: 'gsm7-packed', confidence: 'certain' };
    }
    case 'ascii':
      if (octets.some((octet) => octet > 0x7f)) return readNoSeptets(octets);
      if (given === undefined && septetsLookLikeUcs2(octets)) return likelyUcs2(octets);
      return { text: decodeLatin1(octets), encoding: 'ascii', confidence: 'certain' };
    case 'latin1':
      if (given === undefined && octets.includes(0) && octetsLookLikeUcs2(octets)) return likelyUcs2(octets);
      return { text: decodeLatin1(octets), encoding: 'latin1', confidence: sureness };
    case 'ucs2':
      return readUcs2(octets);
    case 'iso-8859-5':
    case 'iso-8859-8':
      return readIso(octets, alphabet);
    case 'binary':
      return { text: decodeLatin1(octets), encoding: 'binary', confidence: sureness };
    default:
      return unreachable(alphabet);
  }
}

function readGsm(parts: readonly Coded[], octets: Uint8Array, isGiven: boolean): DecodedText {
  if (octets.some((octet) => octet > 0x7f)) return readNoSeptets(octets);
  // Tables that a UDH names are GSM for sure, and where UTF-16 has its high octets those of India have letters.
  const isSure = isGiven || parts.some(({ udh }) => namesTables(readShifts(udh)));
  if (!isSure && septetsLookLikeUcs2(octets)) return likelyUcs2(octets);
  const septets = parts.map((part) => part.octets);
  return { text: textOfSeptets(septets, parts), encoding: 'gsm7', confidence: 'certain' };
}

/** This SMSC's data_coding for 7 bits is Latin-1 (quirk 25), unless it forgot to say UCS-2 (quirk 27). */
function readNoSeptets(octets: Uint8Array): DecodedText {
  if (octetsLookLikeUcs2(octets)) return likelyUcs2(octets);
  return {
    text: decodeLatin1(octets),
    encoding: 'latin1',
    confidence: hasControls(octets) ? 'guess' : 'likely',
  };
}

function likelyUcs2(octets: Uint8Array): DecodedText {
  return { text: decodeUcs2(octets), encoding: 'ucs2', confidence: 'likely' };
}

function readUcs2(octets: Uint8Array): DecodedText {
  const text = decodeUcs2(octets);
  const isWhole = octets.length % 2 === 0 && text.isWellFormed();
  return { text, encoding: 'ucs2', confidence: isWhole ? 'certain' : 'guess' };
}

function readIso(octets: Uint8Array, encoding: 'iso-8859-5' | 'iso-8859-8'): DecodedText {
  const text = new TextDecoder(encoding).decode(octets);
  return { text, encoding, confidence: text.includes('\ufffd') ? 'guess' : 'certain' };
}

function namesTables({ locking = 0, single = 0 }: Shifts): boolean {
  return locking !== 0 || single !== 0;
}

function textOfSeptets(septets: readonly Uint8Array[], parts: readonly Coded[]): string {
  const shifts = parts.map(({ udh }) => readShifts(udh));
  let text = '';
  let run: Uint8Array[] = [];
  for (const [index, body] of septets.entries()) {
    run.push(body);
    const [here, next] = [shifts[index] ?? {}, shifts[index + 1]];
    if (next !== undefined && here.locking === next.locking && here.single === next.single) continue;
    text += decodeNational(Buffer.concat(run), here);
    run = [];
  }
  return text;
}
