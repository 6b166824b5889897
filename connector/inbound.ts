import type { CarrierProfile } from '#contract/carrier.ts';
import type { ReceivedEvent } from '#contract/cloud-events.ts';
import type { ReceiptEvent } from '#contract/connector-events.ts';
import { readConcatenation, splitUdh } from '#contract/text/concatenation.ts';
import { decodeText } from '#contract/text/decode.ts';
import { toError } from '#contract/to-error.ts';
import type { Clock } from './clock.ts';
import { eventIds, fingerprint } from './event-ids.ts';
import type { Log } from './log.ts';
import type { Meters } from './meters.ts';
import type { EventsPublisher } from './queue/events-publisher.ts';
import { EntryFailedError, type SqsQueue } from './queue/sqs-queue.ts';
import type { TopicPublisher } from './queue/topic-publisher.ts';
import { type Copy, RecentFingerprints } from './recent-fingerprints.ts';
import { tlvName, tlvTags } from './smpp/codec/tables.ts';
import type { DeliverSm, Respond } from './smpp/deliveries.ts';
import { udhIndicator } from './smpp/esm-class.ts';
import { type Receipt, readReceipt } from './smpp/receipt.ts';
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

/** SMPP 3.4 says 20 octets, some SMSCs give more (quirk 44); what is longer still is no address but a fault. */
const longestAddress = 64;

/**
 * Takes each deliver_sm to where it is durable, and only then answers ESME_ROK: a receipt to the events
 * queue, a handset's message to the inbound topic. When that fails for now, the answer is the status on
 * which the SMSC tries again.
 */
export class Inbound {
  readonly #options: InboundOptions;
  readonly #recent: RecentFingerprints;
  readonly #inFlight = new Set<Promise<void>>();
  /** One may fail while the other does not. */
  readonly #troubles: Readonly<Record<ReturnType<typeof kindOf>, Trouble>>;

  constructor(options: InboundOptions) {
    this.#options = options;
    this.#recent = new RecentFingerprints(options.clock);
    const trouble = (what: string) =>
      new Trouble({
        ...options,
        begins: `${what} cannot be stored, the SMSC is asked to send them again`,
        ends: `${what} can be stored again`,
      });
    this.#troubles = { receipts: trouble('receipts'), receivedMessages: trouble('received messages') };
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
    const { carrier, meters } = this.#options;
    const receipt = readReceipt(pdu);
    const copy = this.#recent.arrive(fingerprint(pdu));
    try {
      if (copy.kind !== 'answer-only') await this.#store(pdu, receipt, copy);
    } catch (cause) {
      copy.notStored();
      meters.count('deliversRefused');
      this.#troubles[kindOf(receipt)].failed(toError(cause));
      respond(carrier.deliverRetryStatus);
      return;
    }
    if (!respond(esme.ROK)) copy.leftUnanswered();
  }

  async #store(pdu: DeliverSm, receipt: Receipt | undefined, copy: Copy): Promise<void> {
    if (receipt === undefined) await this.#publishReceived(pdu, copy);
    else await this.#options.events.publish(this.#receiptEvent(pdu, receipt));
    const kind = kindOf(receipt);
    this.#options.meters.count(kind);
    this.#troubles[kind].succeeded();
  }

  async #publishReceived(pdu: DeliverSm, copy: Copy): Promise<void> {
    const { inboundTopic, deadLetterQueue, log } = this.#options;
    const event = this.#receivedEvent(pdu, copy);
    const { carrier, from, to, text } = event.data;
    const keyword = text.trim().split(/\s+/, 1)[0]?.toUpperCase();
    try {
      await inboundTopic.publish(event, { type: event.type, carrier, from, to, keyword });
    } catch (cause) {
      if (!(cause instanceof EntryFailedError && cause.senderFault)) throw cause;
      // Asking for it again would loop for as long as the SMSC keeps it (quirk 61).
      log.error('SNS would never take this message, it is stored in the dead-letter queue', { code: cause.code });
      await deadLetterQueue.send(pdu.raw.toString('base64'), undefined, `SNS refused it: ${cause.code}`);
    }
  }

  #receiptEvent(pdu: DeliverSm, receipt: Receipt): ReceiptEvent {
    const { carrier, clock } = this.#options;
    return {
      type: 'receipt',
      id: eventIds.receipt(carrier.name, pdu),
      carrier: carrier.name,
      time: new Date(clock.now()).toISOString(),
      ...receipt,
      from: pdu.sourceAddr.slice(0, longestAddress),
      to: pdu.destinationAddr.slice(0, longestAddress),
    };
  }

  #receivedEvent(pdu: DeliverSm, copy: Copy): ReceivedEvent {
    const { carrier, clock, newId } = this.#options;
    const payload = pdu.shortMessage.length === 0 && pdu.tlvs.find(({ tag }) => tag === tlvTags.messagePayload);
    const octets = payload ? payload.value : pdu.shortMessage;
    // What `octets` has already would make a long message too large for SNS.
    const tlvs = pdu.tlvs.filter((tlv) => tlv !== payload);
    const hasUdh = (pdu.esmClass & udhIndicator) !== 0;
    const { udh, body } = hasUdh ? splitUdh(octets) : { udh: new Uint8Array(), body: octets };
    const concatenation = readConcatenation(udh);
    return {
      specversion: '1.0',
      id: newId(),
      source: `/carriers/${carrier.name}`,
      type: 'sms.received',
      dataschema: 'urn:aws-smpp-gateway:schema:sms.received:1',
      subject: pdu.destinationAddr,
      time: new Date(clock.now()).toISOString(),
      datacontenttype: 'application/json',
      data: {
        carrier: carrier.name,
        from: addressText(pdu.sourceAddr, pdu.sourceAddrTon),
        to: addressText(pdu.destinationAddr, pdu.destAddrTon),
        text: decodeText(body, pdu.dataCoding),
        dataCoding: pdu.dataCoding,
        octets: Buffer.from(body).toString('base64'),
        ...(hasUdh && { udh: Buffer.from(udh).toString('base64') }),
        ...(concatenation && { concatenation }),
        fingerprint: fingerprint(pdu),
        possibleDuplicate: copy.kind === 'look-alike',
        tlvs: Object.fromEntries(tlvs.map(({ tag, value }) => [nameOf(tag), Buffer.from(value).toString('hex')])),
      },
    };
  }
}

/** What it is, by the name of the metric that counts it. */
function kindOf(receipt: Receipt | undefined): 'receivedMessages' | 'receipts' {
  return receipt === undefined ? 'receivedMessages' : 'receipts';
}

/** type_of_number 1 is international (SMPP 3.4, 5.2.5): written as E.164, as the API takes it. */
function addressText(address: string, ton: number): string {
  const international = 1;
  return ton === international && /^\d+$/.test(address) ? `+${address}` : address;
}

function nameOf(tag: number): string {
  return tlvName(tag) ?? `0x${tag.toString(16).padStart(4, '0')}`;
}
