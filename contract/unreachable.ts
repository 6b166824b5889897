/** Ends a `switch` over a union: a case that is missing fails to compile. */
export function unreachable(value: never): never {
  throw new Error(`unexpected case ${JSON.stringify(value)}`);
}
