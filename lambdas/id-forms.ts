import { type IdRelation, idRelations } from '#contract/receipts.ts';

/** An id as a response may have it, where a receipt writes it in another way. */
export interface IdForm {
  readonly id: string;
  readonly relation: IdRelation;
}

/** Widths to which SMSCs fill ids up with zeros. */
const widths = [8, 10, 12, 16, 20];
/** Longer ones are no numbers that somebody writes in another base. */
const longestNumber = 40;

/**
 * How else an SMSC may write the id in its response, which a receipt writes like this (quirks 1 to 6): in the other
 * case, with or without leading zeros, in the other base, or as the hex digits of its characters. Not the id itself, and
 * each form once, of the first relation that makes it.
 */
export function otherForms(id: string, relations: readonly IdRelation[] = idRelations): IdForm[] {
  const forms = new Map<string, IdRelation>();
  for (const relation of relations) {
    const bare = responseIdOf[relation](id);
    if (bare === undefined) continue;
    for (const form of filled(bare).flatMap(inEitherCase)) if (!forms.has(form)) forms.set(form, relation);
  }
  return [...forms].filter(([form]) => form !== id && form !== '').map(([form, relation]) => ({ id: form, relation }));
}

/**
 * The id without what SMSCs change most freely: its case, and the leading zeros of a number. Ids that are one in these are one
 * when nobody has the very same. Of what is no number (a UUID) zeros are no filling.
 */
export function folded(id: string): string {
  const lower = id.toLowerCase();
  return isHex(lower) ? withoutZeros(lower) : lower;
}

/** Whether `otherForms` of no receipt's id would have this one of a response: in both cases at once, or zeros to no usual width. */
export function isFoundFoldedOnly(id: string): boolean {
  return id !== '' && !filled(folded(id)).flatMap(inEitherCase).includes(id);
}

/** What the ids in responses are folded, which `otherForms` of this one may be; the id itself too. */
export function foldedForms(id: string, relations: readonly IdRelation[] = idRelations): IdForm[] {
  const forms = new Map<string, IdRelation>();
  for (const relation of relations) {
    const bare = responseIdOf[relation](id);
    if (bare !== undefined && bare !== '' && !forms.has(folded(bare))) forms.set(folded(bare), relation);
  }
  return [...forms].map(([form, relation]) => ({ id: form, relation }));
}

/** Whether the response may have the very same: small numbers are the same in both bases, and what is no number has none. */
export function isWrittenAlike(id: string, relation: IdRelation): boolean {
  const bare = responseIdOf[relation](id);
  return bare === undefined || folded(bare) === folded(id);
}

/** The id in the response, without the zeros and the case that it may have, by the id in the receipt. */
const responseIdOf: Readonly<Record<IdRelation, (id: string) => string | undefined>> = {
  same: (id) => id,
  'hex-to-decimal': (id) => (/^\d+$/.test(id) && isNumber(id) ? BigInt(id).toString(16) : undefined),
  'decimal-to-hex': (id) => (isHex(id) && isNumber(id) ? BigInt(`0x${id}`).toString() : undefined),
  'hex-to-text': (id) => Buffer.from(id, 'latin1').toString('hex'),
  'text-to-hex': (id) => (/^([2-7][0-9a-f])+$/i.test(id) ? Buffer.from(id, 'hex').toString('latin1') : undefined),
};

function filled(id: string): string[] {
  const bare = withoutZeros(id);
  if (!isHex(id)) return [id, bare];
  return [id, bare, ...widths.filter((width) => width > bare.length).map((width) => bare.padStart(width, '0'))];
}

function inEitherCase(id: string): string[] {
  return [id, id.toLowerCase(), id.toUpperCase()];
}

function isNumber(id: string): boolean {
  return withoutZeros(id).length <= longestNumber;
}

function withoutZeros(id: string): string {
  return id.replace(/^0+(?=.)/, '');
}

function isHex(id: string): boolean {
  return /^[0-9a-f]+$/i.test(id);
}
