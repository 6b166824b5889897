/** A PDU that cannot be written: nothing was. Whoever made it reports it; trying again cannot help. */
export class InvalidPduError extends Error {
  override readonly name = 'InvalidPduError';
  readonly code = 'invalid-pdu';
  readonly field: string;

  /** `got` says a length or a number, never what a person wrote or their number. */
  constructor(field: string, allowed: string, got: string) {
    super(`${field} must be ${allowed}, got ${got}`);
    this.field = field;
  }
}

/** What comes cannot be cut into PDUs, nor anything after it: the connection is of no more use. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
  readonly code = 'bad-framing';
  /** The first four octets, read as command_length. */
  readonly commandLength: number;

  constructor(message: string, commandLength: number) {
    super(message);
    this.commandLength = commandLength;
  }
}

/** What a bind needs cannot be read or used: no host is at fault, so none is passed over, and it is tried again less often. */
export class NoSecretError extends Error {
  override readonly name = 'NoSecretError';
  readonly code = 'no-secret';
}
