import type { CarrierProfile } from '#contract/carrier.ts';
import { type ReceiptOptions, receiptOptions } from '#contract/carrier-receipts.ts';
import type { ConnectorEvent, MessageEvent } from '#contract/connector-events.ts';
import type { OutboundSms } from '#contract/outbound-sms.ts';
import type { Clock } from './clock.ts';
import { eventIds } from './event-ids.ts';
import type { KnownPdu } from './smpp/codec/pdu.ts';
import { commandStatusText } from './smpp/status.ts';
import type { Segment } from './smpp/submit-sm.ts';
import { type NameOfTag, tlvsByName } from './smpp/tlvs-by-name.ts';

export interface MessageFactsDeps {
  readonly carrier: Pick<CarrierProfile, 'name' | 'receipts'>;
  /** What the carrier's TLVs are called. */
  readonly nameOfTag: NameOfTag;
  /** Resolves when the event is durable; rejects only when the process gives up while draining. */
  readonly record: (event: ConnectorEvent) => Promise<void>;
  readonly clock: Clock;
}

/** Which segment of how many, counted from 1 in the order of the text, and whether a receipt is asked for. */
export type SegmentNumber = Omit<Segment, 'pdu'>;

const usualTimeoutSeconds = receiptOptions.parse({}).timeoutSeconds;

/** SMPP 3.4 says 65 octets, some SMSCs give more (quirk 5); what is longer still is no id but a fault. */
const longestMessageId = 255;

/** What is told of one message, in events that are on their way or durable. */
export class MessageFacts {
  readonly #sms: OutboundSms;
  readonly #deps: MessageFactsDeps;
  readonly #recording: Promise<void>[] = [];

  constructor(sms: OutboundSms, deps: MessageFactsDeps) {
    this.#sms = sms;
    this.#deps = deps;
  }

  /** Resolves when all that was told so far is durable; rejects when something could not be made so. */
  async durable(): Promise<void> {
    await Promise.all(this.#recording);
  }

  sending(): void {
    this.#tell({ type: 'sending', id: eventIds.sending(this.#sms.id) });
  }

  submitted(number: SegmentNumber, response: KnownPdu, possibleDuplicate: boolean): void {
    const { id, to } = this.#sms;
    const { segment, segments, receiptExpected } = number;
    const smscMessageId = 'messageId' in response ? response.messageId.trim().slice(0, longestMessageId) : '';
    this.#tell({
      type: 'submitted',
      id: eventIds.submitted(id, segment, smscMessageId, possibleDuplicate),
      segment,
      segments,
      ...statusOf(response),
      smscMessageId,
      possibleDuplicate,
      receiptExpected,
      to,
      ...receiptRulesOf(this.#deps.carrier.receipts),
      ...this.#tlvsOf(response),
    });
  }

  rejected({ segment, segments }: SegmentNumber, response: KnownPdu): void {
    const id = eventIds.rejected(this.#sms.id, segment, response.commandStatus);
    this.#tell({ type: 'rejected', id, segment, segments, ...statusOf(response), ...this.#tlvsOf(response) });
  }

  /** Of a message that the SMSC may have accepted it must not be said that it was not sent. */
  expired(possiblySubmitted: boolean): void {
    const id = eventIds.expired(this.#sms.id, possiblySubmitted);
    this.#tell({ type: 'expired', id, ...(possiblySubmitted && { possiblySubmitted }) });
  }

  unsendable(reason: string): void {
    this.#tell({ type: 'unsendable', id: eventIds.unsendable(this.#sms.id), reason });
  }

  #tlvsOf({ tlvs }: KnownPdu) {
    return tlvs.length > 0 && { tlvs: tlvsByName(tlvs, this.#deps.nameOfTag) };
  }

  #tell(event: WithoutBase<MessageEvent>): void {
    const { carrier, record, clock } = this.#deps;
    const recording = record({
      ...event,
      carrier: carrier.name,
      time: new Date(clock.now()).toISOString(),
      messageId: this.#sms.id,
      clientId: this.#sms.clientId,
    });
    // `durable` awaits it; until then a rejection must not count as unhandled.
    recording.catch(() => {});
    this.#recording.push(recording);
  }
}

/** Those that are not as usual. */
function receiptRulesOf({ rollUp, timeoutSeconds }: ReceiptOptions) {
  return {
    ...(rollUp === 'any' && { rollUp }),
    ...(timeoutSeconds !== usualTimeoutSeconds && { receiptTimeoutSeconds: timeoutSeconds }),
  };
}

function statusOf({ commandStatus }: KnownPdu) {
  return { commandStatus, commandStatusText: commandStatusText(commandStatus) };
}

type WithoutBase<Event> = Event extends MessageEvent
  ? Omit<Event, 'carrier' | 'time' | 'messageId' | 'clientId'>
  : never;
