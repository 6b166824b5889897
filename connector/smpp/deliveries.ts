import { toError } from '#contract/to-error.ts';
import type { KnownPdu } from './codec/pdu.ts';

export type DeliverSm = KnownPdu<'deliver_sm'>;

const noOctets = new Uint8Array();

/** Some SMSCs send by data_sm what others do by deliver_sm (quirk 16): the same, with its octets in message_payload. */
export function deliverSmOf(pdu: KnownPdu<'data_sm'>): DeliverSm {
  return {
    protocolId: 0,
    priorityFlag: 0,
    scheduleDeliveryTime: '',
    validityPeriod: '',
    replaceIfPresentFlag: 0,
    smDefaultMsgId: 0,
    shortMessage: noOctets,
    ...pdu,
    command: 'deliver_sm',
  };
}

/** Answers a deliver_sm; false when the session was over, so that no octet of the answer was written. */
export type Respond = (commandStatus: number) => boolean;

/** What a peer does that is odd and survived, though perhaps not by its connection. */
export type Oddity =
  | 'malformed PDU'
  | 'connection closed for what came'
  | 'connection closed within a PDU'
  | 'generic_nack'
  | 'response to no request'
  | 'request that is not served'
  | 'more deliver_sm at once than are handled'
  | 'deliver_sm could not be handled';

export interface DeliveriesOptions {
  /** Called outside the parse loop. What it throws is answered with `deliverRetryStatus`. */
  readonly onDeliver: (pdu: DeliverSm, respond: Respond) => Promise<void>;
  /** Being handled at once; the next one is answered `deliverRetryStatus` (quirk 62). */
  readonly maxDelivering: number;
  readonly deliverRetryStatus: number;
  readonly onOddity: (what: Oddity, fields: Record<string, unknown>) => void;
}

/** The deliver_sm that are being handled: so many at once, and none of them in the way of what is read next. */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #onHandled: () => void;
  #handling = 0;

  constructor(options: DeliveriesOptions, onHandled: () => void) {
    this.#options = options;
    this.#onHandled = onHandled;
  }

  get size(): number {
    return this.#handling;
  }

  take(pdu: DeliverSm, respond: Respond): void {
    const { onDeliver, onOddity, deliverRetryStatus, maxDelivering } = this.#options;
    if (this.#handling >= maxDelivering) {
      onOddity('more deliver_sm at once than are handled', { maxDelivering });
      respond(deliverRetryStatus);
      return;
    }
    this.#handling += 1;
    Promise.resolve()
      .then(() => onDeliver(pdu, respond))
      .catch((cause: unknown) => {
        onOddity('deliver_sm could not be handled', { error: toError(cause).message });
        respond(deliverRetryStatus);
      })
      .finally(() => {
        this.#handling -= 1;
        this.#onHandled();
      });
  }
}
