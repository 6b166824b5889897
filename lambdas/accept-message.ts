import { createHash } from 'node:crypto';
import { asciiJson } from '#contract/ascii-json.ts';
import type { OutboundSms } from '#contract/outbound-sms.ts';
import type { Route } from '#contract/routes.ts';
import { retentionDays } from '#contract/table.ts';
import { toError } from '#contract/to-error.ts';
import { isRefused } from './aws-faults.ts';
import { type ChooseRoutePorts, chooseRoute } from './choose-route.ts';
import { dueFor, expiresAt, recordFact } from './facts.ts';
import type { FittingRoute } from './fitting-route.ts';
import { ApiError } from './http.ts';
import { describeError } from './log.ts';
import { graceMs, type MessageRow, rowKey, rowOf } from './messages.ts';
import type { Item, Queue } from './ports.ts';
import type { SendRequest } from './send-request.ts';

export interface AcceptPorts extends ChooseRoutePorts {
  readonly queue: Queue;
  /** A UUIDv7. */
  readonly newId: () => string;
  /** Texts are forgotten so many days after acceptance, once there is an outcome. @default with the row */
  readonly retainTextDays?: number;
}

/**
 * Takes responsibility for a message: row first, then lane. If the process dies between the two, the row is
 * left `queued` and settled as `expired`, so no message is without a trace, and none in a lane without a row.
 * Throws `ApiError` `unavailable` when the lane did not take it: a row of which that is certain is `failed`, any
 * other stays `queued`, for it may be sent yet.
 */
export async function acceptMessage(ports: AcceptPorts, clientId: string, request: SendRequest): Promise<MessageRow> {
  const chosen = await chooseRoute(ports, request.candidates);
  const draft = { messageId: ports.newId(), clientId, createdAt: ports.now() };
  const row = await putRow(ports, newRow(draft, request, chosen));
  const answer = await putIntoLane(ports, row, chosen.route);
  if (answer === 'taken') return row;
  if (answer === 'refused') await markFailed(ports, row.id);
  throw notAccepted(row.id, answer);
}

export interface Draft {
  readonly messageId: string;
  readonly clientId: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** The message as it is for the carrier that was chosen. */
export function newRow(
  { messageId, clientId, createdAt }: Draft,
  request: SendRequest,
  chosen: FittingRoute,
): MessageRow {
  const { to, priority, guarantee, receipt, reference, metadata, toAddressing, fromAddressing } = request;
  const { carrier, route, text, replaced, encoding, segments, tlvs } = chosen;
  const { from = route.defaultSender } = request;
  return {
    ...{ to, text, encoding, segments, priority, guarantee, receipt },
    ...(from !== undefined && { from }),
    ...(replaced !== undefined && { replaced }),
    ...(reference !== undefined && { reference }),
    ...(metadata !== undefined && { metadata }),
    ...(toAddressing !== undefined && { toAddressing }),
    ...(fromAddressing !== undefined && { fromAddressing }),
    ...(tlvs.length > 0 && { tlvs }),
    id: messageId,
    clientId,
    carrier,
    createdAt: new Date(createdAt).toISOString(),
    validUntil: new Date(validUntilOf(createdAt, request)).toISOString(),
    status: 'queued',
    factCount: 0,
  };
}

export function validUntilOf(createdAt: number, { validitySeconds }: SendRequest): number {
  return createdAt + validitySeconds * 1_000;
}

/** The row as it is stored. One that is there already is the same message: an earlier attempt, or try of the SDK, put it. */
export async function putRow(ports: AcceptPorts, row: MessageRow): Promise<MessageRow> {
  const { table, now, retainTextDays = retentionDays } = ports;
  const key = rowKey(row.id);
  const due = dueFor(key, Date.parse(row.validUntil) + graceMs);
  const textUntil = Date.parse(row.createdAt) + retainTextDays * 86_400_000;
  const forgetsText = retainTextDays < retentionDays && { textUntil };
  const item: Item = { ...key, ...row, ...due, ...forgetsText, expiresAt: expiresAt(now()) };
  if ((await table.create(item)) === 'created') return row;
  const found = await table.get(key);
  const stored = found && rowOf(found);
  if (stored?.clientId === row.clientId && stored.to === row.to && stored.createdAt === row.createdAt) return stored;
  throw new Error(`the id ${row.id} was drawn twice`);
}

/** `unknown`: it may be in the lane, or come to be there yet. */
export type LaneAnswer = 'taken' | 'refused' | 'unknown';

export async function putIntoLane(
  { queue, log }: AcceptPorts,
  row: MessageRow,
  { urgentQueueUrl, normalQueueUrl }: Route,
): Promise<LaneAnswer> {
  try {
    await queue.send({
      queueUrl: row.priority === 'urgent' ? urgentQueueUrl : normalQueueUrl,
      body: asciiJson(outboundSmsOf(row)),
      // Group ids are not encrypted at rest: the number is hashed.
      groupId: createHash('sha256').update(`${row.carrier}${row.to}`).digest('hex'),
      deduplicationId: row.id,
    });
    return 'taken';
  } catch (cause) {
    const error = toError(cause);
    log.error('a message could not be put into its lane', { messageId: row.id, ...describeError(error) });
    return isRefused(error) ? 'refused' : 'unknown';
  }
}

function outboundSmsOf(row: MessageRow): OutboundSms {
  const { id, clientId, carrier, to, from, text, priority, guarantee, receipt, createdAt, validUntil } = row;
  const { toAddressing, fromAddressing, tlvs } = row;
  return {
    version: 1,
    id,
    clientId,
    carrier,
    to,
    from,
    text,
    priority,
    guarantee,
    receipt,
    toAddressing,
    fromAddressing,
    tlvs,
    acceptedAt: createdAt,
    validUntil,
  };
}

/**
 * The client is told by the answer, so no event is published: the milestone counts as published already. The
 * verdict stays due: if the process dies before the row is marked, `settle-due` does it, and publishes.
 */
export async function markFailed({ table, now }: AcceptPorts, messageId: string): Promise<void> {
  const time = new Date(now()).toISOString();
  const reason = 'its lane refused it';
  await recordFact({ table, now }, { type: 'verdict', id: 'verdict', messageId, time, status: 'failed', reason });
  await table.update(rowKey(messageId), {
    update: 'SET #status = :failed, factCount = :one ADD published :told REMOVE dueShard, dueAt',
    condition: 'factCount < :one',
    names: { '#status': 'status' },
    values: { ':failed': 'failed', ':one': 1, ':told': new Set(['settled-failed']) },
  });
}

export function notAccepted(messageId: string, answer: Exclude<LaneAnswer, 'taken'>): ApiError {
  const detail =
    answer === 'refused'
      ? `message ${messageId} was not accepted`
      : `message ${messageId} may have been accepted: GET it to see`;
  return new ApiError('unavailable', { detail, messageId });
}
