/** What was caught, as an `Error`: used once, at the catch, so that nobody further on has to ask. */
export function toError(cause: unknown): Error {
  if (!(cause instanceof Error)) return new Error(String(cause), { cause });
  // Of a host with several addresses Node says nothing by itself, only of each.
  if (cause instanceof AggregateError && cause.message === '') {
    return new Error(cause.errors.map((error) => toError(error).message).join('; '), { cause });
  }
  return cause;
}
