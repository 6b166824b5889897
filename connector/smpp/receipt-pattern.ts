import { emptyReceiptText, maxWordLength, type ReceiptText, setFirst } from './receipt-text.ts';

/** What a text says that reads like the pattern; undefined when it does not. */
export type ReceiptPattern = (text: string) => ReceiptText | undefined;

const fields = ['id', 'stat', 'err', 'sub', 'dlvrd', 'submitDate', 'doneDate', 'any'] as const;

/** A field, and the literal text behind it; that of the last one ends the text. */
interface Piece {
  readonly field: (typeof fields)[number];
  readonly literal: string;
}

const fieldsByName: ReadonlyMap<string, Piece['field']> = new Map(fields.map((name) => [name, name]));

/**
 * Compiles one of `receipts.patterns`, such as `Message {id} is {stat}{any}`. Its literal text is found in any case. A field is what
 * stands before the next place where the literal text behind it is, so nothing is tried twice, whatever the text.
 */
export function receiptPattern(template: string): ReceiptPattern {
  const [start = '', ...rest] = template.trim().split('{');
  const pieces = rest.map(pieceOf);
  const head = start.toLowerCase();
  const endsInField = pieces.at(-1)?.literal === '';
  // A blank at the end may be the last of a literal text, and the field behind it empty.
  return (text) => fieldsOf(endsInField ? text.trimStart() : text.trim(), head, pieces);
}

function pieceOf(written: string): Piece {
  const [name = '', literal = ''] = written.split('}');
  const field = fieldsByName.get(name);
  if (field === undefined) throw new Error(`a pattern's fields must be ${fields.join(', ')}, got ${name}`);
  return { field, literal: literal.toLowerCase() };
}

function fieldsOf(text: string, head: string, pieces: readonly Piece[]): ReceiptText | undefined {
  // Of Latin-1, as which a receipt is read, each character is one in lower case too.
  const lowerCase = text.toLowerCase();
  if (!lowerCase.startsWith(head)) return undefined;
  const found = emptyReceiptText();
  let from = head.length;
  for (const [index, { field, literal }] of pieces.entries()) {
    const isLast = index === pieces.length - 1;
    const end = isLast ? endBefore(lowerCase, literal) : lowerCase.indexOf(literal, from);
    if (end < from) return undefined;
    const word = text.slice(from, end).trim();
    if (word === '' && (field === 'id' || field === 'stat')) return undefined;
    if (field !== 'any') setFirst(found, field, word.slice(0, maxWordLength));
    from = end + literal.length;
  }
  return found;
}

/** Where the literal begins that ends `text`, or -1. */
function endBefore(text: string, literal: string): number {
  return text.endsWith(literal) ? text.length - literal.length : -1;
}
