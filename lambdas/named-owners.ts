import type { TableKey } from '#contract/table.ts';
import type { Owner } from './belonging.ts';
import { readJoin, withRecipients } from './join.ts';
import { foldedKey, receiptKeys } from './join-keys.ts';
import type { Table } from './ports.ts';

/** All to whom a response gave the id, at whatever time. */
export async function ownersNamed(table: Table, carrier: string, smscMessageId: string): Promise<readonly Owner[]> {
  return ownersAt(table, receiptKeys(carrier, smscMessageId));
}

/** All to whom a response gave an id that is this one folded, of those that are to be found in this way only. */
export async function ownersFolded(table: Table, carrier: string, foldedId: string): Promise<readonly Owner[]> {
  return ownersAt(table, [foldedKey(carrier, foldedId)]);
}

/**
 * Of an id that more have than there is room for, nobody: it tells nothing, in any form.
 * Who was found by another form, or guessed, has no forms in turn: two steps lead from one SMSC's `A1` to its `353`.
 */
async function ownersAt(table: Table, keys: readonly TableKey[]): Promise<readonly Owner[]> {
  const joins = await Promise.all(keys.map((key) => readJoin(table, key)));
  const owners = joins.flatMap((join) => (join === undefined || join.crowdedAt !== undefined ? [] : join.owners));
  return withRecipients(
    table,
    owners.filter(({ matchedBy }) => matchedBy === undefined),
  );
}
