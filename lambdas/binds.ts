import type { CarrierStateEvent } from '#contract/connector-events.ts';
import { bindKey, isBindKey } from './carrier-state.ts';
import { isRelationKey, type LearnedRelation, relationsIn } from './id-relation.ts';
import type { Item, Table } from './ports.ts';

/** `silent`: its task has not reported for a while, and did not say goodbye: it hangs, died, or cannot reach the queue. */
export type BindState = CarrierStateEvent['state'] | 'silent';

/** What one task last reported of its bind. */
export interface Bind {
  readonly state: BindState;
  readonly report: CarrierStateEvent;
}

/** A report comes every 30 s, so three of them are missing. */
const silentAfterMs = 90_000;

export interface CarrierState {
  /** The last heard of first. A bind that has ended is none any more. */
  readonly binds: readonly Bind[];
  /** How its receipts write ids, what was met most first. */
  readonly relations: readonly LearnedRelation[];
}

export async function readCarrierState(table: Table, carrier: string, now: number): Promise<CarrierState> {
  const items = await table.partition(bindKey(carrier, '').pk);
  const binds = items
    .filter(isBindKey)
    .map(reportOf)
    .sort((a, b) => Date.parse(b.time) - Date.parse(a.time))
    .map((report) => ({ state: stateAt(now, report), report }))
    .filter(({ state }) => state !== 'stopped');
  return { binds, relations: relationsIn(items.find(isRelationKey)) };
}

export async function readBinds(table: Table, carrier: string, now: number): Promise<readonly Bind[]> {
  return (await readCarrierState(table, carrier, now)).binds;
}

/** A carrier is as well as the best of its binds; without any, nobody reports. */
export function stateOf(binds: readonly Bind[]): BindState {
  const states = binds.map(({ state }) => state);
  if (states.includes('bound')) return 'bound';
  return states.includes('unbound') ? 'unbound' : 'silent';
}

function stateAt(now: number, { state, time }: CarrierStateEvent): BindState {
  if (state === 'stopped') return state;
  return now - Date.parse(time) > silentAfterMs ? 'silent' : state;
}

/** As `carrier-state.ts` wrote it. */
function reportOf(item: Item): CarrierStateEvent {
  return item.state as CarrierStateEvent;
}
