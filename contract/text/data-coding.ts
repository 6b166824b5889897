import type { ReceivedAlphabet } from './alphabets.ts';

/** What a data_coding says that the octets are, and whether anybody can be sure of it. */
export interface Meaning {
  readonly alphabet: ReceivedAlphabet;
  readonly isDefined: boolean;
}

/**
 * Up to 0x0F data_coding is SMPP 3.4's own (5.2.19); above, SMSCs pass on the data coding scheme of
 * 3GPP TS 23.038, clause 4, also where SMPP reserves the value (quirk 29). "Latin-1?" has no text that
 * we can read: as Latin-1 each octet is one character.
 *
 *   data_coding  | meaning                                     | read as
 *   -------------+---------------------------------------------+--------------------------------
 *   0x00         | the SMSC's default alphabet                 | GSM
 *   0x01         | ASCII (IA5)                                 | ASCII
 *   0x02, 0x04   | octets, not text                            | binary
 *   0x03         | Latin-1                                     | Latin-1
 *   0x06, 0x07   | Cyrillic, Hebrew                            | ISO-8859-5, ISO-8859-8
 *   0x08         | UCS-2                                       | UCS-2
 *   to 0x0F      | JIS, KS C 5601, pictograms, reserved        | Latin-1?
 *   0x10 to 0x7F | general, marked for deletion                | see `generalMeaningOf`
 *   0x80 to 0xBF | reserved: to be taken as GSM                | GSM
 *   0xC0 to 0xDF | message waiting                             | GSM
 *   0xE0 to 0xEF | message waiting, UCS-2                      | UCS-2
 *   0xF0 to 0xFF | message class                               | bit 2: GSM, or binary
 */
export function meaningOf(dataCoding: number): Meaning {
  if (dataCoding <= 0x0f) return smppMeanings.get(dataCoding) ?? unreadable;
  if (dataCoding <= 0x7f) return generalMeaningOf(dataCoding);
  if (dataCoding <= 0xdf) return defined('gsm7');
  if (dataCoding <= 0xef) return defined('ucs2');
  return defined((dataCoding & 0x04) === 0 ? 'gsm7' : 'binary');
}

const unreadable: Meaning = { alphabet: 'latin1', isDefined: false };

function defined(alphabet: ReceivedAlphabet): Meaning {
  return { alphabet, isDefined: true };
}

const smppMeanings: ReadonlyMap<number, Meaning> = new Map([
  [0x00, defined('gsm7')],
  [0x01, defined('ascii')],
  [0x02, defined('binary')],
  [0x03, defined('latin1')],
  [0x04, defined('binary')],
  [0x06, defined('iso-8859-5')],
  [0x07, defined('iso-8859-8')],
  [0x08, defined('ucs2')],
]);

/** Groups 00xx and 01xx: bit 5 says compressed, which nobody reads; bits 3..2 the alphabet, of which 11 is reserved. */
function generalMeaningOf(dataCoding: number): Meaning {
  const isCompressed = (dataCoding & 0x20) !== 0;
  if (isCompressed) return unreadable;
  return defined((['gsm7', 'binary', 'ucs2', 'gsm7'] as const)[(dataCoding >> 2) & 0x03] ?? 'gsm7');
}
