/** What the text of a receipt says (SMPP 3.4, Appendix B), a word each as the SMSC wrote it; undefined where it says nothing. */
export interface ReceiptText {
  id: string | undefined;
  stat: string | undefined;
  err: string | undefined;
  submitDate: string | undefined;
  doneDate: string | undefined;
  /** There is a `sub` or a `dlvrd`. What they count is of no use: an SMSC knows no message, only its segments. */
  hasCounts: boolean;
}

/** A receipt must fit into an event, whatever an SMSC puts into it; the longest ids known have 64 characters (quirk 5). */
export const maxWordLength = 255;

/** Behind a field. In a word they may be of it. */
const separators = ',;|';

/** Lower case, but found in any. */
const names = {
  id: 'id',
  stat: 'stat',
  err: 'err',
  sub: 'sub',
  dlvrd: 'dlvrd',
  submitDate: 'submit date',
  doneDate: 'done date',
  text: 'text',
} as const;
type Field = keyof typeof names;

/** Where a field's name stands. */
interface Name {
  readonly field: Field;
  readonly start: number;
  /** Behind the colon. */
  readonly end: number;
}

export function emptyReceiptText(): ReceiptText {
  return {
    id: undefined,
    stat: undefined,
    err: undefined,
    submitDate: undefined,
    doneDate: undefined,
    hasCounts: false,
  };
}

/**
 * The first word of each field of Appendix B, in any case and order, and behind anything but a letter: `SMSAlert^id:1` has an id,
 * `void:1` none. One walk from colon to colon: in proportion to the length of `text`.
 *
 * Of a repeated field the first counts, but words that are no field's end a run of fields, and what a person wrote before the first run
 * with an id and a state is not the SMSC's: `Your id:5 is ready id:7 stat:DELIVRD` has the id 7 (quirk 20). Where no run has
 * both, the fields of all of them count.
 *
 * The field `text` holds what a person wrote, which may look like fields, so it ends the walk (quirk 20). But some SMSCs put an
 * empty one in the middle: see `addFieldsBehindText`.
 */
export function readReceiptText(text: string): ReceiptText {
  const all = emptyReceiptText();
  let run = emptyReceiptText();
  let name = nextName(text, 0);
  while (name !== undefined && name.field !== 'text') {
    const next = nextName(text, name.end);
    const to = next === undefined ? text.length : next.start;
    const word = firstWord(text, name.end, to);
    setFirst(all, name.field, word);
    setFirst(run, name.field, word);
    if (!hasIdAndStat(run) && isFollowedByWords(text, name, to)) run = emptyReceiptText();
    name = next;
  }
  if (name !== undefined) for (const fields of [all, run]) addFieldsBehindText(fields, text, name.end);
  return hasIdAndStat(run) ? run : all;
}

function hasIdAndStat({ id, stat }: ReceiptText): boolean {
  return id !== undefined && stat !== undefined;
}

/** Behind the field's own word, of which a date may have two: `done date:2026-01-02 15:04`. */
function isFollowedByWords(text: string, { field, end }: Name, to: number): boolean {
  let at = wordEnd(text, skipBlanks(text, end, to), to);
  if (field === 'submitDate' || field === 'doneDate') at = wordEnd(text, skipBlanks(text, at, to), to);
  return skipBlanks(text, at, to) < to;
}

/**
 * `text: stat:DELIVRD` has a field of the SMSC's: blanks follow an empty text, while `text:stat:DELIVRD` is what a person wrote. Such
 * fields count only where nothing else is behind `text`, one word each, none twice and none that came before; never an id, which would
 * put the receipt on somebody else's message, and never an err, which SMSCs that do so write before.
 */
function addFieldsBehindText(fields: ReceiptText, text: string, start: number): void {
  let name = nextName(text, start);
  if (name === undefined || name.start === start || skipBlanks(text, start, name.start) < name.start) return;
  const behind = new Map<Exclude<Field, 'text' | 'id'>, string>();
  while (name !== undefined) {
    const { field, end } = name;
    const next = nextName(text, end);
    const words = text.slice(end, next?.start).trim();
    if (field === 'text' || field === 'id' || behind.has(field) || wordEnd(words, 0, words.length) < words.length)
      return;
    behind.set(field, words.slice(0, maxWordLength));
    name = next;
  }
  behind.delete('err');
  for (const [field, word] of behind) setFirst(fields, field, word);
}

/** Of a repeated field the first counts. */
export function setFirst(fields: ReceiptText, field: Exclude<Field, 'text'>, word: string): void {
  if (field === 'sub' || field === 'dlvrd') fields.hasCounts = true;
  else fields[field] ??= word;
}

function nextName(text: string, from: number): Name | undefined {
  for (let colon = text.indexOf(':', from); colon !== -1; colon = text.indexOf(':', colon + 1)) {
    const nameEnd = beforeBlanks(text, colon, from);
    const field = fieldBefore(text, nameEnd);
    if (field !== undefined) return { field, start: nameEnd - names[field].length, end: colon + 1 };
  }
  return undefined;
}

/** Where the name ends that may stand before blanks and a colon: `id : 1`. */
function beforeBlanks(text: string, colon: number, from: number): number {
  let at = colon;
  while (at > from && isBlank(text.charCodeAt(at - 1))) at--;
  return at;
}

/** By the last letter of its name there are at most two that it can be. */
function fieldBefore(text: string, nameEnd: number): Field | undefined {
  switch (lowerCase(text, nameEnd - 1)) {
    case 0x64 /* d */:
      return either(text, nameEnd, 'id', 'dlvrd');
    case 0x65 /* e */:
      return either(text, nameEnd, 'doneDate', 'submitDate');
    case 0x74 /* t */:
      return either(text, nameEnd, 'stat', 'text');
    case 0x72 /* r */:
      return either(text, nameEnd, 'err');
    case 0x62 /* b */:
      return either(text, nameEnd, 'sub');
    default:
      return undefined;
  }
}

function either(text: string, nameEnd: number, one: Field, other = one): Field | undefined {
  if (isName(text, nameEnd, names[one])) return one;
  return other !== one && isName(text, nameEnd, names[other]) ? other : undefined;
}

function isName(text: string, nameEnd: number, name: string): boolean {
  const start = nameEnd - name.length;
  if (start < 0) return false;
  for (let i = 0; i < name.length; i++) if (lowerCase(text, start + i) !== name.charCodeAt(i)) return false;
  const before = start === 0 ? 0 : lowerCase(text, start - 1);
  return before < 0x61 /* a */ || before > 0x7a /* z */;
}

/** Of a letter; of a blank it is the blank. */
function lowerCase(text: string, at: number): number {
  return text.charCodeAt(at) | 0x20;
}

/** Without quotes, and without the commas and the like by which some SMSCs part the fields: `id:"1",stat:DELIVRD` has the id 1. */
function firstWord(text: string, from: number, to: number): string {
  let start = skipBlanks(text, from, to);
  let end = wordEnd(text, start, to);
  while (end > start && separators.includes(text.charAt(end - 1))) end--;
  if (end > start + 1 && isQuote(text.charCodeAt(start)) && text.charCodeAt(start) === text.charCodeAt(end - 1)) {
    start++;
    end--;
  }
  return text.slice(start, Math.min(end, start + maxWordLength));
}

function isQuote(code: number): boolean {
  return code === 0x22 /* " */ || code === 0x27; /* ' */
}

function skipBlanks(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isBlank(text.charCodeAt(at))) at++;
  return at;
}

function wordEnd(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && !isBlank(text.charCodeAt(at))) at++;
  return at;
}

/** Space, tab, line ends and the like, no-break space. */
function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0;
}
