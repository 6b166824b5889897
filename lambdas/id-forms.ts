/** Widths to which SMSCs fill ids up with zeros. */
const widths = [8, 10, 12, 16, 20];
/** Longer ones are no numbers that somebody writes in another base. */
const longestNumber = 40;

/**
 * How else an SMSC may write the id in its response, which a receipt writes like this (quirks 1 to 6): in the other
 * case, with or without leading zeros, in the other base, or as the hex digits of its characters. Not the id itself.
 */
export function otherForms(id: string): string[] {
  const forms = [id, ...otherBases(id), ...otherSpelling(id)].flatMap(filled).flatMap(inEitherCase);
  return [...new Set(forms)].filter((form) => form !== id && form !== '');
}

function otherBases(id: string): string[] {
  if (id.length > longestNumber) return [];
  const forms: string[] = [];
  if (/^\d+$/.test(id)) forms.push(BigInt(id).toString(16));
  if (/^[0-9a-f]+$/i.test(id)) forms.push(BigInt(`0x${id}`).toString());
  return forms;
}

function otherSpelling(id: string): string[] {
  const forms = [Buffer.from(id, 'latin1').toString('hex')];
  if (/^([2-7][0-9a-f])+$/i.test(id)) forms.push(Buffer.from(id, 'hex').toString('latin1'));
  return forms;
}

function filled(id: string): string[] {
  if (!/^[0-9a-f]+$/i.test(id)) return [id];
  const bare = id.replace(/^0+(?=.)/, '');
  return [id, bare, ...widths.filter((width) => width > bare.length).map((width) => bare.padStart(width, '0'))];
}

function inEitherCase(id: string): string[] {
  return [id, id.toLowerCase(), id.toUpperCase()];
}
