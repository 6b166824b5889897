import type { Stretch } from './arrivals.ts';
import type { Delivered, DeliveryOrder } from './deliveries.ts';
import type { Usage } from './usage.ts';

/** A process that takes messages from the lane, or brings them in from the SMSC, and is measured doing so. */
export interface Contender {
  /** From now on it may take messages. */
  open(): Promise<void>;
  /** Resolves when it has taken all of these, with when each came to where it goes. It must be open. */
  take(stretch: Stretch): Promise<Float64Array>;
  /** Resolves when it has brought in all of these, and each is durable. It must be open. */
  bringIn(order: DeliveryOrder): Promise<Delivered>;
  /** Resolves when it takes no more. */
  close(): Promise<void>;
  usage(): Promise<Usage>;
  end(): Promise<void>;
}

export const contenderNames = ['connector', 'bare loop'] as const;
export type ContenderName = (typeof contenderNames)[number];
