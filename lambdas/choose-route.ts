import type { Route } from '#contract/routes.ts';
import { toError } from '#contract/to-error.ts';
import { readBinds, stateOf } from './binds.ts';
import { type Candidates, chooseBound } from './choose-carrier.ts';
import { describeError } from './log.ts';
import type { Log, Now, Table } from './ports.ts';

export interface ChooseRoutePorts {
  readonly table: Table;
  readonly log: Log;
  readonly now: Now;
}

/** Asks which of the candidates is bound, where there is a choice. A choice that cannot be made well is made all the same. */
export async function chooseRoute<Of extends Pick<Route, 'carrier'>>(
  { table, log, now }: ChooseRoutePorts,
  candidates: Candidates<Of>,
): Promise<Of> {
  if (candidates.length === 1) return candidates[0];
  try {
    const states = candidates.map(async ({ carrier }) => {
      const state = stateOf(await readBinds(table, carrier, now()));
      return state === 'bound' ? [carrier] : [];
    });
    return chooseBound(candidates, new Set((await Promise.all(states)).flat()));
  } catch (cause) {
    log.warn('the state of the carriers cannot be read: the first is taken', describeError(toError(cause)));
    return candidates[0];
  }
}
