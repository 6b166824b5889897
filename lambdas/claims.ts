import { createHash } from 'node:crypto';
import { toError } from '#contract/to-error.ts';
import { ApiError } from './http.ts';
import { describeError } from './log.ts';
import type { Change, Item, Log, Now, Table } from './ports.ts';

/**
 * What a client's Idempotency-Key stands for, for 24 hours: one item per client and key.
 *
 *   state     | what is known                                 | next
 *   ----------+-----------------------------------------------+-----------------------------------------------------
 *   working   | the lane was not asked yet                    | `enqueuing`; or `working` again, on another message
 *   enqueuing | the lane was asked, first at `firstEnqueueAt` | `answered`; or `working`, on another message
 *   answered  | `answer` was given, or is given now           | after 24 hours `working`, on another message
 *
 * In `working` and `enqueuing` the claim is held until `leaseUntil`, which is longer than the function may run. A
 * request that finds the lease lapsed extends it, and so takes the claim over. All changes are conditional on
 * the lease that was read: who has lost it changes nothing any more.
 */
export type Claim = Item &
  ClaimFacts &
  (
    | { readonly state: 'working' }
    | { readonly state: 'enqueuing'; readonly firstEnqueueAt: number }
    | { readonly state: 'answered'; readonly answer: string }
  );

export type HeldClaim = Extract<Claim, { state: 'working' | 'enqueuing' }>;

/** Times are milliseconds since the epoch. */
interface ClaimFacts {
  readonly clientId: string;
  readonly bodyHash: string;
  readonly messageId: string;
  /** Of the message and of the claim. */
  readonly createdAt: number;
  readonly leaseUntil: number;
}

export interface ClaimPorts {
  readonly table: Table;
  readonly log: Log;
  readonly now: Now;
  /** A UUIDv7. */
  readonly newId: () => string;
}

/** One use of a key. */
export interface KeyUse {
  readonly clientId: string;
  readonly key: string;
  readonly bodyHash: string;
}

/** More than API Gateway waits (29 s), and so more than the function may run. */
const leaseMs = 30_000;
const claimMs = 86_400_000;

export type Taken =
  | { readonly how: 'begun'; readonly claim: HeldClaim }
  /** Somebody began, and did not come to the end. */
  | { readonly how: 'resumed'; readonly claim: HeldClaim }
  | { readonly how: 'answered'; readonly messageId: string; readonly answer: string };

/** Throws `ApiError` for a key of another body, and while another request holds the claim. */
export async function takeClaim(ports: ClaimPorts, use: KeyUse): Promise<Taken> {
  for (;;) {
    const fresh = newClaim(ports, use);
    if ((await ports.table.create(fresh)) === 'created') return { how: 'begun', claim: fresh };
    const found = (await ports.table.get(fresh)) as Claim | undefined;
    // Its time to live ended between the two.
    if (found === undefined) continue;
    // The SDK's first try made it, only the answer was lost.
    if (found.messageId === fresh.messageId) return { how: 'begun', claim: fresh };
    // DynamoDB deletes late, up to days.
    if (ports.now() < found.createdAt + claimMs) return takeOver(ports, use, found);
    const renewed = await renew(ports, found, use.bodyHash);
    if (renewed !== 'lost') return { how: 'begun', claim: renewed };
  }
}

async function takeOver(ports: ClaimPorts, { bodyHash }: KeyUse, found: Claim): Promise<Taken> {
  if (found.bodyHash !== bodyHash) throw new ApiError('idempotency-key-reused');
  if (found.state === 'answered') return { how: 'answered', ...found };
  if (found.leaseUntil > ports.now()) throw inProgress();
  const claim = await change(ports.table, found, {
    update: 'SET leaseUntil = :until',
    values: { ':until': ports.now() + leaseMs },
  });
  if (claim === 'lost') throw inProgress();
  // Answered just now, by one who was thought dead.
  if (claim.state === 'answered') return { how: 'answered', ...claim };
  ports.log.warn('a request that was not finished is taken over', { messageId: claim.messageId });
  return { how: 'resumed', claim };
}

