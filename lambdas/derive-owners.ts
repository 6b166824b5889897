import type { ReceiptEvent } from '#contract/connector-events.ts';
import type { IdRelation } from '#contract/receipts.ts';
import { fitOf } from './address-fit.ts';
import { belongingOf, bestFitting, isInTime, type Owner } from './belonging.ts';
import { concurrently } from './concurrently.ts';
import type { FunctionMetrics } from './function-metrics.ts';
import { foldedForms, type IdForm, otherForms } from './id-forms.ts';
import { learnedRelations, noteRelation } from './id-relation.ts';
import { type Join, readJoin } from './join.ts';
import { ownersFolded, ownersNamed } from './named-owners.ts';
import type { Now, Table } from './ports.ts';
import { giveTo } from './receipt-join.ts';

interface DerivePorts {
  readonly table: Table;
  readonly now: Now;
  readonly metrics?: Pick<FunctionMetrics, 'count'>;
}

export interface Derived {
  /** As it is now. */
  readonly join: Join;
  /** By the id of a receipt that could be of several: those messages. */
  readonly shared: ReadonlyMap<string, readonly string[]>;
}

/** An owner of the id in another form. */
interface FormOwner {
  readonly relation: IdRelation;
  readonly owner: Owner;
}

type Found =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'found'; readonly owners: readonly FormOwner[] }
  | { readonly kind: 'shared'; readonly messageIds: readonly string[] };

const readsAtOnce = 16;

/**
 * Looks for the owners of receipts whose id no response gave out in this form, and makes them owners of it: what names
 * it from then on finds them at once. Costs a read for each form, some 60, or of `relations` only a few: that is why
 * it is not tried at once without one.
 */
export async function deriveOwners(
  ports: DerivePorts,
  join: Join,
  { receipts, relations }: { readonly receipts: readonly ReceiptEvent[]; readonly relations?: readonly IdRelation[] },
): Promise<Derived> {
  const [first] = receipts;
  if (first === undefined) return { join, shared: new Map() };
  const having = await ownersOfForms(ports.table, first, relations);
  const hasAll = relations === undefined;
  const results = receipts.map((receipt) => ({ receipt, found: ownerAmongForms(receipt, having, hasAll) }));
  const shared = new Map(
    results.flatMap(({ receipt, found }) => (found.kind === 'shared' ? [[receipt.id, found.messageIds] as const] : [])),
  );
  const found = results.flatMap((result) => (result.found.kind === 'found' ? result.found.owners : []));
  const fresh = found.filter(({ owner }) => !join.owners.some((known) => isSame(known, owner)));
  const [{ relation } = { relation: undefined }] = fresh;
  if (relation === undefined) return { join, shared };
  const given = await giveTo(ports.table, join, fresh.map(derivedOwner));
  // A response named it meanwhile, or another run found it.
  if (given === 'refused') return { join: (await readJoin(ports.table, join.key)) ?? join, shared };
  await noteRelation(ports, first.carrier, relation);
  ports.metrics?.count('derivedReceiptMatches', first.carrier);
  return { join: given, shared };
}

/** The same for a receipt that just came, where it is known how the carrier writes ids. */
export async function deriveAtOnce(ports: DerivePorts, join: Join, receipt: ReceiptEvent): Promise<Join> {
  const { idRelation } = receipt;
  if (belongingOf(receipt, join).kind === 'owned') return join;
  const learned = await learnedRelations(ports, receipt.carrier);
  const relations = idRelation === undefined ? learned.map(({ relation }) => relation) : [idRelation];
  if (relations.length === 0) return join;
  return (await deriveOwners(ports, join, { receipts: [receipt], relations })).join;
}

/** All to whom a response gave the id in another form. */
export async function ownersOfForms(
  table: Table,
  { carrier, smscMessageId }: ReceiptEvent,
  relations?: readonly IdRelation[],
): Promise<FormOwner[]> {
  const find = (read: typeof ownersNamed, forms: readonly IdForm[]) =>
    concurrently(forms, readsAtOnce, async ({ id, relation }) => {
      const owners = await read(table, carrier, id);
      return owners.map((owner) => ({ relation, owner }));
    });
  const written = await find(ownersNamed, otherForms(smscMessageId, relations));
  const changed = await find(ownersFolded, foldedForms(smscMessageId, relations));
  return [...written, ...changed].flat();
}

/**
 * Whom the address fits; where it tells nothing, the only one that there is. What the carrier's profile says goes
 * first. Several messages, or one of which two segments are found in two ways, are nobody in particular.
 */
function ownerAmongForms(receipt: ReceiptEvent, having: readonly FormOwner[], hasAll: boolean): Found {
  const inTime = having.filter(({ owner }) => isInTime(receipt, owner));
  const told = inTime.filter(({ relation }) => relation === receipt.idRelation);
  const found = onlyOneOf(candidatesOf(receipt, told));
  if (found.kind !== 'nobody') return found;
  return onlyOneOf(hasAll ? candidatesOf(receipt, inTime) : fittingOf(receipt, inTime));
}

function onlyOneOf(candidates: readonly (readonly FormOwner[])[]): Found {
  const [only] = candidates;
  if (only === undefined) return { kind: 'nobody' };
  if (candidates.every((owners) => targetOf(owners) === targetOf(only))) return { kind: 'found', owners: only };
  return { kind: 'shared', messageIds: [...new Set(candidates.flat().map(({ owner }) => owner.messageId))] };
}

/** Those who fit; where the address tells nothing of anybody, all. */
function candidatesOf(receipt: ReceiptEvent, having: readonly FormOwner[]) {
  const tellsNothing = having.every(({ owner }) => fitOf(receipt, owner.to) === 'unknown');
  return tellsNothing ? byMessage(having) : fittingOf(receipt, having);
}

function fittingOf(receipt: ReceiptEvent, having: readonly FormOwner[]) {
  return bestFitting(byMessage(having), (owners) => owners.map(({ owner }) => fitOf(receipt, owner.to)));
}

function byMessage(having: readonly FormOwner[]): (readonly FormOwner[])[] {
  return [...Map.groupBy(having, ({ relation, owner }) => `${relation} ${owner.messageId}`).values()];
}

function targetOf(owners: readonly FormOwner[]): string {
  const segments = [...new Set(owners.map(({ owner }) => owner.segment))].sort((a, b) => a - b);
  return `${owners[0]?.owner.messageId} ${segments.join()}`;
}

function derivedOwner({ owner }: FormOwner): Owner {
  return { ...owner, matchedBy: 'derived-id' };
}

function isSame(one: Owner, other: Owner): boolean {
  return one.messageId === other.messageId && one.segment === other.segment;
}
