import type { MessageStory } from './message-story.ts';

/** What was seen of one message from a handset, from the SMSC to the subscriber of the inbound topic. */
export class ReceivedStory {
  readonly index: number;
  /** How often the SMSC sent it. */
  sends = 0;
  isAcknowledged = false;
  /** By the event's id. */
  readonly copies = new Map<string, { readonly fingerprint: string; readonly possibleDuplicate: boolean }>();

  constructor(index: number) {
    this.index = index;
  }
}

/** What was seen of one receipt, from the SMSC to the events queue. */
export class ReceiptStory {
  /** Whose it is. */
  readonly message: MessageStory;
  sends = 0;
  isAcknowledged = false;
  isRecorded = false;

  constructor(message: MessageStory) {
    this.message = message;
  }

  record(): void {
    this.isRecorded = true;
  }
}