/** The claim as if it had never been used: for another message, made now. */
export async function renew(ports: ClaimPorts, claim: Claim, bodyHash: string): Promise<HeldClaim | 'lost'> {
  const { messageId, createdAt, leaseUntil, expiresAt } = beginning(ports);
  const renewed = await change(ports.table, claim, {
    update:
      'SET #state = :working, bodyHash = :hash, messageId = :newId, createdAt = :now, leaseUntil = :until, ' +
      'expiresAt = :expiresAt REMOVE firstEnqueueAt, answer',
    values: {
      ':working': 'working',
      ':hash': bodyHash,
      ':newId': messageId,
      ':now': createdAt,
      ':until': leaseUntil,
      ':expiresAt': expiresAt,
    },
  });
  return renewed === 'lost' ? renewed : (renewed as HeldClaim);
}

/** Before the lane is asked for the first time: from now on nobody can be sure that it was not. */
export async function markEnqueuing({ table, now }: ClaimPorts, claim: HeldClaim): Promise<HeldClaim | 'lost'> {
  if (claim.state === 'enqueuing') return claim;
  const marked = await change(table, claim, {
    update: 'SET #state = :enqueuing, firstEnqueueAt = :now',
    values: { ':enqueuing': 'enqueuing', ':now': now() },
  });
  return marked === 'lost' ? marked : (marked as HeldClaim);
}

/** Never rejects: the message is on its way, and a repeated request finds that out without the answer too. */
export async function recordAnswer({ table, log }: ClaimPorts, claim: HeldClaim, answer: string): Promise<void> {
  try {
    await change(table, claim, {
      update: 'SET #state = :answered, answer = :answer',
      values: { ':answered': 'answered', ':answer': answer },
    });
  } catch (cause) {
    const { messageId } = claim;
    log.warn('an answer could not be kept for repetition', { messageId, ...describeError(toError(cause)) });
  }
}

/** Lets the next request go on at once. Never rejects: if this fails, the lease lapses. */
export async function release({ table, now, log }: ClaimPorts, claim: HeldClaim): Promise<void> {
  try {
    await change(table, claim, { update: 'SET leaseUntil = :now', values: { ':now': now() } });
  } catch (cause) {
    const { messageId } = claim;
    log.warn('a claim could not be given back: it lapses', { messageId, ...describeError(toError(cause)) });
  }
}

export function inProgress(): ApiError {
  return new ApiError('idempotency-in-progress');
}

function newClaim(ports: ClaimPorts, { clientId, key, bodyHash }: KeyUse) {
  // Neither needs to be read again, and both may be long.
  const hash = createHash('sha256')
    .update(JSON.stringify([clientId, key]))
    .digest('hex');
  return {
    pk: `idempotency#${hash}`,
    sk: 'claim',
    state: 'working',
    clientId,
    bodyHash,
    ...beginning(ports),
  } as const;
}

function beginning({ now, newId }: ClaimPorts) {
  const createdAt = now();
  return {
    messageId: newId(),
    createdAt,
    leaseUntil: createdAt + leaseMs,
    expiresAt: Math.ceil((createdAt + claimMs) / 1_000),
  };
}

async function change(
  table: Table,
  claim: Claim,
  { update, values }: Pick<Change, 'update' | 'values'>,
): Promise<Claim | 'lost'> {
  const { pk, sk, messageId, leaseUntil } = claim;
  const changed = await table.update(
    { pk, sk },
    {
      update,
      condition: 'messageId = :messageId AND leaseUntil = :leaseUntil',
      ...(update.includes('#state') && { names: { '#state': 'state' } }),
      values: { ...values, ':messageId': messageId, ':leaseUntil': leaseUntil },
    },
  );
  return changed === 'refused' ? 'lost' : (changed as Claim);
}
