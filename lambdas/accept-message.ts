import { createHash } from 'node:crypto';
import { asciiJson } from '#contract/ascii-json.ts';
import type { OutboundSms } from '#contract/outbound-sms.ts';
import { toError } from '#contract/to-error.ts';
import { isRefused } from './aws-faults.ts';
import { dueFor, expiresAt, recordFact } from './facts.ts';
import { ApiError } from './http.ts';
import { describeError } from './log.ts';
import { type MessageRow, rowKey } from './messages.ts';
import type { Item, Log, Now, Queue, Table } from './ports.ts';
import type { SendRequest } from './send-request.ts';

export interface AcceptPorts {
  readonly table: Table;
  readonly queue: Queue;
  readonly log: Log;
  readonly now: Now;
  /** A UUIDv7. */
  readonly newId: () => string;
}

/** How long after the end of its validity an outcome may still be under way through the events queue. */
export const graceMs = 15 * 60_000;

/**
 * Takes responsibility for a message: row first, then lane. If the process dies between the two, the row is
 * left `queued` and settled as `expired`, so no message is without a trace, and none in a lane without a row.
 * Throws `ApiError` `unavailable` when the lane did not take it: a row of which that is certain is `failed`, any
 * other stays `queued`, for it may be sent yet.
 */
export async function acceptMessage(ports: AcceptPorts, clientId: string, request: SendRequest): Promise<MessageRow> {
  const row = newRow(ports, clientId, request);
  const key = rowKey(row.id);
  const due = dueFor(key, Date.parse(row.validUntil) + graceMs);
  const item: Item = { ...key, ...row, ...due, expiresAt: expiresAt(ports.now()) };
  if ((await ports.table.create(item)) === 'exists') throw new Error(`the id ${row.id} was drawn twice`);
  try {
    await enqueue(ports.queue, row, request);
  } catch (cause) {
    throw await refusal(ports, row, toError(cause));
  }
  return row;
}

function newRow(ports: AcceptPorts, clientId: string, request: SendRequest): MessageRow {
  const { route, validitySeconds, from, ...rest } = request;
  const acceptedAt = ports.now();
  return {
    ...rest,
    ...(from !== undefined && { from }),
    id: ports.newId(),
    clientId,
    carrier: route.carrier,
    createdAt: new Date(acceptedAt).toISOString(),
    validUntil: new Date(acceptedAt + validitySeconds * 1_000).toISOString(),
    status: 'queued',
    factCount: 0,
  };
}

async function enqueue(queue: Queue, row: MessageRow, { route }: SendRequest): Promise<void> {
  const { id, clientId, carrier, to, from, text, priority, guarantee, createdAt, validUntil } = row;
  const sms: OutboundSms = {
    version: 1,
    id,
    clientId,
    carrier,
    to,
    from,
    text,
    priority,
    guarantee,
    acceptedAt: createdAt,
    validUntil,
  };
  await queue.send({
    queueUrl: priority === 'urgent' ? route.urgentQueueUrl : route.normalQueueUrl,
    body: asciiJson(sms),
    // Group ids are not encrypted at rest: the number is hashed.
    groupId: createHash('sha256').update(`${carrier}${to}`).digest('hex'),
    deduplicationId: id,
  });
}

async function refusal(ports: AcceptPorts, { id }: MessageRow, error: Error): Promise<ApiError> {
  ports.log.error('a message could not be put into its lane', { messageId: id, ...describeError(error) });
  if (!isRefused(error)) {
    return new ApiError('unavailable', { detail: `message ${id} may have been accepted: GET it to see`, cause: error });
  }
  await markFailed(ports, id);
  return new ApiError('unavailable', { detail: `message ${id} was not accepted`, cause: error });
}

/**
 * The client is told by the answer, so no event is published: the milestone counts as published already. The
 * verdict stays due: if the process dies before the row is marked, `settle-due` does it, and publishes.
 */
async function markFailed({ table, now }: AcceptPorts, messageId: string): Promise<void> {
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
