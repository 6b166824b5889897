import { decodeText } from '#contract/text/decode.ts';
import { nationalLanguages } from '#contract/text/national-languages.ts';
import { decodeNational } from '#contract/text/national-text.ts';
import { fillBitsAfter, unpackSeptets } from '#contract/text/packed.ts';
import { elementIds, informationElements } from '#contract/text/udh.ts';
import { unreachable } from '#contract/unreachable.ts';
import type { Behaviour } from '../play/behaviour.ts';
import { type DataCodingScheme, dataCodingSchemeOf } from './data-coding-scheme.ts';

type HandsetBehaviour = Behaviour['handsets'];

/** The user data of one short message. */
export interface UserData {
  readonly udh: Uint8Array;
  readonly body: Uint8Array;
}

/** By their names; without a field the default alphabet, or its extension table, was used. */
export interface ShiftLanguages {
  readonly locking?: string;
  readonly single?: string;
}

/** What a phone makes of a whole message. */
export interface Shown {
  readonly kind: 'text' | 'flash' | 'binary' | 'waiting-indication';
  /** Empty if it is binary. */
  readonly text: string;
  /** In hexadecimal, if it is binary. */
  readonly data?: string;
  readonly ports?: { readonly source: number; readonly destination: number };
  readonly language?: ShiftLanguages;
}

interface Shifts {
  readonly locking: number;
  readonly single: number;
}

/** A message in the order of its parts, all with one data_coding. Characters that were cut are whole again. */
export function display(parts: readonly UserData[], dataCoding: number, handsets: HandsetBehaviour): Shown {
  const scheme = dataCodingSchemeOf(dataCoding);
  const headers = parts.map(({ udh }) => readHeader(udh));
  const ports = headers.find((header) => header.ports !== undefined)?.ports;
  if (scheme.alphabet === 'data' || ports !== undefined) {
    const data = Buffer.concat(parts.map(({ body }) => body)).toString('hex');
    return { kind: 'binary', text: '', data, ...(ports === undefined ? {} : { ports }) };
  }
  const isIndication = headers.some((header) => header.isIndication);
  const text = textOf(parts, { dataCoding, scheme, shifts: headers.map((header) => header.shifts) }, handsets);
  const language = scheme.alphabet === 'gsm7' ? languageOf(headers[0]?.shifts) : undefined;
  return {
    kind: isIndication ? 'waiting-indication' : scheme.kind,
    text: swapped(text, handsets),
    ...(language === undefined ? {} : { language }),
  };
}

/** An alphanumeric source_addr whose octets the network takes for GSM 03.38, one septet each. */
export function gsmSender(digits: string): string {
  return decodeNational(Buffer.from(digits, 'latin1'), {});
}

interface Header {
  readonly shifts: Shifts;
  readonly isIndication: boolean;
  readonly ports: { readonly source: number; readonly destination: number } | undefined;
}

const noHeader: Header = { shifts: { locking: 0, single: 0 }, isIndication: false, ports: undefined };

/** Of several elements of a kind the last counts. */
function readHeader(udh: Uint8Array): Header {
  if (udh.length === 0) return noHeader;
  const elements = informationElements(udh);
  const last = (id: number, octets: number) =>
    elements.findLast((element) => element.id === id && element.value.length === octets)?.value;
  const [locking = 0] = last(elementIds.lockingShift, 1) ?? [];
  const [single = 0] = last(elementIds.singleShift, 1) ?? [];
  return {
    shifts: { locking, single },
    isIndication: last(elementIds.specialMessage, 2) !== undefined,
    ports: readPorts(last(elementIds.ports16Bit, 4), last(elementIds.ports8Bit, 2)),
  };
}

/** The destination comes first (3GPP TS 23.040, 9.2.3.24.3 and 4). */
function readPorts(wide: Uint8Array | undefined, narrow: Uint8Array | undefined): Header['ports'] {
  if (wide !== undefined) {
    const [a = 0, b = 0, c = 0, d = 0] = wide;
    return { destination: a * 0x100 + b, source: c * 0x100 + d };
  }
  if (narrow === undefined) return undefined;
  const [destination = 0, source = 0] = narrow;
  return { destination, source };
}

interface Coding {
  readonly dataCoding: number;
  readonly scheme: DataCodingScheme;
  /** Of each part: 3GPP TS 23.040 has them in every part of a message. */
  readonly shifts: readonly Shifts[];
}

function textOf(
  parts: readonly UserData[],
  { dataCoding, scheme, shifts }: Coding,
  handsets: HandsetBehaviour,
): string {
  const bodies = parts.map(({ body }) => body);
  if (scheme.alphabet !== 'gsm7') return decodeText(Buffer.concat(bodies), dataCoding);
  const alphabet = dataCoding === 0 ? handsets.gsm7 : 'unpacked';
  switch (alphabet) {
    case 'latin1':
      return Buffer.concat(bodies).toString('latin1');
    case 'ascii':
      return Buffer.concat(bodies)
        .toString('latin1')
        .replace(/[\x80-\xff]/g, '\ufffd');
    case 'packed':
      return decodeSeptets(parts.map(septetsOf), shifts);
    case 'unpacked':
      return decodeSeptets(bodies, shifts);
    default:
      return unreachable(alphabet);
  }
}

/** Behind a UDH the first septet begins at the next multiple of seven bits (3GPP TS 23.040, 9.2.3.24). */
function septetsOf({ udh, body }: UserData): Uint8Array {
  return unpackSeptets(body, fillBitsAfter(udh.length));
}

/** What follows under the same tables is read as one, so that an ESC finds its character in the next part. */
function decodeSeptets(bodies: readonly Uint8Array[], shifts: readonly Shifts[]): string {
  let text = '';
  let run: Uint8Array[] = [];
  for (const [index, body] of bodies.entries()) {
    run.push(body);
    const [here, next] = [shifts[index], shifts[index + 1]];
    if (here?.locking === next?.locking && here?.single === next?.single) continue;
    text += decodeNational(Buffer.concat(run), here ?? {});
    run = [];
  }
  return text;
}

function languageOf(shifts: Shifts | undefined): ShiftLanguages | undefined {
  const locking = nationalLanguages.get(shifts?.locking ?? 0)?.name;
  const single = nationalLanguages.get(shifts?.single ?? 0)?.name;
  if (locking === undefined && single === undefined) return undefined;
  return { ...(locking === undefined ? {} : { locking }), ...(single === undefined ? {} : { single }) };
}

function swapped(text: string, { swaps, surrogates }: HandsetBehaviour): string {
  // Without the flag u each half is matched alone.
  const shown = surrogates === 'lost' ? text.replace(/[\ud800-\udfff]/g, '\ufffd') : text;
  if (Object.keys(swaps).length === 0) return shown;
  return shown.replace(/./gs, (unit) => swaps[unit] ?? unit);
}
