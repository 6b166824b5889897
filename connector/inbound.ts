import type { CarrierProfile } from '#contract/carrier.ts';
import type { ReceivedEvent } from '#contract/cloud-events.ts';
import type { PartEvent, ReceiptEvent } from '#contract/connector-events.ts';
import type { CountName } from '#contract/metrics.ts';
import { toError } from '#contract/to-error.ts';
import { inboundTopicAttributes } from '#contract/topic-attributes.ts';
import { unreachable } from '#contract/unreachable.ts';
import { type Arrival, longestAddress, type Source, sourceOf } from './arrival.ts';
import type { Clock } from './clock.ts';
import { eventIds, fingerprint } from './event-ids.ts';
import type { Log } from './log.ts';
import type { Meters } from './meters.ts';
import { partEvent } from './part-event.ts';
import type { EventsPublisher } from './queue/events-publisher.ts';
import { EntryFailedError, type SqsQueue } from './queue/sqs-queue.ts';
import type { TopicPublisher } from './queue/topic-publisher.ts';
import { receivedEvent } from './received-event.ts';
import { RecentFingerprints } from './recent-fingerprints.ts';
import { contentOf } from './smpp/content.ts';
import type { DeliverSm, Respond } from './smpp/deliveries.ts';
import { type Receipt, type ReceiptReader, receiptReader } from './smpp/receipt.ts';
import { esme } from './smpp/status.ts';
import { Trouble } from './trouble.ts';

export interface InboundOptions {
  readonly carrier: CarrierProfile;
  readonly events: Pick<EventsPublisher, 'publish'>;
  readonly inboundTopic: Pick<TopicPublisher, 'publish'>;
  /** Keeps, raw, what SNS would never take. */
  readonly deadLetterQueue: Pick<SqsQueue, 'send'>;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly meters: Pick<Meters, 'count'>;
  readonly log: Log;
}

/**
 * What a deliver_sm is, and where it goes:
 *
 *   receipt   events queue
 *   part      events queue: one of a long message, which a function puts together
 *   message   inbound topic: a handset's, in one piece
 */
type Delivery =
  | { readonly kind: 'receipt'; readonly event: ReceiptEvent; readonly isStateUnknown: boolean }
  | { readonly kind: 'part'; readonly event: PartEvent }
  | { readonly kind: 'message'; readonly event: ReceivedEvent };

/** One may fail while the others do not. */
const names: Readonly<Record<Delivery['kind'], string>> = {
  receipt: 'receipts',
  part: 'parts of received messages',
  message: 'received messages',
};

/**
 * Takes each deliver_sm to where it is durable, and only then answers ESME_ROK. When that fails for now, the answer is the
 * status on which the SMSC tries again. If the process dies between, it does so, too: the message comes twice, flagged or
 * with the id of the first, and is never lost.
 */
export class Inbound {
  readonly #options: InboundOptions;
  readonly #source: Source;
  readonly #readReceipt: ReceiptReader;
  readonly #recent: RecentFingerprints;
  readonly #inFlight = new Set<Promise<void>>();
  readonly #troubles: Readonly<Record<Delivery['kind'], Trouble>>;

  constructor(options: InboundOptions) {
    this.#options = options;
    this.#source = sourceOf(options.carrier);
    this.#readReceipt = receiptReader(options.carrier.receipts, this.#source.nameOf);
    this.#recent = new RecentFingerprints(options.clock);
    const trouble = (kind: Delivery['kind']) =>
      new Trouble({
        ...options,
        begins: `${names[kind]} cannot be stored, the SMSC is asked to send them again`,
        ends: `${names[kind]} can be stored again`,
      });
    this.#troubles = { receipt: trouble('receipt'), part: trouble('part'), message: trouble('message') };
  }

  async deliver(pdu: DeliverSm, respond: Respond): Promise<void> {
    const delivering = this.#deliver(pdu, respond).finally(() => this.#inFlight.delete(delivering));
    this.#inFlight.add(delivering);
    await delivering;
  }

