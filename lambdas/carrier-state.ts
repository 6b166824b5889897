import type { CarrierStateEvent } from '#contract/connector-events.ts';
import type { TableKey } from '#contract/table.ts';
import type { Now, Table } from './ports.ts';

/** A bind that was not heard of for a day is forgotten: its task is gone. */
const forgetAfterSeconds = 86_400;

const bindPrefix = 'bind#';

export function bindKey(carrier: string, bindId: string): TableKey {
  return { pk: `carrier#${carrier}`, sk: `${bindPrefix}${bindId}` };
}

export function isBindKey({ sk }: TableKey): boolean {
  return sk.startsWith(bindPrefix);
}

/** Keeps the latest state of each bind, whatever the order in which they come; of two of one time, the greater id. */
export async function recordCarrierState(
  { table, now }: { readonly table: Table; readonly now: Now },
  event: CarrierStateEvent,
): Promise<void> {
  await table.update(bindKey(event.carrier, event.bindId), {
    update: 'SET #state = :state, happenedAt = :at, eventId = :id, expiresAt = :expiresAt',
    condition: 'attribute_not_exists(pk) OR happenedAt < :at OR (happenedAt = :at AND eventId < :id)',
    names: { '#state': 'state' },
    values: {
      ':state': event,
      ':at': Date.parse(event.time),
      ':id': event.id,
      ':expiresAt': Math.floor(now() / 1_000) + forgetAfterSeconds,
    },
  });
}
