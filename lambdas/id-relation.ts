import { type IdRelation, idRelations } from '#contract/receipts.ts';
import type { TableKey } from '#contract/table.ts';
import { expiresAt } from './facts.ts';
import type { Item, Now, Table } from './ports.ts';

/**
 * How a carrier's receipts write ids, as far as its receipts have shown: a count for each relation by which one was
 * matched. It only says what to try first; whatever is tried is checked.
 */
export interface LearnedRelation {
  readonly relation: IdRelation;
  /** Ids that were matched like that; no more than `enough` are counted. */
  readonly matched: number;
}

interface RelationPorts {
  readonly table: Table;
  readonly now: Now;
}

/** A carrier that writes every id in two ways must not cost a write for each. */
const enough = 20;
/** A process knows what others learnt within a minute. */
const cachedMs = 60_000;

interface Cached {
  readonly readAt: number;
  readonly learned: readonly LearnedRelation[];
}

/** What this process has read, by table and carrier. */
const cached = new WeakMap<Table, Map<string, Cached>>();

const sortKey = 'id-relation';

export function isRelationKey({ sk }: TableKey): boolean {
  return sk === sortKey;
}

/** Most often met first. */
export async function learnedRelations(ports: RelationPorts, carrier: string): Promise<readonly LearnedRelation[]> {
  const known = cacheOf(ports.table).get(carrier);
  if (known !== undefined && ports.now() - known.readAt < cachedMs) return known.learned;
  return remember(ports, carrier, await ports.table.get(keyOf(carrier)));
}

/** Counts an id that was matched. May count too few, when two count at once. */
export async function noteRelation(ports: RelationPorts, carrier: string, relation: IdRelation): Promise<void> {
  const learned = await learnedRelations(ports, carrier);
  const matched = learned.find((each) => each.relation === relation)?.matched ?? 0;
  if (matched >= enough) return;
  const counted = await ports.table.update(keyOf(carrier), {
    update: 'SET #relation = :more, expiresAt = :expiresAt',
    condition: matched === 0 ? 'attribute_not_exists(#relation)' : '#relation = :matched',
    names: { '#relation': relation },
    values: {
      ':more': matched + 1,
      ':expiresAt': expiresAt(ports.now()),
      ...(matched > 0 && { ':matched': matched }),
    },
  });
  if (counted === 'refused') cacheOf(ports.table).delete(carrier);
  else remember(ports, carrier, counted);
}

export function relationsIn(item: Item | undefined): LearnedRelation[] {
  return idRelations
    .map((relation) => ({ relation, matched: Number(item?.[relation] ?? 0) }))
    .filter(({ matched }) => matched > 0)
    .sort((a, b) => b.matched - a.matched);
}

function remember({ table, now }: RelationPorts, carrier: string, item: Item | undefined): readonly LearnedRelation[] {
  const learned = relationsIn(item);
  cacheOf(table).set(carrier, { readAt: now(), learned });
  return learned;
}

function cacheOf(table: Table): Map<string, Cached> {
  const found = cached.get(table) ?? new Map<string, Cached>();
  cached.set(table, found);
  return found;
}

function keyOf(carrier: string): TableKey {
  return { pk: `carrier#${carrier}`, sk: sortKey };
}
