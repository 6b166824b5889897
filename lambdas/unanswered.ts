import { createHash } from 'node:crypto';
import type { Due, TableKey } from '#contract/table.ts';
import { dueFor, expiresAt, type Fact } from './facts.ts';
import type { Message } from './messages.ts';
import { type Guess, leavesDoubt, plainAddress, receiptsEndAfterMs } from './owner-of-receipt.ts';
import type { Item, Now, Table } from './ports.ts';

/**
 * Where messages that leave a doubt (`owner-of-receipt.ts`) and ids that no response gave out find each other: one
 * partition for each carrier and recipient. Each side first writes its item, then reads those of the other, so whoever
 * comes second sees both. An item stays until its time to live ends: who reads it asks the message, or the join, how
 * things stand, so that nothing has to be written when the response is heard after all.
 */
export interface SameRecipient {
  readonly messageIds: readonly string[];
  /** Joins of the ids. */
  readonly joins: readonly TableKey[];
}

interface UnansweredPorts {
  readonly table: Table;
  readonly now: Now;
}

/**
 * How long after a receipt came, or after a message ended unanswered, it is decided whose the receipt is. By then the
 * responses that were under way are applied, and a message that is sent at least once was tried again several times
 * (seven times within about a minute, then from the lane), so that it is known to have copies.
 */
export const decideAfterMs = 3_600_000;

/** The longest validity, the days in which receipts come, and one for what is late. */
const keptDays = 7;

const messagePrefix = 'message#';

export function isUnansweredKey({ sk }: TableKey): boolean {
  return sk.startsWith(messagePrefix);
}

/** Remembers the message if the fact leaves a doubt. Receipts can have come before the message ended: they are due with it. */
export async function noteUnanswered(ports: UnansweredPorts, { row }: Message, fact: Fact): Promise<void> {
  if (!leavesDoubt(fact, row)) return;
  const key = unansweredKey(row.carrier, row.to, row.id);
  const due = fact.type === 'expired' ? dueFor(key, ports.now() + decideAfterMs) : undefined;
  await put(ports, key, { until: Date.parse(row.validUntil) + receiptsEndAfterMs, ...due });
}

/** Remembers that a receipt for this recipient names an id of which no response told. */
export async function noteUnknownId(
  ports: UnansweredPorts,
  join: TableKey,
  of: { carrier: string; recipient: string },
) {
  await put(ports, { pk: partitionFor(of.carrier, of.recipient), sk: join.pk }, {});
}

/** All that a receipt of that time has to be compared with: messages that had their time before are left out. */
export async function readSameRecipient(table: Table, pk: string, receiptTime: number): Promise<SameRecipient> {
  const items = await table.partition(pk);
  return {
    messageIds: items.filter((item) => isUnansweredKey(item) && Number(item.until) >= receiptTime).map(messageIdOf),
    joins: items.filter((item) => !isUnansweredKey(item)).map(({ sk }) => ({ pk: sk, sk: 'join' })),
  };
}

/** A segment was accepted under one id. Two that are decided at once must not both get it. */
export async function reserve(table: Table, guess: Guess, of: { pk: string; join: TableKey }): Promise<boolean> {
  const key = { pk: of.pk, sk: `${messagePrefix}${guess.messageId}` };
  const reserved = await table.update(key, {
    update: 'SET #segment = :join',
    condition: 'attribute_exists(pk) AND (attribute_not_exists(#segment) OR #segment = :join)',
    names: { '#segment': `segment${guess.segment}` },
    values: { ':join': of.join.pk },
  });
  return reserved !== 'refused';
}

/** The message's receipts were looked for. */
export async function markLookedFor(table: Table, key: TableKey): Promise<void> {
  await table.update(key, { update: 'REMOVE dueShard, dueAt', condition: 'attribute_exists(pk)' });
}

/** Hashed: keys get into logs, and a recipient must not. */
export function partitionFor(carrier: string, recipient: string): string {
  const hash = createHash('sha256')
    .update(`${carrier} ${plainAddress(recipient)}`)
    .digest('hex');
  return `unanswered#${hash}`;
}

function unansweredKey(carrier: string, recipient: string, messageId: string): TableKey {
  return { pk: partitionFor(carrier, recipient), sk: `${messagePrefix}${messageId}` };
}

function messageIdOf({ sk }: Item): string {
  return sk.slice(messagePrefix.length);
}

async function put({ table, now }: UnansweredPorts, key: TableKey, attributes: Partial<Due> & { until?: number }) {
  const values = { ...attributes, expiresAt: expiresAt(now(), keptDays) };
  const names = Object.keys(values);
  await table.update(key, {
    update: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
    names: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [`:${name}`, value])),
  });
}
