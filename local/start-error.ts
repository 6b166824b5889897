/** Something the user can put right kept the gateway from starting: the CLI prints the text, no stack, and exits with 1. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly code = 'cannot-start';
}
