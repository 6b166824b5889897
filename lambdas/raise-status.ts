import type { StatusEvent } from '#contract/cloud-events.ts';
import { dueFor } from './facts.ts';
import { graceMs, type Message, readMessage, rowKey } from './messages.ts';
import type { Log, Table, Topic } from './ports.ts';
import { receiptsAwaitedUntil } from './receipts-awaited.ts';
import { hasOutcome, type Milestone, type RollUp, rollUp } from './roll-up.ts';
import { statusEvent } from './status-event.ts';

/** More than ever work on one message at once: each look that fails means that another one's succeeded. */
const maxLooks = 100;

export interface RaiseStatusPorts {
  readonly table: Table;
  readonly topic: Topic;
  readonly log: Log;
}

/**
 * Brings a message's row up to its history, then publishes the milestones that are new. May be called at any
 * time and by many at once: the row keeps what was worked out from the most facts, and a milestone is marked
 * only after the topic took it, so it is published at least once, always with the same id. Returns the message, if
 * there is one, as it was read last.
 */
export async function raiseStatus(ports: RaiseStatusPorts, messageId: string): Promise<Message | undefined> {
  for (let look = 1; look <= maxLooks; look += 1) {
    const message = await readMessage(ports.table, messageId);
    if (message === undefined) {
      ports.log.warn('a fact of a message that has no row: kept, not published', { messageId });
      return undefined;
    }
    const result = rollUp(message.history);
    if ((await saveStatus(ports.table, message, result)) === 'saved') {
      await publish(ports, message, result.milestones);
      return message;
    }
    // Somebody who had read more facts was faster: look again.
  }
  throw new Error(`the row of message ${messageId} counts more facts than there are`);
}

async function saveStatus(table: Table, { row, history }: Message, { status }: RollUp): Promise<'saved' | 'refused'> {
  const dueAt = hasOutcome(status) ? dueAfterOutcome({ row, history }) : row.dueAt;
  if (row.factCount === history.length && row.status === status && row.dueAt === dueAt) return 'saved';
  const due = dueAt === undefined ? undefined : dueFor(rowKey(row.id), dueAt);
  const updated = await table.update(rowKey(row.id), {
    update: `SET #status = :status, factCount = :count${due ? ', dueShard = :shard, dueAt = :at' : ' REMOVE dueShard, dueAt'}`,
    // Of a row that is gone the attribute is missing, and the condition fails too.
    condition: 'factCount <= :count',
    names: { '#status': 'status' },
    values: {
      ':status': status,
      ':count': history.length,
      ...(due && { ':shard': due.dueShard, ':at': due.dueAt }),
    },
  });
  return updated === 'refused' ? 'refused' : 'saved';
}

/**
 * What a row waits for once its outcome is known: for its text to be forgotten, if it is to be, and while receipts are
 * awaited for their time to be over. An ordinary message has its receipts long before the time at which its row is due
 * anyway: only then is that put off (`settle-message.ts`), so that waiting costs no write, unless it is to end sooner.
 */
function dueAfterOutcome(message: Message): number | undefined {
  const { text, textUntil, validUntil, dueAt } = message.row;
  const until = receiptsAwaitedUntil(message);
  const anyway = Date.parse(validUntil) + graceMs;
  const times = [
    ...(text === '' || textUntil === undefined ? [] : [textUntil]),
    ...(until === undefined ? [] : [until < anyway - graceMs ? until : (dueAt ?? anyway)]),
  ];
  return times.length === 0 ? undefined : Math.min(...times);
}

async function publish({ table, topic }: RaiseStatusPorts, message: Message, milestones: readonly Milestone[]) {
  const fresh = milestones.filter(({ key }) => !message.row.published?.has(key));
  if (fresh.length === 0) return;
  const events: StatusEvent[] = fresh.map((milestone) => statusEvent(message, milestone));
  for (const event of events) await topic.publish(event);
  await markPublished(table, message.row.id, fresh);
}

async function markPublished(table: Table, messageId: string, milestones: readonly Milestone[]): Promise<void> {
  await table.update(rowKey(messageId), {
    update: 'ADD published :keys',
    condition: 'attribute_exists(pk)',
    values: { ':keys': new Set(milestones.map(({ key }) => key)) },
  });
}
