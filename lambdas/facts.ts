import { createHash } from 'node:crypto';
import type { MatchedBy } from '#contract/cloud-events.ts';
import type { MessageEvent, ReceiptEvent } from '#contract/connector-events.ts';
import type { MessageStatus } from '#contract/status.ts';
import { type Due, dueShards, retentionDays, type TableKey } from '#contract/table.ts';
import type { Item, Now, Table } from './ports.ts';

/** A receipt that was found to be about a segment of ours. */
export interface AppliedReceipt extends ReceiptEvent {
  readonly messageId: string;
  readonly segment: number;
  /** Of how many, where no response may have told. */
  readonly segments?: number;
  readonly matchedBy: MatchedBy;
}

/**
 * What we said because nobody else did in time. `unconfirmed` and `delivered` are about receipts that never came, and
 * hold until one tells otherwise; the others hold only until the SMSC is heard to have accepted the message.
 */
export interface Verdict {
  readonly type: 'verdict';
  readonly id: string;
  readonly messageId: string;
  readonly time: string;
  readonly status: Extract<MessageStatus, 'uncertain' | 'expired' | 'failed' | 'unconfirmed' | 'delivered'>;
  readonly reason: string;
}

/**
 * One entry of a message's history. Facts are only ever added, each under its own id, so a message's history
 * is the same set in whatever order and however often its facts came; its status is worked out from the set.
 */
export type Fact = MessageEvent | AppliedReceipt | Verdict;

const historyPrefix = 'event#';

/** A fact whose handler has died is handled again by `settle-due` after this. */
const retryAfterMs = 120_000;

interface FactPorts {
  readonly table: Table;
  readonly now: Now;
}

/**
 * Puts the fact into its message's history, due until `markHandled`. What is stored under an id first stays:
 * go on with the fact that this returns. `handled` when an earlier call came to the end.
 */
export async function recordFact({ table, now }: FactPorts, fact: Fact): Promise<Fact | 'handled'> {
  const key = factKey(fact);
  const item = { ...key, fact, ...dueFor(key, now() + retryAfterMs), expiresAt: expiresAt(now()) };
  if ((await table.create(item)) === 'created') return fact;
  const stored = await table.get(key);
  // Gone within a moment: its time to live ended, and with it the message's.
  if (stored === undefined || stored.dueAt === undefined) return 'handled';
  return factOf(stored);
}

export async function markHandled(table: Table, fact: Fact): Promise<void> {
  await table.update(factKey(fact), { update: 'REMOVE dueShard, dueAt', condition: 'attribute_exists(pk)' });
}

export function isFactKey({ sk }: TableKey): boolean {
  return sk.startsWith(historyPrefix);
}

/** A fact as it was stored: it was checked, or made by us, before. */
export function factOf(item: Item): Fact {
  return item.fact as Fact;
}

export function factKey(fact: Fact): TableKey {
  return { pk: partitionOf(fact.messageId), sk: `${historyPrefix}${fact.id}` };
}

/** All that belongs to one message. */
export function partitionOf(messageId: string): string {
  return `message#${messageId}`;
}

export function dueFor({ pk, sk }: TableKey, dueAt: number): Due {
  const [octet = 0] = createHash('sha256').update(`${pk} ${sk}`).digest();
  return { dueShard: String(octet % dueShards), dueAt };
}

export function expiresAt(nowMs: number, days = retentionDays): number {
  return Math.floor(nowMs / 1_000) + days * 86_400;
}
