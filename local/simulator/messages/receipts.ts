import { chosenMs } from '../play/behaviour.ts';
import { endingOf } from '../play/endings.ts';
import type { Agenda } from './agenda.ts';
import type { Deliveries } from './deliveries.ts';
import type { Notice } from './message.ts';
import { type DueReceipt, type ReceiptPorts, receiptDeliveries, subjectOf } from './receipt-deliveries.ts';
import type { ShortMessage } from './short-message.ts';
import { concatenationOf } from './submission.ts';

/** How long a receipt that lets the next one pass waits for it. */
const swapWithinMs = 1_000;
/** registered_delivery, bit 4: intermediate notifications are asked for (SMPP 3.4, 5.2.17). */
const intermediateBit = 0x10;

export interface ReceiptsOptions extends ReceiptPorts {
  readonly deliveries: Pick<Deliveries, 'deliver'>;
  readonly agenda: Agenda;
  readonly random: () => number;
  /** How many may wait for their time. */
  readonly maxScheduled: number;
  readonly onFault: (error: Error) => void;
}

interface Planned extends DueReceipt {
  /** Called right after it was given to the deliveries. */
  readonly onSent: () => void;
}

/** Which receipts come, and when. */
export class Receipts {
  readonly #options: ReceiptsOptions;
  /** By account: what waits for the next receipt to pass it. */
  readonly #held = new Map<string, { readonly receipt: Planned; readonly cancel: () => void }>();
  #scheduled = 0;
  #sent = 0;

  constructor(options: ReceiptsOptions) {
    this.#options = options;
  }

  stats() {
    return { scheduled: this.#scheduled, sent: this.#sent };
  }

  /** No more can wait for their time. */
  get isFull(): boolean {
    return this.#scheduled >= this.#options.maxScheduled;
  }

  wants(short: ShortMessage, notice: Notice): boolean {
    const { when, segments } = this.#options.stage.behaviour.receipts;
    if (when === 'never' || endingOf(short.to)?.receipts === 'missing') return false;
    if (notice.state === 'enroute') return (short.registeredDelivery & intermediateBit) !== 0;
    return (when === 'always' || isAsked(short.registeredDelivery, notice)) && isOfSegment(short, segments);
  }

  /** To be called for what `wants` says only. */
  plan(short: ShortMessage, notice: Notice, onSent: () => void = () => undefined): void {
    const { stage, random } = this.#options;
    const delayMs = notice.state === 'buffered' ? 0 : chosenMs(stage.behaviour.receipts.delayMs, random);
    const receipt: Planned = { subject: subjectOf(short, stage), notice, onSent };
    this.#scheduled++;
    // At once means in this turn of the event loop: nothing else is to come between it and its response.
    if (delayMs === 0) this.#due(receipt);
    else this.#options.agenda.after(delayMs, () => this.#due(receipt));
  }

  #due(receipt: Planned): void {
    const { systemId } = receipt.subject;
    const held = this.#held.get(systemId);
    if (held !== undefined) {
      held.cancel();
      this.#held.delete(systemId);
      this.#send(receipt);
      this.#send(held.receipt);
    } else if (this.#options.stage.behaviour.receipts.order === 'swapped') {
      const cancel = this.#options.agenda.after(swapWithinMs, () => {
        this.#held.delete(systemId);
        this.#send(receipt);
      });
      this.#held.set(systemId, { receipt, cancel });
    } else {
      this.#send(receipt);
    }
  }

  #send(receipt: Planned): void {
    const { deliveries, onFault } = this.#options;
    this.#scheduled--;
    for (const delivery of receiptDeliveries(receipt, this.#options)) {
      this.#sent++;
      deliveries.deliver(delivery).catch(onFault);
    }
    receipt.onSent();
  }
}

/** registered_delivery, bits 0 and 1: 1 asks for every outcome, 2 for failures, 3 for successes (SMPP 3.4, 5.2.17; 5.0, 4.7.21). */
function isAsked(registeredDelivery: number, { state }: Notice): boolean {
  const asked = registeredDelivery & 0x03;
  return asked === 1 || (state !== 'buffered' && asked === (state === 'delivered' ? 3 : 2));
}

function isOfSegment(short: ShortMessage, segments: 'each' | 'first' | 'last'): boolean {
  const part = segments === 'each' ? undefined : concatenationOf(short);
  if (part === undefined) return true;
  return part.part === (segments === 'first' ? 1 : part.total);
}
