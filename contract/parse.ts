import type * as z from 'zod';

/** Thrown for a message, profile or configuration that its schema refuses; the text names every bad field. */
export class InvalidInputError extends Error {
  override readonly name = 'InvalidInputError';
  readonly code = 'invalid-input';
  /** One line per fault: path, what is allowed, what was given. */
  readonly faults: readonly string[];

  constructor(what: string, faults: readonly string[], options?: ErrorOptions) {
    super(`${what}: ${faults.join('; ')}`, options);
    this.faults = faults;
  }
}

/** `value` as `schema` describes it. Throws `InvalidInputError` with all faults at once. */
export function parseAs<Schema extends z.ZodType>(schema: Schema, value: unknown, what: string): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new InvalidInputError(what, result.error.issues.map(describeIssue));
}

/** `text` as JSON that `schema` describes. Throws `InvalidInputError` for bad JSON too. */
export function parseJsonAs<Schema extends z.ZodType>(schema: Schema, text: string, what: string): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new InvalidInputError(what, ['not JSON'], { cause });
  }
  return parseAs(schema, value, what);
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(nameOf).join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}

/** A key that no schema of ours has is of a record, so somebody's data: only fields and indexes are told. */
function nameOf(key: PropertyKey): string {
  const name = String(key);
  return /^(\d{1,3}|\$?[A-Za-z][A-Za-z0-9]{0,29})$/.test(name) ? name : '…';
}
