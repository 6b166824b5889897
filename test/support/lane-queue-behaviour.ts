import { randomUUID } from 'node:crypto';
import type { ReceivedMessage, SqsQueue } from '../../connector/queue/sqs-queue.ts';

/** A lane's queue and its dead-letter queue, to which a message goes that was received twice. */
export interface LaneQueues {
  readonly lane: SqsQueue;
  readonly deadLetters: SqsQueue;
}

/**
 * What the connector builds on, of SQS's FIFO queues, by name. Asked of the fake and of an emulator, so that what is tested
 * with the one is not the fancy of who wrote it. What waits for a visibility to end does so in a long poll.
 */
export const behaviours: Readonly<Record<string, (queues: LaneQueues) => Promise<void>>> = {
  'one receive brings several messages of a group, in their order': async ({ lane }) => {
    await fill(lane, 'a1 a2 b1 a3');
    const received = await lane.receive(10, 1, 60);
    expect(ofGroup(received, 'a')).toEqual(['a1', 'a2', 'a3']);
    expect(ofGroup(received, 'b')).toEqual(['b1']);
    expect(received.map(({ receiveCount }) => receiveCount)).toEqual([1, 1, 1, 1]);
  },

  'a group of which a message is invisible brings nothing more, other groups do': async ({ lane }) => {
    await fill(lane, 'a1 a2');
    expect(bodies(await lane.receive(1, 1, 60))).toEqual(['a1']);
    await fill(lane, 'b1');
    expect(bodies(await lane.receive(10, 0, 60))).toEqual(['b1']);
  },

  'a delete lets the next of its group come': async ({ lane }) => {
    await fill(lane, 'a1 a2');
    const first = await lane.receive(1, 1, 60);
    expect(await lane.deleteBatch(handles(first))).toEqual([undefined]);
    expect(bodies(await lane.receive(10, 1, 60))).toEqual(['a2']);
  },

  'what is given back comes again in its order, counted': async ({ lane }) => {
    await fill(lane, 'a1 a2 a3');
    const received = await lane.receive(10, 1, 60);
    await giveBack(lane, received);
    const again = await lane.receive(10, 1, 60);
    expect(bodies(again)).toEqual(['a1', 'a2', 'a3']);
    expect(again.map(({ receiveCount }) => receiveCount)).toEqual([2, 2, 2]);
    expect(again.map(({ sqsMessageId }) => sqsMessageId)).toEqual(received.map(({ sqsMessageId }) => sqsMessageId));
  },

  'a message comes again when its visibility is over, and not before it when that was extended': async ({ lane }) => {
    await fill(lane, 'a1 b1');
    const received = await lane.receive(10, 1, 1);
    const extended = received.filter(({ body }) => body === 'a1');
    await lane.changeVisibilityBatch(handles(extended).map((receiptHandle) => ({ receiptHandle, timeoutSeconds: 60 })));
    expect(bodies(await lane.receive(10, 5, 60))).toEqual(['b1']);
  },

  'a delete of several says of each whether it was done': async ({ lane }) => {
    await fill(lane, 'a1 b1');
    const received = await lane.receive(10, 1, 60);
    const [first, wrong, second] = await lane.deleteBatch([
      ...handles(received).slice(0, 1),
      'no handle',
      ...handles(received).slice(1),
    ]);
    expect([first, second]).toEqual([undefined, undefined]);
    expect(wrong).toMatchObject({ code: 'ReceiptHandleIsInvalid', senderFault: true });
  },

  'a delete that is repeated is confirmed': async ({ lane }) => {
    await fill(lane, 'a1');
    const received = await lane.receive(10, 1, 60);
    expect(await lane.deleteBatch(handles(received))).toEqual([undefined]);
    expect(await lane.deleteBatch(handles(received))).toEqual([undefined]);
    expect(await lane.receive(10, 0, 60)).toEqual([]);
  },

  'the visibility of what is deleted cannot be changed': async ({ lane }) => {
    await fill(lane, 'a1');
    const received = await lane.receive(10, 1, 60);
    await lane.deleteBatch(handles(received));
    const [error] = await lane.changeVisibilityBatch([
      { receiptHandle: handles(received)[0] ?? '', timeoutSeconds: 60 },
    ]);
    expect(error).toMatchObject({ senderFault: true });
  },

  'what is sent twice under one id is there once, under another id twice': async ({ lane }) => {
    const id = randomUUID();
    await lane.send('a1', { groupId: 'a', deduplicationId: id });
    await lane.send('a1', { groupId: 'a', deduplicationId: id });
    await lane.send('a1', { groupId: 'a', deduplicationId: `${id}:attempt1` });
    expect(bodies(await lane.receive(10, 1, 60))).toEqual(['a1', 'a1']);
  },

  'a message that was received too often goes to the dead-letter queue': async ({ lane, deadLetters }) => {
    await fill(lane, 'a1');
    for (const count of [1, 2]) {
      const received = await lane.receive(10, 1, 60);
      expect(received.map(({ receiveCount }) => receiveCount)).toEqual([count]);
      await giveBack(lane, received);
    }
    expect(await lane.receive(10, 0, 60)).toEqual([]);
    expect(bodies(await deadLetters.receive(10, 1, 60))).toEqual(['a1']);
  },
};

/** What AWS does and moto does not. */
export const behavioursOfAws: typeof behaviours = {
  'a handle is of no use once the visibility is over: the message stays': async ({ lane }) => {
    await fill(lane, 'a1');
    const received = await lane.receive(10, 1, 1);
    const again = await lane.receive(10, 5, 60);
    expect(bodies(again)).toEqual(['a1']);
    const [error] = await lane.deleteBatch(handles(received));
    expect(error).toMatchObject({ code: 'ReceiptHandleIsInvalid', senderFault: true });
    expect(await lane.deleteBatch(handles(again))).toEqual([undefined]);
  },
};

/** Sends `a1 a2 b1`: the letter is the group. */
async function fill(lane: SqsQueue, names: string): Promise<void> {
  for (const name of names.split(' ')) {
    await lane.send(name, { groupId: name.charAt(0), deduplicationId: randomUUID() });
  }
}

async function giveBack(lane: SqsQueue, messages: readonly ReceivedMessage[]): Promise<void> {
  await lane.changeVisibilityBatch(handles(messages).map((receiptHandle) => ({ receiptHandle, timeoutSeconds: 0 })));
}

function handles(messages: readonly ReceivedMessage[]): string[] {
  return messages.map(({ receiptHandle }) => receiptHandle);
}

function bodies(messages: readonly ReceivedMessage[]): string[] {
  return messages.map(({ body }) => body);
}

function ofGroup(messages: readonly ReceivedMessage[], groupId: string): string[] {
  return bodies(messages.filter((message) => message.groupId === groupId));
}
