import type { MatchedBy } from '#contract/cloud-events.ts';
import type { ReceiptEvent } from '#contract/connector-events.ts';
import { type AddressFit, fitOf } from './address-fit.ts';
import { isWrittenAlike } from './id-forms.ts';

/** A segment to which the SMSC gave the id, or (with `matchedBy`) must have given it. */
export interface Owner {
  readonly messageId: string;
  readonly segment: number;
  /** When it was accepted. */
  readonly time: string;
  /** The message's recipient; older connectors did not tell. */
  readonly to?: string | undefined;
  /** Of how many, where no response may have told. */
  readonly segments?: number;
  readonly matchedBy?: Exclude<MatchedBy, 'id'>;
}

/** All who have an id, as far as there is room for them. */
export interface Having {
  readonly owners: readonly Owner[];
  /** When one was accepted for whom there was none, the last time, in milliseconds since the epoch: a receipt can be of those who are not in `owners`. */
  readonly crowdedAt: number | undefined;
}

/**
 * Whose a receipt is, of those that have its id at the moment:
 *
 *   nobody    nobody has it
 *   owned     one message
 *   unlikely  one message, but the receipt's address is another number, or the carrier's profile says that receipts
 *             write ids in another way: then to have the very same is chance
 *   shared    several messages: it fits none of them, or more than one equally well, or so many have it that not all are known
 *
 * Of one message all segments that have the id: some SMSCs give one id to all of them (quirk 24).
 */
export type Belonging =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'owned'; readonly owners: readonly Owner[] }
  | { readonly kind: 'unlikely'; readonly owners: readonly Owner[] }
  | { readonly kind: 'shared'; readonly owners: readonly Owner[] };

/**
 * An SMSC starts its ids over some day. A receipt belongs to a segment if it came within this span around the
 * segment's acceptance: before it by at most the longest response time-out, after it by the longest validity and
 * the days for which an SMSC keeps receipts.
 */
const beforeMs = 3_600_000;
export const afterMs = 10 * 86_400_000;

export function belongingOf(receipt: ReceiptEvent, { owners, crowdedAt }: Having): Belonging {
  const having = owners.filter((owner) => isInTime(receipt, owner) && !isRuledOut(receipt, owner));
  if (crowdedAt !== undefined && Date.parse(receipt.time) <= crowdedAt + afterMs)
    return { kind: 'shared', owners: having };
  if (!isWrittenOtherwise(receipt)) return belongingAmong(receipt, having);
  const found = having.filter(({ matchedBy }) => matchedBy !== undefined);
  if (found.length > 0) return belongingAmong(receipt, found);
  const belonging = belongingAmong(receipt, having);
  return belonging.kind === 'owned' ? { kind: 'unlikely', owners: belonging.owners } : belonging;
}

function belongingAmong(receipt: ReceiptEvent, having: readonly Owner[]): Belonging {
  const messages = [...Map.groupBy(having, ({ messageId }) => messageId).values()];
  const [only, ...others] = messages;
  if (only === undefined) return { kind: 'nobody' };
  if (others.length === 0) {
    return { kind: fitsOf(receipt, only).includes('other') ? 'unlikely' : 'owned', owners: only };
  }
  const [best, ...equals] = bestFitting(messages, (owners) => fitsOf(receipt, owners));
  if (best === undefined || equals.length > 0) return { kind: 'shared', owners: having };
  return { kind: 'owned', owners: best };
}

/** Those whose recipient is the receipt's address; if there are none, those whose recipient is like it. */
export function bestFitting<Group>(
  groups: readonly Group[],
  fitsOfGroup: (group: Group) => AddressFit[],
): readonly Group[] {
  const same = groups.filter((group) => fitsOfGroup(group).includes('same'));
  return same.length > 0 ? same : groups.filter((group) => fitsOfGroup(group).includes('alike'));
}

export function isInTime(receipt: ReceiptEvent, owner: Owner): boolean {
  const laterMs = Date.parse(receipt.time) - Date.parse(owner.time);
  return laterMs >= -beforeMs && laterMs <= afterMs;
}

/** Who was found because the address of one receipt fits has no receipt of another number. */
function isRuledOut(receipt: ReceiptEvent, { matchedBy, to }: Owner): boolean {
  return matchedBy === 'derived-id' && fitOf(receipt, to) === 'other';
}

function isWrittenOtherwise({ idRelation, smscMessageId }: ReceiptEvent): boolean {
  return idRelation !== undefined && !isWrittenAlike(smscMessageId, idRelation);
}

function fitsOf(receipt: ReceiptEvent, owners: readonly Owner[]): AddressFit[] {
  return owners.map(({ to }) => fitOf(receipt, to));
}
