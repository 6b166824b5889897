import type { ReceiptEvent } from '#contract/connector-events.ts';
import { fitOf, fits } from './address-fit.ts';
import { isInTime } from './belonging.ts';
import { concurrently } from './concurrently.ts';
import { ownersOfForms } from './derive-owners.ts';
import { type Join, orphansOf, readJoin } from './join.ts';
import { readMessage } from './messages.ts';
import { type Guess, hasReference, ownerAmong, plainAddress, unansweredOf } from './owner-of-receipt.ts';
import type { Now, Table } from './ports.ts';
import { giveTo } from './receipt-join.ts';
import { noteUnknownId, partitionFor, readSameRecipient, reserve } from './unanswered.ts';

interface AdoptPorts {
  readonly table: Table;
  readonly now: Now;
}

/** Of more messages, or ids, of one recipient it is not worth finding out which belong together: a run must come to its end. */
const maxLookAlikes = 200;
const maxUnknownIds = 50;
const readsAtOnce = 16;

/**
 * Gives the id of receipts that have no owner to the segment that must have it, if there is exactly one; returns the
 * join as it is then. From then on the id is the segment's, and whatever else names it finds it at once.
 *
 *   1 noteUnknownId  whoever is found unanswered later finds the id
 *   2 reserve        the segment is this id's alone
 *   3 giveTo         the id is the segment's, unless a response gave it to somebody meanwhile
 *
 * If the process dies at any line, what was due is due still, and goes through all of it again.
 */
export async function adopt(ports: AdoptPorts, join: Join): Promise<Join> {
  const orphans = telling(orphansOf(join));
  const [first, ...others] = orphans;
  if (first === undefined) return join;
  const recipient = plainAddress(first.from);
  if (others.some(({ from }) => plainAddress(from) !== recipient)) return join;
  await noteUnknownId(ports, join.key, { carrier: first.carrier, recipient });
  const pk = partitionFor(first.carrier, recipient);
  const guess = await guessOwner(ports.table, pk, orphans);
  if (guess === undefined || (await isKnownOtherwise(ports.table, first))) return join;
  if (!(await reserve(ports.table, guess, { pk, join: join.key }))) return join;
  const given = await giveTo(ports.table, join, [guess]);
  return given === 'refused' ? ((await readJoin(ports.table, join.key)) ?? join) : given;
}

/** Joins of the ids that nobody knew, in which receipts may wait for the message that is due. */
export async function joinsOfRecipient(table: Table, pk: string): Promise<Join[]> {
  const { joins } = await readSameRecipient(table, pk, 0);
  if (joins.length > maxUnknownIds) return [];
  const found = await concurrently(joins, readsAtOnce, (key) => readJoin(table, key));
  return found.filter((join) => join !== undefined);
}

/** A receipt with a reference tells more than one without. */
function telling(orphans: readonly ReceiptEvent[]): readonly ReceiptEvent[] {
  const referring = orphans.filter(hasReference);
  return referring.length > 0 ? referring : orphans;
}

/** All receipts of the id must mean the same. */
async function guessOwner(table: Table, pk: string, receipts: readonly ReceiptEvent[]): Promise<Guess | undefined> {
  const earliest = Math.min(...receipts.map(({ time }) => Date.parse(time)));
  const { messageIds } = await readSameRecipient(table, pk, earliest);
  if (messageIds.length > maxLookAlikes) return undefined;
  const messages = await concurrently(messageIds, readsAtOnce, (id) => readMessage(table, id));
  const unanswered = messages.flatMap((message) => (message && unansweredOf(message)) ?? []);
  const [guess, ...others] = receipts.map((receipt) => ownerAmong(receipt, unanswered));
  const agreed = others.every((other) => other?.messageId === guess?.messageId && other?.segment === guess?.segment);
  return agreed ? guess : undefined;
}

/** Whether a response to the same recipient had the id in another form: then it is that message's, and nobody's to take. */
async function isKnownOtherwise(table: Table, receipt: ReceiptEvent): Promise<boolean> {
  const having = await ownersOfForms(table, receipt);
  return having.some(({ owner }) => isInTime(receipt, owner) && fits(fitOf(receipt, owner.to)));
}
