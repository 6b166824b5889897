/** A value that a public source states of an SMSC, and that source. */
export interface SourcedValue {
  /** Of `carriers[]` in `gateway.config.json`: `enquireLink.idleMs`. */
  readonly option: string;
  readonly value: unknown;
  /** Where it is stated, */
  readonly source: string;
  /** when that was read (year-month-day), */
  readonly retrieved: string;
  /** and what it says, in short. */
  readonly says: string;
}

/** What a vendor's own documents, or a server's source, say of it. Nobody tried it against the live SMSC. */
export interface Preset {
  readonly title: string;
  readonly values: readonly SourcedValue[];
  /** What is stated but is yours to decide, or is contradicted, so that it is no value here. */
  readonly notes: readonly string[];
}
