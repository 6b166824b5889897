import { environment } from '#contract/environment.ts';
import { InvalidInputError } from '#contract/parse.ts';

/** Ends the start of a function: infra did not give it what it needs. */
export class MissingConfigurationError extends Error {
  override readonly name = 'MissingConfigurationError';
  readonly code = 'missing-configuration';
  readonly variables: readonly string[];

  constructor(variables: readonly string[]) {
    super(`environment variables missing or empty: ${variables.join(', ')}`);
    this.variables = variables;
  }
}

type Name = keyof typeof environment;

/** The values of `names`. Throws one error that names all variables that are missing. */
export function readEnvironment<const Wanted extends Name>(
  names: readonly Wanted[],
  variables: Readonly<Record<string, string | undefined>> = process.env,
): Readonly<Record<Wanted, string>> {
  const found = names.map((name) => [name, variables[environment[name]] ?? ''] as const);
  const missing = found.flatMap(([name, value]) => (value === '' ? [environment[name]] : []));
  if (missing.length > 0) throw new MissingConfigurationError(missing);
  return Object.fromEntries(found) as Record<Wanted, string>;
}

export interface WholeNumberRule {
  /** For a variable that is not set. */
  readonly otherwise: number;
  readonly min: number;
  readonly max: number;
}

/** Throws `InvalidInputError` for what is no whole number within the limits. */
export function readWholeNumber(
  name: Name,
  { otherwise, min, max }: WholeNumberRule,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): number {
  const given = variables[environment[name]] ?? '';
  if (given === '') return otherwise;
  const value = Number(given);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  const fault = `${environment[name]} must be a whole number, ${min} to ${max}, got ${JSON.stringify(given)}`;
  throw new InvalidInputError('environment', [fault]);
}
