/** In which a text can be sent. */
export const alphabets = ['gsm7', 'latin1', 'ucs2'] as const;
export type Alphabet = (typeof alphabets)[number];

/** As which a received one can be read. `binary` is no text. */
export const receivedAlphabets = [
  'gsm7',
  'gsm7-packed',
  'ascii',
  'latin1',
  'ucs2',
  'iso-8859-5',
  'iso-8859-8',
  'binary',
] as const;
export type ReceivedAlphabet = (typeof receivedAlphabets)[number];
