import type { Delivery } from './deliveries.ts';
import { Fifo } from './fifo.ts';

/** A delivery without its final answer. */
export interface Waiting {
  readonly delivery: Delivery;
  /** Counted over all deliveries. */
  readonly number: number;
  /** About what it takes to keep it. */
  readonly octets: number;
  /** By the clock's monotonic time. */
  refusedAt: number;
  /** Nothing else goes out in that lane before it is accepted. */
  blocks: DeliveryLane | undefined;
  readonly settle: (status: number | undefined) => void;
  readonly fail: (cause: unknown) => void;
}

/** What waits for sessions of one account, or for any: that without an account. */
export class DeliveryLane {
  readonly systemId: string | undefined;
  /** Refused, and blocking. */
  readonly refused = new Fifo<Waiting>();
  /** To be tried again a while after it was refused. */
  readonly retried = new Fifo<Waiting>();
  /** Without an answer: to be sent again at once. */
  readonly again = new Fifo<Waiting>();
  /** Not sent yet. */
  readonly fresh = new Fifo<Waiting>();
  /** How many block it, wherever they are. */
  blocking = 0;
  /** Of its sessions, whose turn it is. */
  turn = 0;

  constructor(systemId: string | undefined) {
    this.systemId = systemId;
  }

  get queues(): readonly Fifo<Waiting>[] {
    return [this.refused, this.retried, this.again, this.fresh];
  }

  get length(): number {
    return this.refused.length + this.retried.length + this.again.length + this.fresh.length;
  }

  /** The queue whose first is to be sent next. `refusedBefore`: what was refused by then is due. */
  next(refusedBefore: number): Fifo<Waiting> | undefined {
    const isDue = ({ first }: Fifo<Waiting>) => first !== undefined && first.refusedAt <= refusedBefore;
    if (isDue(this.refused)) return this.refused;
    if (isDue(this.retried)) return this.retried;
    if (this.again.length > 0) return this.again;
    return this.fresh.length > 0 ? this.fresh : undefined;
  }

  /** When the first of those that were refused was refused. */
  get firstRefusedAt(): number {
    return Math.min(
      this.refused.first?.refusedAt ?? Number.POSITIVE_INFINITY,
      this.retried.first?.refusedAt ?? Number.POSITIVE_INFINITY,
    );
  }
}
