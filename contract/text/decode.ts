import { unreachable } from '../unreachable.ts';
import { decodeGsm } from './gsm0338.ts';
import { decodeUcs2 } from './ucs2.ts';

/** `latin1` also stands for ASCII, which it contains, and for what has no text: it keeps every octet as one character. */
type Charset = 'gsm' | 'latin1' | 'ucs2' | 'iso-8859-5' | 'iso-8859-8';

/**
 * The text of a short message's octets (without the UDH), by the data_coding it came with, 0 to 255.
 * Takes any octets and any data_coding: a message that reads badly is still better than none.
 */
export function decodeText(octets: Uint8Array, dataCoding: number): string {
  const charset = charsetOf(dataCoding);
  switch (charset) {
    case 'gsm':
      // An octet over 0x7F is no septet: this SMSC's data_coding 0 is Latin-1 (quirk 25).
      return octets.some((octet) => octet > 0x7f) ? decodeLatin1(octets) : decodeGsm(octets);
    case 'latin1':
      return decodeLatin1(octets);
    case 'ucs2':
      return decodeUcs2(octets);
    case 'iso-8859-5':
    case 'iso-8859-8':
      return new TextDecoder(charset).decode(octets);
    default:
      return unreachable(charset);
  }
}

/**
 * Up to 0x0F data_coding is SMPP 3.4's own (5.2.19); above, SMSCs pass on the data coding scheme of
 * 3GPP TS 23.038, clause 4, also where SMPP reserves the value (quirk 29).
 *
 *   data_coding  | meaning                                     | read as
 *   -------------+---------------------------------------------+--------------------------------
 *   0x00         | the SMSC's default alphabet                 | GSM
 *   0x01         | ASCII (IA5)                                 | Latin-1
 *   0x02, 0x04   | octets, not text                            | Latin-1
 *   0x03         | Latin-1                                     | Latin-1
 *   0x06, 0x07   | Cyrillic, Hebrew                            | ISO-8859-5, ISO-8859-8
 *   0x08         | UCS-2                                       | UCS-2
 *   to 0x0F      | JIS, KS C 5601, pictograms, reserved        | Latin-1
 *   0x10 to 0x7F | general, marked for deletion                | bits 3..2, see `generalCharsetOf`
 *   0x80 to 0xBF | reserved: to be taken as GSM                | GSM
 *   0xC0 to 0xDF | message waiting                             | GSM
 *   0xE0 to 0xEF | message waiting, UCS-2                      | UCS-2
 *   0xF0 to 0xFF | message class                               | bit 2: GSM, or octets as Latin-1
 */
function charsetOf(dataCoding: number): Charset {
  if (dataCoding <= 0x0f) return smppCharsets.get(dataCoding) ?? 'latin1';
  if (dataCoding <= 0x7f) return generalCharsetOf(dataCoding);
  if (dataCoding <= 0xdf) return 'gsm';
  if (dataCoding <= 0xef) return 'ucs2';
  return (dataCoding & 0x04) === 0 ? 'gsm' : 'latin1';
}

const smppCharsets: ReadonlyMap<number, Charset> = new Map([
  [0x00, 'gsm'],
  [0x06, 'iso-8859-5'],
  [0x07, 'iso-8859-8'],
  [0x08, 'ucs2'],
]);

/** Groups 00xx and 01xx: bit 5 says compressed, bits 3..2 the alphabet, of which 11 is reserved. */
function generalCharsetOf(dataCoding: number): Charset {
  const compressed = (dataCoding & 0x20) !== 0;
  if (compressed) return 'latin1';
  return (['gsm', 'latin1', 'ucs2', 'gsm'] as const)[(dataCoding >> 2) & 0x03] ?? 'latin1';
}

function decodeLatin1(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1');
}
