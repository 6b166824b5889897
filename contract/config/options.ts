import * as z from 'zod';

/** An option, or a group of them, as the JSON Schema of the file has it; `form` is what `inWords` said. */
export type Option = z.core.JSONSchema.BaseSchema & { readonly form?: unknown };

export function optionsOf(schema: z.ZodType): Option {
  // What a user writes, so that what has a default may be left out.
  return z.toJSONSchema(schema, { io: 'input' });
}

/** The option that stands within another under `key`: a field, or of a list any entry. */
export function optionWithin(option: Option, key: PropertyKey): Option | undefined {
  if (typeof key === 'number') return option.items as Option | undefined;
  return fieldsOf(option).get(String(key)) ?? valuesOf(option);
}

/** The fields of an object, or of any of the objects that it may be. */
export function fieldsOf(option: Option): ReadonlyMap<string, Option> {
  const shapes = [option, ...(option.anyOf ?? [])];
  return new Map(shapes.flatMap(({ properties = {} }) => Object.entries(properties) as [string, Option][]));
}

/** Of an object whose keys the user chooses: each value. */
export function valuesOf({ additionalProperties: values }: Option): Option | undefined {
  return typeof values === 'object' ? (values as Option) : undefined;
}

/** What a value of the option must be, in words that continue "must be". */
export function allowedBy(option: Option): string {
  if (typeof option.form === 'string') return option.form;
  if (option.enum !== undefined) return `one of ${option.enum.map((value) => JSON.stringify(value)).join(', ')}`;
  switch (option.type) {
    case 'integer':
      return `a whole number from ${option.minimum} to ${option.maximum}`;
    case 'string':
      return option.minLength === undefined ? 'a string' : 'a string that is not empty';
    case 'boolean':
      return 'true or false';
    case 'array':
      return `${listOf(option)}, each ${allowedBy(option.items as Option)}`;
    default:
      return 'an object';
  }
}

function listOf({ minItems, maxItems }: Option): string {
  if (maxItems !== undefined) return `a list of ${minItems ?? 0} to ${maxItems} entries`;
  return minItems === undefined ? 'a list' : `a list of at least ${minItems} ${minItems === 1 ? 'entry' : 'entries'}`;
}
