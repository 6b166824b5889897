/** Where an SMSC listens. */
export interface Host {
  /** Name or address. */
  readonly host: string;
  readonly port: number;
}
