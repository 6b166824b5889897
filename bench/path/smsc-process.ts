import type { Socket } from 'node:net';
import { listenOnLoopback } from '../../local/loopback.ts';
import { answerParent } from './answer-parent.ts';
import { Arrivals, type Stretch } from './arrivals.ts';
import { type Delivered, Deliveries, type DeliveryOrder } from './deliveries.ts';
import { numberOfRecipient } from './messages.ts';
import { createSmsc } from './smsc.ts';
import { usage } from './usage.ts';

let roundTripMs = 0;
let arrivals: Arrivals | undefined;
let deliveries: Deliveries | undefined;
let bound = Promise.withResolvers<Socket>();
let isOpen = false;
let held = { submits: 0, ms: 0 };

const server = createSmsc({
  isOpen: () => isOpen,
  roundTripMs: () => roundTripMs,
  onAnswered: (submits, afterMs) => {
    held.submits += submits;
    held.ms += submits * afterMs;
  },
  onBound: (socket) => bound.resolve(socket),
  onSubmit: (recipient) => {
    if (arrivals === undefined) throw new Error('no message was expected');
    arrivals.note(numberOfRecipient(recipient));
  },
  onDelivered: (sequenceNumber, commandStatus) => deliveries?.onDelivered(sequenceNumber, commandStatus),
});
const port = await listenOnLoopback(server, 0);

const answers = {
  usage,
  port: () => port,
  setRoundTrip: (ms: number) => {
    roundTripMs = ms;
    held = { submits: 0, ms: 0 };
  },
  /** The round trip as it was kept since it was set: a timer comes late. */
  roundTrip: () => held.ms / held.submits,
  /** Resolves when somebody has bound. */
  open: async (): Promise<void> => {
    isOpen = true;
    await bound.promise;
  },
  /** Cuts the connection, and takes no other until it is opened again. */
  close: async (): Promise<void> => {
    isOpen = false;
    const socket = await bound.promise;
    bound = Promise.withResolvers();
    socket.destroy();
  },
  /** Resolves when all of these were submitted. */
  arrivals: (stretch: Stretch): Promise<Float64Array> => {
    arrivals = new Arrivals(stretch);
    return arrivals.all;
  },
  /** Resolves when all were acknowledged. */
  deliver: async (order: DeliveryOrder): Promise<Delivered> => {
    deliveries = new Deliveries(await bound.promise, order);
    return deliveries.done;
  },
};
export type SmscAnswers = typeof answers;
answerParent(answers);
