import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { PDU } from '../support/smpp-oracle.ts';
import { ReceiptStory, type ReceivedStory } from './delivery-stories.ts';
import type { SegmentStory } from './message-story.ts';
import { markOf } from './plan.ts';
import type { Story } from './story.ts';

/** What the SMSC has for the connector until it is acknowledged. */
interface Delivery {
  readonly story: ReceivedStory | ReceiptStory;
  readonly fields: Readonly<Record<string, unknown>>;
}

const atOnce = 10;
/** After a refusal: what could not be stored now may be a moment later. */
const againAfterMs = 100;
const receiptEsmClass = 0x04;

/** Sends deliver_sm over whichever bind there is, and again, with another sequence number, what was not acknowledged. */
export class Deliveries {
  readonly #story: Story;
  readonly #waiting: Delivery[] = [];
  readonly #unanswered = new Map<number, Delivery>();
  #socket: Socket | undefined;
  #sequenceNumber = 0;
  #resting = 0;

  constructor(story: Story) {
    this.#story = story;
  }

  get isIdle(): boolean {
    return this.#waiting.length + this.#unanswered.size + this.#resting === 0;
  }

  /** A bind, over which they go from now on. */
  over(socket: Socket): void {
    if (this.#socket !== undefined) this.lost(this.#socket);
    this.#socket = socket;
    this.#pump();
  }

  lost(socket: Socket): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.#waiting.unshift(...this.#unanswered.values());
    this.#unanswered.clear();
  }

  /** A handset's message. */
  message(story: ReceivedStory, from: string): void {
    const short_message = Buffer.from(`${markOf('M', story.index)} from a handset`);
    this.#add({ story, fields: { source_addr: from, source_addr_ton: 1, destination_addr: '12345', short_message } });
  }

  receipt(segment: SegmentStory, smscMessageId: string, submit: PDU): void {
    if (Number(submit.registered_delivery) === 0) return;
    const story = new ReceiptStory(segment.message);
    this.#story.receipts.set(smscMessageId, story);
    const dates = 'submit date:2611231200 done date:2611231201';
    const text = `id:${smscMessageId} sub:001 dlvrd:001 ${dates} stat:DELIVRD err:000 text:`;
    this.#add({
      story,
      fields: {
        esm_class: receiptEsmClass,
        source_addr: submit.destination_addr,
        source_addr_ton: submit.dest_addr_ton,
        destination_addr: submit.source_addr,
        short_message: Buffer.from(text),
        ...(submit.user_message_reference !== undefined && { user_message_reference: submit.user_message_reference }),
      },
    });
  }

  answered(socket: Socket, sequenceNumber: number, commandStatus: number): void {
    const delivery = this.#unanswered.get(sequenceNumber);
    if (this.#socket !== socket || delivery === undefined) return;
    this.#unanswered.delete(sequenceNumber);
    if (commandStatus === 0) {
      delivery.story.isAcknowledged = true;
      this.#story.onProgress();
    } else {
      void this.#addLater(delivery);
    }
    this.#pump();
  }

  async #addLater(delivery: Delivery): Promise<void> {
    this.#resting += 1;
    await setTimeout(againAfterMs);
    this.#resting -= 1;
    this.#add(delivery);
  }

  #add(delivery: Delivery): void {
    this.#waiting.push(delivery);
    this.#pump();
  }

  #pump(): void {
    const socket = this.#socket;
    while (socket?.writable && this.#unanswered.size < atOnce) {
      const delivery = this.#waiting.shift();
      if (delivery === undefined) return;
      this.#sequenceNumber += 1;
      this.#unanswered.set(this.#sequenceNumber, delivery);
      delivery.story.sends += 1;
      const fields = { data_coding: 0, ...delivery.fields, sequence_number: this.#sequenceNumber };
      socket.write(new PDU('deliver_sm', fields).toBuffer());
    }
  }
}
