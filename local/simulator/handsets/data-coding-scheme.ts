/** What a phone does with a message before it looks at the text. */
export interface DataCodingScheme {
  /** `data` is not text; `other` is an alphabet of which every octet has its bits. */
  readonly alphabet: 'gsm7' | 'data' | 'other';
  readonly kind: 'text' | 'flash' | 'waiting-indication';
}

/**
 * How phones take data_coding, of which up to 0x0F are of SMPP (3.4, 5.2.19), the rest of 3GPP TS 23.038, clause 4.
 *
 *   data_coding  | alphabet                              | kind
 *   -------------+---------------------------------------+------------------------------------------------
 *   0x00         | GSM 7 bit                             | text
 *   0x02, 0x04   | data                                  | text
 *   to 0x0F      | others                                | text
 *   0x10 to 0x7F | bits 3..2, compressed (bit 5) is data | bit 4: bits 1..0 are a class; flash if they are 0
 *   0x80 to 0xBF | GSM 7 bit                             | text
 *   0xC0 to 0xDF | GSM 7 bit                             | waiting indication
 *   0xE0 to 0xEF | UCS-2                                 | waiting indication
 *   0xF0 to 0xFF | bit 2: data, else GSM 7 bit           | bits 1..0 are a class; flash if they are 0
 */
export function dataCodingSchemeOf(dataCoding: number): DataCodingScheme {
  if (dataCoding <= 0x0f) return { alphabet: smppAlphabetOf(dataCoding), kind: 'text' };
  if (dataCoding <= 0x7f) return { alphabet: generalAlphabetOf(dataCoding), kind: classOf(dataCoding) };
  if (dataCoding <= 0xbf) return { alphabet: 'gsm7', kind: 'text' };
  if (dataCoding <= 0xdf) return { alphabet: 'gsm7', kind: 'waiting-indication' };
  if (dataCoding <= 0xef) return { alphabet: 'other', kind: 'waiting-indication' };
  return { alphabet: (dataCoding & 0x04) === 0 ? 'gsm7' : 'data', kind: classOf(dataCoding) };
}

function smppAlphabetOf(dataCoding: number): DataCodingScheme['alphabet'] {
  if (dataCoding === 0x00) return 'gsm7';
  return dataCoding === 0x02 || dataCoding === 0x04 ? 'data' : 'other';
}

function generalAlphabetOf(dataCoding: number): DataCodingScheme['alphabet'] {
  const isCompressed = (dataCoding & 0x20) !== 0;
  if (isCompressed) return 'data';
  return (['gsm7', 'data', 'other', 'gsm7'] as const)[(dataCoding >> 2) & 0x03] ?? 'gsm7';
}

/** Message class 0 is shown at once and not stored. Bit 4 says that there is a class; from 0xF0 on it is always set. */
function classOf(dataCoding: number): 'text' | 'flash' {
  return (dataCoding & 0x13) === 0x10 ? 'flash' : 'text';
}
