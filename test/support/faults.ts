import { InvalidInputError } from '#contract/parse.ts';

/** What `parse` finds fault with; nothing when it does not throw. */
export function faultsOf(parse: () => unknown): readonly string[] {
  try {
    parse();
  } catch (error) {
    if (error instanceof InvalidInputError) return error.faults;
    throw error;
  }
  return [];
}
