import { createHash } from 'node:crypto';
import type { PartEvent } from '#contract/connector-events.ts';
import type { TableKey } from '#contract/table.ts';
import type { AssemblyState, Publishing } from './assembly-step.ts';
import { concurrently } from './concurrently.ts';
import { dueFor, expiresAt } from './facts.ts';
import { deliveryOf, type PartToken, readToken, writeToken } from './part-token.ts';
import type { Change, Item, Now, Table } from './ports.ts';

/**
 * One item for all messages whose parts have one carrier, sender, recipient, kind of reference, reference and total,
 * and one for each part, for 255 of them do not fit into one. `open` is a set of tokens that anybody adds to at
 * any time. All else changes only between `decide` and `finish`, of which there is one pair at a time: `publishing` says
 * that it has begun, and `finished` counts those that ended.
 */
export interface Assembly extends AssemblyState {
  readonly key: TableKey;
  readonly finished: number;
  readonly dueAt?: number | undefined;
}

interface AssemblyPorts {
  readonly table: Table;
  readonly now: Now;
}

/** The longest time that parts are waited for, and a day in which to repair what may be broken. */
const keptDays = 3;
/** An SMSC that had no answer may send again for a day (quirk 61). */
const doneForMs = 86_400_000;
/** More than one message has. */
const maxDone = 300;
const claimMs = 60_000;
const readsAtOnce = 16;
const sortKey = 'assembly';

export function isAssemblyKey({ sk }: TableKey): boolean {
  return sk === sortKey;
}

/** Hashed: keys get into logs, and numbers must not. */
function assemblyKey({ carrier, from, to, concatenation }: PartEvent): TableKey {
  const { kind, reference, total } = concatenation;
  const hash = createHash('sha256').update(JSON.stringify([carrier, from, to, kind, reference, total]));
  return { pk: `assembly#${hash.digest('hex')}`, sk: sortKey };
}

/** The part's token. What is kept under a delivery first stays. */
export async function keepPart({ table, now }: AssemblyPorts, event: PartEvent): Promise<string> {
  const key = partKey(assemblyKey(event), deliveryOf(event));
  const token = writeToken(event, now());
  const made = await table.create({ ...key, token, event, expiresAt: expiresAt(now(), keptDays) });
  if (made === 'created') return token;
  const kept = await table.get(key);
  return typeof kept?.token === 'string' ? kept.token : token;
}

/** The assembly with the part in it; as it is, where the part was in a message that is published. */
export async function addToAssembly(ports: AssemblyPorts, event: PartEvent, token: string): Promise<Assembly> {
  const { table, now } = ports;
  const key = assemblyKey(event);
  const { dueShard, dueAt } = dueFor(key, readToken(token).until);
  const added = await table.update(key, {
    update:
      'ADD #open :added SET #total = :total, finished = if_not_exists(finished, :zero), dueShard = :shard, ' +
      'dueAt = if_not_exists(dueAt, :at), expiresAt = :expiresAt',
    condition: 'NOT contains(done, :token)',
    names: { '#open': 'open', '#total': 'total' },
    values: {
      ':added': new Set([token]),
      ':token': token,
      ':total': event.concatenation.total,
      ':zero': 0,
      ':shard': dueShard,
      ':at': dueAt,
      ':expiresAt': expiresAt(now(), keptDays),
    },
  });
  return added === 'refused' ? readAssembly(table, key) : assemblyOf(added);
}

export async function readAssembly(table: Table, key: TableKey): Promise<Assembly> {
  return assemblyOf((await table.get(key)) ?? key);
}

/** Those of the parts that are still there. */
export async function readParts(table: Table, { key }: Assembly, tokens: readonly PartToken[]): Promise<PartEvent[]> {
  const items = await concurrently(tokens, readsAtOnce, ({ delivery }) => table.get(partKey(key, delivery)));
  return items.flatMap((item) => (item === undefined ? [] : [item.event as PartEvent]));
}

/** From now on nobody publishes anything else of the assembly. `lost` when somebody decided first. */
export async function decide(
  ports: AssemblyPorts,
  assembly: Assembly,
  message: Pick<Publishing, 'tokens' | 'possibleDuplicate'>,
): Promise<Assembly | 'lost'> {
  const { tokens, possibleDuplicate } = message;
  return change(ports.table, assembly, {
    update: 'SET publishing = :publishing, claimedUntil = :until',
    condition: 'attribute_not_exists(publishing)',
    values: {
      ':publishing': { id: messageIdOf(assembly, tokens), tokens: tokens.map(written), possibleDuplicate },
      ':until': ports.now() + claimMs,
    },
  });
}

/** Goes on in place of one who has had his time. */
export async function takeOver(
  ports: AssemblyPorts,
  assembly: Assembly,
  { claimedUntil }: Publishing,
): Promise<Assembly | 'lost'> {
  return change(ports.table, assembly, {
    update: 'SET claimedUntil = :until',
    condition: 'claimedUntil = :seen',
    values: { ':until': ports.now() + claimMs, ':seen': claimedUntil },
  });
}

