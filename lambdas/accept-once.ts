import type { Route } from '#contract/routes.ts';
import { unreachable } from '#contract/unreachable.ts';
import {
  type AcceptPorts,
  markFailed,
  newRow,
  notAccepted,
  putIntoLane,
  putRow,
  validUntilOf,
} from './accept-message.ts';
import { chooseRoute } from './choose-route.ts';
import {
  type HeldClaim,
  inProgress,
  type KeyUse,
  markEnqueuing,
  recordAnswer,
  release,
  renew,
  takeClaim,
} from './claims.ts';
import { ApiError } from './http.ts';
import { acceptedView } from './message-view.ts';
import { type MessageRow, readMessage } from './messages.ts';
import { nextStep } from './next-step.ts';
import type { SendRequest } from './send-request.ts';

export interface Accepted {
  readonly messageId: string;
  /** JSON: the first answer is given again octet by octet. */
  readonly answer: string;
  readonly replayed: boolean;
}

/**
 * Accepts the message of an Idempotency-Key once, however often, however much at once, and with whatever crashes
 * in between it is asked for:
 *
 *   1 takeClaim      the key has a claim, which has drawn the message's id and time
 *   2 putRow         the row is there, under that id
 *   3 markEnqueuing  the claim says that the lane is being asked
 *   4 putIntoLane    the message is in its lane, and SQS drops it when it comes again within five minutes
 *   5 recordAnswer   the claim has the answer; from now on it is only repeated
 *
 * A request that finds a claim whose holder died goes on from what is there (`nextStep`), with the same id. Only
 * when it is certain that the message will never be in a lane (it was refused at its first attempt, or never put
 * there and its validity has ended) is another begun, under a new id, since a message that has failed stays
 * failed. Throws `ApiError`, as `acceptMessage` does, and for keys as `takeClaim`; `outcome-unknown` when
 * neither can be known: then the message is never put into a lane again.
 */
export async function acceptOnce(ports: AcceptPorts, use: KeyUse, request: SendRequest): Promise<Accepted> {
  const taken = await takeClaim(ports, use);
  switch (taken.how) {
    case 'answered':
      return { messageId: taken.messageId, answer: taken.answer, replayed: true };
    case 'begun':
      return holding(ports, taken.claim, () => begin(ports, taken.claim, request));
    case 'resumed':
      return holding(ports, taken.claim, () => resume(ports, taken.claim, request));
    default:
      return unreachable(taken);
  }
}

/** Gives the claim back when the work fails, so that the next request need not wait for the lease. */
async function holding(ports: AcceptPorts, claim: HeldClaim, work: () => Promise<Accepted>): Promise<Accepted> {
  try {
    return await work();
  } catch (cause) {
    await release(ports, claim);
    throw cause;
  }
}

async function begin(ports: AcceptPorts, claim: HeldClaim, request: SendRequest): Promise<Accepted> {
  return putAndAnswer(ports, claim, await store(ports, claim, request));
}

async function resume(ports: AcceptPorts, claim: HeldClaim, request: SendRequest): Promise<Accepted> {
  const message = await readMessage(ports.table, claim.messageId);
  const route = message && routeOf(message.row, request);
  const validUntil = message ? Date.parse(message.row.validUntil) : validUntilOf(claim.createdAt, request);
  const step = nextStep({
    facts: message?.history ?? [],
    firstEnqueueAt: claim.state === 'enqueuing' ? claim.firstEnqueueAt : undefined,
    validUntil,
    // Which may have been taken out of the configuration since.
    hasCarrier: message === undefined || route !== undefined,
    now: ports.now(),
  });
  switch (step) {
    case 'answer':
      if (message === undefined) throw new Error(`facts of message ${claim.messageId}, which is not there`);
      return { ...(await answerWith(ports, claim, message.row)), replayed: true };
    case 'put':
      if (message === undefined || route === undefined) return begin(ports, claim, request);
      return putAndAnswer(ports, claim, { row: message.row, route });
    case 'begin-anew': {
      const renewed = await renew(ports, claim, claim.bodyHash);
      if (renewed === 'lost') throw inProgress();
      return holding(ports, renewed, () => begin(ports, renewed, request));
    }
    case 'leave':
      throw new ApiError('outcome-unknown', {
        detail: `message ${claim.messageId} may have been accepted: GET it to see what becomes of it`,
        messageId: claim.messageId,
      });
    default:
      return unreachable(step);
  }
}

interface Stored {
  readonly row: MessageRow;
  readonly route: Route;
}

async function putAndAnswer(ports: AcceptPorts, claim: HeldClaim, { row, route }: Stored): Promise<Accepted> {
  const marked = await markEnqueuing(ports, claim);
  if (marked === 'lost') throw inProgress();
  const answer = await putIntoLane(ports, row, route);
  if (answer === 'taken') return { ...(await answerWith(ports, marked, row)), replayed: false };
  // Of an earlier attempt nobody heard how it ended: it may have brought the message into the lane.
  if (answer === 'unknown' || claim.state === 'enqueuing') throw notAccepted(row.id, 'unknown');
  await markFailed(ports, row.id);
  throw notAccepted(row.id, answer);
}

async function store(ports: AcceptPorts, claim: HeldClaim, request: SendRequest): Promise<Stored> {
  const chosen = await chooseRoute(ports, request.candidates);
  const row = await putRow(ports, newRow(claim, request, chosen));
  // Another who held the claim may have put it, and have chosen otherwise.
  const route = routeOf(row, request);
  if (route === undefined) throw new Error(`message ${row.id} is for carrier ${row.carrier}, which is gone`);
  return { row, route };
}

function routeOf({ carrier }: MessageRow, { candidates }: SendRequest): Route | undefined {
  return candidates.find((candidate) => candidate.carrier === carrier)?.route;
}

async function answerWith(ports: AcceptPorts, claim: HeldClaim, row: MessageRow): Promise<Omit<Accepted, 'replayed'>> {
  // What the first answer said, or would have.
  const answer = JSON.stringify(acceptedView({ ...row, status: 'queued' }));
  await recordAnswer(ports, claim, answer);
  return { messageId: row.id, answer };
}
