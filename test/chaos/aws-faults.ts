import type { Random } from '../fuzz/random.ts';
import { type AwsCall, withoutLastEntry } from './aws-call.ts';

/** What goes wrong between the connector and AWS, for the next `calls` calls of one kind. */
export interface AwsFault {
  readonly kind: 'aws';
  readonly on: CallKind;
  readonly how: How;
  readonly calls: number;
}

export type CallKind = 'receive' | 'events' | 'delete' | 'publish';

/**
 *   unavailable  5xx, without effect
 *   throttled    refused as too many, without effect
 *   slow         answered late
 *   cut before   the connection is reset, without effect
 *   cut after    the call takes effect, then the connection is reset
 *   partial      the last entry of a batch is refused for now, without effect
 */
type How = 'unavailable' | 'throttled' | 'slow' | 'cut before' | 'cut after' | 'partial';

const hows: readonly How[] = ['cut after', 'unavailable', 'partial', 'cut before', 'slow', 'throttled'];
const kinds: readonly CallKind[] = ['events', 'delete', 'publish', 'receive'];
const inTurn: readonly { readonly on: CallKind; readonly how: How }[] = hows
  .flatMap((how) => kinds.map((on) => ({ on, how })))
  .filter(({ on, how }) => how !== 'partial' || on === 'delete' || on === 'publish');

/** More than the SDK's own three attempts at a call, now and then. */
const mostCalls = 5;
export const slowMs = 800;

export function awsFaults(turn: number, random: Random): AwsFault {
  const { on, how } = inTurn[turn % inTurn.length] ?? random.pick(inTurn);
  return { kind: 'aws', on, how, calls: random.integer(1, mostCalls) };
}

export function kindOf({ name, queue }: AwsCall): CallKind | undefined {
  switch (name) {
    case 'ReceiveMessage':
      return 'receive';
    case 'DeleteMessageBatch':
      return 'delete';
    case 'PublishBatch':
      return 'publish';
    case 'SendMessage':
      return queue.endsWith('-events') ? 'events' : undefined;
    default:
      return undefined;
  }
}

export interface Refusal {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export function refusalOf(how: 'unavailable' | 'throttled', { protocol }: AwsCall): Refusal {
  const status = how === 'unavailable' ? 503 : 400;
  const code = how === 'unavailable' ? 'ServiceUnavailable' : 'ThrottlingException';
  const message = 'from the chaos harness';
  if (protocol === 'json') {
    const body = JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message });
    return { status, contentType: 'application/x-amz-json-1.0', body };
  }
  const error = `<Error><Type>Receiver</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, contentType: 'text/xml', body: `<ErrorResponse>${error}</ErrorResponse>` };
}

export interface Partial {
  /** What is left of the call; undefined when its one entry was the last. */
  readonly call: AwsCall | undefined;
  /** The answer to the whole call, from the answer to what was left of it. */
  readonly answer: (body: string | undefined) => string;
}

/** The same call without its last entry, and an answer that says that this one failed. */
export function partialOf(call: AwsCall): Partial {
  const { rest, id } = withoutLastEntry(call);
  if (call.protocol === 'json') {
    const failed = { Id: id, SenderFault: false, Code: 'InternalError', Message: 'from the chaos harness' };
    return { call: rest, answer: (body = '{}') => JSON.stringify({ ...JSON.parse(body), Failed: [failed] }) };
  }
  const member = `<member><Id>${id}</Id><Code>InternalError</Code><SenderFault>false</SenderFault></member>`;
  const nothing = '<PublishBatchResponse><PublishBatchResult></PublishBatchResult></PublishBatchResponse>';
  return {
    call: rest,
    answer: (body = nothing) =>
      body
        .replace(/<Failed>.*?<\/Failed>|<Failed\/>/s, '')
        .replace('</PublishBatchResult>', `<Failed>${member}</Failed></PublishBatchResult>`),
  };
}