/** The message is published: its parts are known as such for a day. */
export async function finish(ports: AssemblyPorts, assembly: Assembly, message: Publishing): Promise<Assembly> {
  const since = ports.now() - doneForMs;
  const before = assembly.done.filter(({ time }) => time >= since).toSorted((a, b) => b.time - a.time);
  const known = [...message.tokens, ...before].slice(0, maxDone);
  return remove(ports.table, assembly, {
    tokens: message.tokens,
    sets: ['done = :done', 'finished = :next'],
    removes: ['publishing', 'claimedUntil'],
    condition: 'attribute_exists(publishing)',
    values: { ':done': new Set(known.map(written)), ':next': assembly.finished + 1 },
  });
}

/** Repeats: nobody waits for what goes with them. */
export function drop({ table }: AssemblyPorts, assembly: Assembly, tokens: readonly PartToken[]): Promise<Assembly> {
  const condition = 'attribute_not_exists(publishing)';
  return remove(table, assembly, { tokens, sets: [], removes: [], condition, values: {} });
}

/** Has `settle-due` look again at that time, or never. Refused, rightly, when a part came meanwhile. */
export async function reschedule({ table }: AssemblyPorts, assembly: Assembly, until?: number): Promise<void> {
  const seen = assembly.dueAt === undefined ? 'attribute_not_exists(dueAt)' : 'dueAt = :seen';
  const { dueShard, dueAt } = dueFor(assembly.key, until ?? 0);
  const values = { ...(assembly.dueAt !== undefined && { ':seen': assembly.dueAt }) };
  await table.update(
    assembly.key,
    until === undefined
      ? { update: notDue, condition: `${seen} AND attribute_not_exists(#open)`, names: { '#open': 'open' }, values }
      : {
          update: 'SET dueShard = :shard, dueAt = :at',
          condition: `${seen} AND attribute_exists(#open)`,
          names: { '#open': 'open' },
          values: { ...values, ':shard': dueShard, ':at': dueAt },
        },
  );
}

const notDue = 'REMOVE dueShard, dueAt';

interface Removal {
  readonly tokens: readonly PartToken[];
  readonly sets: readonly string[];
  readonly removes: readonly string[];
  readonly condition: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Takes tokens out; when they are the last, nothing is due any more. The assembly as it is then. */
async function remove(table: Table, assembly: Assembly, removal: Removal): Promise<Assembly> {
  const { tokens, sets, removes, condition, values } = removal;
  const update = (extra: readonly string[]) => {
    const removed = [...removes, ...extra];
    const clauses = [
      ...(sets.length > 0 ? [`SET ${sets.join(', ')}`] : []),
      ...(removed.length > 0 ? [`REMOVE ${removed.join(', ')}`] : []),
      'DELETE #open :tokens',
    ];
    return clauses.join(' ');
  };
  const common = { names: { '#open': 'open' }, values: { ...values, ':tokens': new Set(tokens.map(written)) } };
  if (tokens.length === assembly.open.length) {
    const removed = await change(table, assembly, {
      ...common,
      update: update(['dueShard', 'dueAt']),
      condition: `${condition} AND size(#open) = :count`,
      values: { ...common.values, ':count': tokens.length },
    });
    if (removed !== 'lost') return removed;
  }
  const removed = await change(table, assembly, { ...common, update: update([]), condition });
  return removed === 'lost' ? readAssembly(table, assembly.key) : removed;
}

/** Only as long as no message was finished since the assembly was read. */
async function change(table: Table, { key, finished }: Assembly, change: Change): Promise<Assembly | 'lost'> {
  const changed = await table.update(key, {
    ...change,
    condition: `finished = :finished AND ${change.condition}`,
    values: { ...change.values, ':finished': finished },
  });
  return changed === 'refused' ? 'lost' : assemblyOf(changed);
}

function partKey({ pk }: TableKey, delivery: string): TableKey {
  return { pk, sk: `part#${delivery}` };
}

/** From what is in it: whoever publishes the message again does so under the same id. */
function messageIdOf({ key }: Assembly, tokens: readonly PartToken[]): string {
  const deliveries = tokens.map(({ delivery }) => delivery).sort();
  return createHash('sha256')
    .update([key.pk, ...deliveries].join(' '))
    .digest('hex')
    .slice(0, 32);
}

function written(token: PartToken): string {
  return token.written;
}

type StoredAssembly = TableKey & {
  readonly total?: number;
  readonly finished?: number;
  readonly dueAt?: number;
  readonly open?: ReadonlySet<string>;
  readonly done?: ReadonlySet<string>;
  readonly publishing?: {
    readonly id: string;
    readonly tokens: readonly string[];
    readonly possibleDuplicate: boolean;
  };
  readonly claimedUntil?: number;
};

function assemblyOf(item: Item | TableKey): Assembly {
  const { pk, sk, total = 0, finished = 0, dueAt, publishing, claimedUntil = 0, ...sets }: StoredAssembly = item;
  return {
    key: { pk, sk },
    total,
    finished,
    dueAt,
    open: [...(sets.open ?? [])].map(readToken),
    done: [...(sets.done ?? [])].map(readToken),
    publishing: publishing && { ...publishing, tokens: publishing.tokens.map(readToken), claimedUntil },
  };
}
