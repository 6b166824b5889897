import type { SQSClient } from '@aws-sdk/client-sqs';
import { type AwsCall, batchAnswer } from './fake-aws.ts';
import type { FakeLaneQueue } from './fake-lane-queue.ts';

/**
 * What becomes of a call:
 *
 *   an Error     refused as a whole, nothing is done: the queue is throttled or down
 *   answer-lost  done, but the caller hears of a time-out
 *   hangs        not done, and the caller hears nothing
 *   refused      of a batch, the entries with these indexes are refused for a passing reason
 *   a promise    done and answered once that resolves
 */
export type SqsFault = Error | 'answer-lost' | 'hangs' | { readonly refused: readonly number[] } | Promise<void>;

export interface SqsCall extends AwsCall {
  /** `ReceiveMessage`, `DeleteMessageBatch` and so on. */
  readonly action: string;
  /** URL of the queue. */
  readonly queue: string;
  /** Receipt handles, of a call about what was received. */
  readonly handles: readonly string[];
}

interface EntriesInput {
  readonly Entries: readonly { readonly ReceiptHandle: string; readonly VisibilityTimeout?: number }[];
}

/** As the SDK throws it when it has tried often enough by itself. */
export function throttled(): Error {
  const metadata = { $fault: 'client', $metadata: { httpStatusCode: 403, attempts: 3 } };
  return Object.assign(new Error('Request is throttled.'), { name: 'RequestThrottled', ...metadata });
}

export function down(): Error {
  return Object.assign(new Error('connect ECONNREFUSED'), { name: 'Error', code: 'ECONNREFUSED' });
}

const timeout = () => Object.assign(new Error('the request timed out'), { name: 'TimeoutError' });
const passing = { Code: 'InternalError', SenderFault: false };

/** Queues by URL, behind what of an `SQSClient` the connector calls: lanes, and standard queues that only take messages. */
export class FakeSqs {
  readonly #lanes: ReadonlyMap<string, FakeLaneQueue>;
  /** Bodies in each queue that is no lane, in the order in which they came. */
  readonly bodies = new Map<string, string[]>();
  /** Asked at each call; `undefined` lets it be. */
  fault: (call: SqsCall) => SqsFault | undefined = () => undefined;

  constructor(lanes: Readonly<Record<string, FakeLaneQueue>>) {
    this.#lanes = new Map(Object.entries(lanes));
  }

  /** `through` stands between the caller and the queues: it may hold a call or its answer up, or swallow it. */
  client(through: (call: SqsCall, execute: () => Promise<unknown>) => Promise<unknown>): SQSClient {
    const send = (command: { constructor: { name: string }; input: Record<string, unknown> }) => {
      const { input } = command;
      const { Entries = [] } = input as Partial<EntriesInput>;
      const call: SqsCall = {
        command: command.constructor.name,
        action: command.constructor.name.replace(/Command$/, ''),
        input,
        queue: String(input.QueueUrl),
        handles: Entries.map(({ ReceiptHandle }) => ReceiptHandle),
      };
      return through(call, () => this.#execute(call));
    };
    return { send } as unknown as SQSClient;
  }

  async #execute(call: SqsCall): Promise<unknown> {
    const fault = this.fault(call);
    if (fault instanceof Error) throw fault;
    if (fault === 'hangs') return await new Promise(() => {});
    if (fault instanceof Promise) await fault;
    const refused = typeof fault === 'object' && 'refused' in fault ? fault.refused : [];
    const answer = await this.#do(call, refused);
    if (fault === 'answer-lost') throw timeout();
    return answer;
  }

  async #do(call: SqsCall, refused: readonly number[]): Promise<unknown> {
    const { input, queue } = call;
    const lane = this.#lanes.get(queue);
    if (call.action === 'SendMessage') return this.#send(call);
    if (call.action.endsWith('Batch') && (call.handles.length < 1 || call.handles.length > 10)) {
      throw new Error(`a batch must have 1 to 10 entries, got ${call.handles.length}`);
    }
    if (lane === undefined) throw new Error(`${call.action} is not for ${queue}`);
    switch (call.action) {
      case 'ReceiveMessage':
        return { Messages: (await lane.receive(...receiveArguments(input))).map(asSqsMessage) };
      case 'DeleteMessageBatch':
        return await batch(call.handles, refused, (handles) => lane.deleteBatch(handles));
      case 'ChangeMessageVisibilityBatch':
        return await batch((input as unknown as EntriesInput).Entries, refused, (entries) =>
          lane.changeVisibilityBatch(
            entries.map(({ ReceiptHandle, VisibilityTimeout = 0 }) => ({
              receiptHandle: ReceiptHandle,
              timeoutSeconds: VisibilityTimeout,
            })),
          ),
        );
      case 'GetQueueAttributes':
        return { Attributes: { ApproximateNumberOfMessages: String(lane.visible.length) } };
      default:
        throw new Error(`unexpected ${call.command}`);
    }
  }

  #send({ input, queue }: SqsCall): unknown {
    const body = String(input.MessageBody);
    const lane = this.#lanes.get(queue);
    if (lane === undefined) {
      this.bodies.set(queue, [...(this.bodies.get(queue) ?? []), body]);
      return { MessageId: 'sent' };
    }
    const { reason } = (input.MessageAttributes ?? {}) as { reason?: { StringValue: string } };
    const fifo = {
      groupId: required(input, 'MessageGroupId'),
      deduplicationId: required(input, 'MessageDeduplicationId'),
    };
    lane.send(body, fifo, reason?.StringValue);
    return { MessageId: 'sent' };
  }
}

/** A FIFO queue takes nothing without these. */
function required(input: Readonly<Record<string, unknown>>, name: string): string {
  const value = input[name];
  if (typeof value !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(value)) {
    throw new Error(`${name} must be 1 to 128 characters of ASCII, got ${JSON.stringify(value)}`);
  }
  return value;
}

function receiveArguments(input: Readonly<Record<string, unknown>>): [number, number, number] {
  return [Number(input.MaxNumberOfMessages), Number(input.WaitTimeSeconds), Number(input.VisibilityTimeout)];
}

/** Of `entries` those not refused go to `act`; the answer has both, by index. */
async function batch<Entry>(
  entries: readonly Entry[],
  refused: readonly number[],
  act: (entries: readonly Entry[]) => Promise<readonly (Error | undefined)[]>,
): Promise<unknown> {
  const indexes = [...entries.keys()].filter((index) => !refused.includes(index));
  const errors = indexes.length === 0 ? [] : await act(entries.filter((_, index) => indexes.includes(index)));
  const failed = new Map(refused.map((index) => [index, passing]));
  for (const [n, index] of indexes.entries()) {
    const error = errors[n] as (Error & { code?: string; senderFault?: boolean }) | undefined;
    if (error) failed.set(index, { Code: error.code ?? error.message, SenderFault: error.senderFault ?? false });
  }
  return batchAnswer(entries.length, Object.fromEntries(failed));
}

function asSqsMessage(message: {
  readonly receiptHandle: string;
  readonly body: string;
  readonly groupId: string;
  readonly sqsMessageId: string;
  readonly receiveCount: number;
}): unknown {
  return {
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MessageId: message.sqsMessageId,
    Attributes: { MessageGroupId: message.groupId, ApproximateReceiveCount: String(message.receiveCount) },
  };
}
