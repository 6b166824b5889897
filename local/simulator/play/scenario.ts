import type { BehaviourChange } from './behaviour.ts';

/** A way to misbehave that has a name. */
export interface Scenario {
  /** What the SMSC does, in one line. */
  readonly says: string;
  readonly change: BehaviourChange;
}

export type Scenarios = Readonly<Record<string, Scenario>>;
