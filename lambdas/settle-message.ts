import type { MessageStatus } from '#contract/status.ts';
import type { TableKey } from '#contract/table.ts';
import { applyFact, type ProjectionPorts } from './apply-event.ts';
import { partitionOf, type Verdict } from './facts.ts';
import { type Message, readMessage, rest } from './messages.ts';
import { raiseStatus } from './raise-status.ts';
import { receiptsAwaitedUntil, verdictOnReceipts } from './receipts-awaited.ts';
import { hasOutcome, rollUp } from './roll-up.ts';

/**
 * Does for a message what its time has come for:
 *
 *   without an outcome               `uncertain` if it was about to be sent at most once, else `expired`
 *   sent, receipts asked for         waits on for them; when their time is over, what came decides
 *   its text was kept long enough    the text is forgotten
 *
 * What is left to wait for is written last: if the process dies before, the message is due still.
 */
export async function settleMessage(ports: ProjectionPorts, { pk }: TableKey): Promise<void> {
  const message = await readMessage(ports.table, pk.slice(partitionOf('').length));
  if (message?.row.dueAt === undefined || message.row.dueAt > ports.now()) return;
  const { id } = message.row;
  const time = new Date(ports.now()).toISOString();
  const { status } = rollUp(message.history);
  if (!hasOutcome(status)) return applyFact(ports, verdictOn(id, status, time));
  const until = receiptsAwaitedUntil(message);
  if (until !== undefined && until <= ports.now()) await applyFact(ports, verdictOnReceipts(message, time));
  // A handler may have died between a fact and the row: that fact is due too.
  const raised = await raiseStatus(ports, id);
  if (raised !== undefined) await rest(ports.table, raised, nextOf(raised, ports.now()));
}

function nextOf(message: Message, now: number) {
  const { text, textUntil } = message.row;
  const forgetAt = text === '' ? undefined : textUntil;
  const forgets = forgetAt !== undefined && forgetAt <= now;
  const times = [forgets ? undefined : forgetAt, receiptsAwaitedUntil(message)].filter((at) => at !== undefined);
  return { forgets, dueAt: times.length === 0 ? undefined : Math.min(...times) };
}

function verdictOn(messageId: string, status: MessageStatus, time: string): Verdict {
  const verdict = { type: 'verdict', id: 'verdict', messageId, time } as const;
  if (status === 'sending') {
    return { ...verdict, status: 'uncertain', reason: 'about to be sent at most once, and nothing was heard since' };
  }
  return { ...verdict, status: 'expired', reason: 'its validity is over, and no outcome was heard' };
}
