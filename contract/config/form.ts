import * as z from 'zod';

/**
 * What a value of an option must be, in words that continue "must be". Faults, `docs/configuration.md` and editors that
 * have the JSON Schema all say these; where limits or a list of values tell it all, none are needed.
 */
export function inWords(form: string): { readonly form: string } {
  return { form };
}

/** A string of one form. */
export function textOfForm(pattern: RegExp, form: string): z.ZodString {
  return z.string().regex(pattern, `must be ${form}`).meta(inWords(form));
}
