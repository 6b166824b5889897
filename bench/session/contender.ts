import type { Load } from './load.ts';

export interface Peer {
  readonly port: number;
  /** Of the bind: the SMSC waits so many ms with each answer. */
  readonly systemType: string;
}

/**
 * Binds to the SMSC, keeps every slot of `load` busy until it is over, and ends the session. Rejects, or throws where
 * nobody catches, when a message is not accepted.
 */
export type Contender = (peer: Peer, load: Load) => Promise<void>;
