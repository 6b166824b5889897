/** What somebody who watches the SMSC wants to know; sessions by their number. */
export type SmscEvent =
  | { readonly kind: 'bound'; readonly session: number; readonly command: string; readonly systemId: string }
  | {
      readonly kind: 'bind-refused';
      readonly session: number;
      readonly command: string;
      readonly systemId: string;
      readonly status: number;
    }
  /** A request that the state of the bind does not allow, or of a command that the SMSC does not serve. */
  | { readonly kind: 'refused'; readonly session: number; readonly command: string; readonly status: number }
  /** Of a session that had been bound: its connection is gone. */
  | { readonly kind: 'ended'; readonly session: number; readonly systemId: string };
