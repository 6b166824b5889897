/** What was caught, as an `Error`: used once, at the catch, so that nobody further on has to ask. */
export function toError(cause: unknown): Error {
  return cause instanceof Error ? cause : new Error(String(cause), { cause });
}