  /** Resolves when every deliver_sm taken so far is answered. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#inFlight);
  }

  async #deliver(pdu: DeliverSm, respond: Respond): Promise<void> {
    const print = fingerprint(pdu);
    const copy = this.#recent.arrive(print);
    if (copy.kind !== 'answer-only') {
      const delivery = this.#deliveryOf(pdu, print, copy.kind === 'look-alike');
      if ((await this.#store(delivery, pdu)) === 'not-now') {
        copy.notStored();
        respond(this.#options.carrier.deliverRetryStatus);
        return;
      }
    }
    if (!respond(esme.ROK)) copy.leftUnanswered();
  }

  #deliveryOf(pdu: DeliverSm, print: string, possibleDuplicate: boolean): Delivery {
    const { clock, newId } = this.#options;
    const arrivedAt = clock.now();
    const time = new Date(arrivedAt).toISOString();
    const read = this.#readReceipt(pdu, arrivedAt);
    if (read !== undefined) {
      const { receipt, isStateUnknown } = read;
      return { kind: 'receipt', event: this.#receiptEvent({ pdu, time, fingerprint: print }, receipt), isStateUnknown };
    }
    const arrival = {
      pdu,
      content: contentOf(pdu, this.#source),
      time,
      id: newId(),
      fingerprint: print,
      possibleDuplicate,
    };
    const part = partEvent(this.#source, arrival);
    return part === undefined
      ? { kind: 'message', event: receivedEvent(this.#source, arrival) }
      : { kind: 'part', event: part };
  }

  #receiptEvent(
    { pdu, time, fingerprint: print }: Pick<Arrival, 'pdu' | 'time' | 'fingerprint'>,
    receipt: Receipt,
  ): ReceiptEvent {
    const { carrier } = this.#source;
    return {
      type: 'receipt',
      id: eventIds.receipt(carrier, print),
      carrier,
      time,
      ...receipt,
      from: pdu.sourceAddr.slice(0, longestAddress),
      to: pdu.destinationAddr.slice(0, longestAddress),
    };
  }

  async #store(delivery: Delivery, pdu: DeliverSm): Promise<'stored' | 'not-now'> {
    const { events, meters } = this.#options;
    try {
      if (delivery.kind === 'message') await this.#publishMessage(delivery.event, pdu);
      else await events.publish(delivery.event);
    } catch (cause) {
      meters.count('deliversRefused');
      this.#troubles[delivery.kind].failed(toError(cause));
      return 'not-now';
    }
    for (const metric of metricsOf(delivery)) meters.count(metric);
    this.#troubles[delivery.kind].succeeded();
    return 'stored';
  }

  async #publishMessage(event: ReceivedEvent, pdu: DeliverSm): Promise<void> {
    const { inboundTopic, deadLetterQueue, log } = this.#options;
    try {
      await inboundTopic.publish(event, inboundTopicAttributes(event));
    } catch (cause) {
      if (!(cause instanceof EntryFailedError && cause.senderFault)) throw cause;
      // Asking for it again would loop for as long as the SMSC keeps it (quirk 61).
      log.error('SNS would never take this message, it is stored in the dead-letter queue', { code: cause.code });
      await deadLetterQueue.send(pdu.raw.toString('base64'), undefined, `SNS refused it: ${cause.code}`);
    }
  }
}

function metricsOf(delivery: Delivery): readonly CountName[] {
  switch (delivery.kind) {
    case 'receipt':
      return delivery.isStateUnknown ? ['receipts', 'unknownReceiptStates'] : ['receipts'];
    case 'part':
      return ['receivedMessages'];
    case 'message':
      return delivery.event.data.confidence === 'guess' ? ['receivedMessages', 'guessedTexts'] : ['receivedMessages'];
    default:
      return unreachable(delivery);
  }
}
