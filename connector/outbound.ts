import { type OutboundSms, parseOutboundSms } from '#contract/outbound-sms.ts';
import { InvalidInputError } from '#contract/parse.ts';
import { toError } from '#contract/to-error.ts';
import { unreachable } from '#contract/unreachable.ts';
import { LaneEnds, type LaneEndsOptions } from './lane-ends.ts';
import { OutcomeTable } from './outcome.ts';
import { Permits } from './permits.ts';
import type { HeldMessage } from './queue/lane.ts';
import { type Fate, SendSms, type SendSmsDeps } from './send-sms.ts';
import { tagNames } from './smpp/tlvs-by-name.ts';
import type { Transceiver } from './smpp/transceiver.ts';
import { Trouble } from './trouble.ts';

export interface OutboundOptions
  extends LaneEndsOptions,
    Omit<SendSmsDeps, 'deleteMessage' | 'outcomes' | 'nameOfTag' | 'claims'> {
  readonly transceiver: Pick<Transceiver, 'acquire' | 'rateLimit' | 'untilNear'>;
}

/** Whether SQS is done with a message, or will hand it out again. */
type Settling = 'settled' | 'given-back';

const troubles = {
  unsettled: {
    begins: 'messages could not be settled, and are given back',
    ends: 'messages are settled again',
  },
  /** Of those that are deleted from their queue, so that no other process can have them. */
  leftBehind: {
    begins:
      'neither events of at-most-once messages could be stored nor they be put back: unless a receipt tells what became of them, they end as uncertain',
    ends: 'events of at-most-once messages are stored again',
  },
} as const;

/** How long a message waits in the queue that could not be settled for a reason that is not its own, in ms. */
const afterErrorMs = 60_000;

/** How often those that wait see whether their time is over, in ms. */
const lookEveryMs = 5_000;

/**
 * Takes the messages of the lanes to the SMSC, each to its end: deleted when its outcome is durable
 * (at-least-once) or before its first octet (at-most-once), moved to the dead-letter queue when it
 * cannot be read, given back when draining. Within a lane one message per group is under way, so that
 * the order per recipient holds; SQS may hand out several of a group at once.
 */
export class Outbound {
  readonly #options: OutboundOptions;
  readonly #ends: LaneEnds;
  readonly #deps: SendSmsDeps;
  /** Of each group with messages here, the last one's end. */
  readonly #lastOfGroup = new Map<string, Promise<Settling>>();
  readonly #working = new Set<Promise<unknown>>();
  readonly #sending = new Set<SendSms>();
  readonly #troubles: Readonly<Record<keyof typeof troubles, Trouble>>;
  #draining = false;
  #cancelLook: (() => void) | undefined;

  constructor(options: OutboundOptions) {
    this.#options = options;
    this.#ends = new LaneEnds(options);
    const { carrier, transceiver } = options;
    // Beside a window of them that are written: another, but no more than leave in a second.
    const mostClaims = () =>
      carrier.window + Math.min(carrier.window, 1 + Math.floor(transceiver.rateLimit ?? carrier.window));
    this.#deps = {
      ...options,
      outcomes: new OutcomeTable(carrier),
      nameOfTag: tagNames(carrier.tlvs),
      claims: { urgent: new Permits(mostClaims), normal: new Permits(mostClaims) },
      deleteMessage: (message) => this.#ends.delete(message),
    };
    const troubleOf = (what: keyof typeof troubles) => new Trouble({ ...options, ...troubles[what] });
    this.#troubles = {
      unsettled: troubleOf('unsettled'),
      leftBehind: troubleOf('leftBehind'),
    };
    options.givingUp.addEventListener('abort', () => {
      for (const sending of this.#sending) sending.stop();
    });
  }

  /** Never rejects or throws: whatever happens ends in a log line and a message that SQS still has. */
  take(held: HeldMessage): void {
    const group = groupOf(held);
    const before = this.#lastOfGroup.get(group) ?? Promise.resolve('settled');
    const work: Promise<Settling> = before
      .then((sibling) => this.#handle(held, sibling))
      .finally(() => {
        held.release();
        this.#working.delete(work);
        if (this.#lastOfGroup.get(group) === work) this.#lastOfGroup.delete(group);
      });
    this.#working.add(work);
    this.#lastOfGroup.set(group, work);
  }

  /** Gives back what was not begun; resolves when every message taken so far is settled. */
  async drain(): Promise<void> {
    this.#draining = true;
    for (const sending of this.#sending) sending.drain();
    await Promise.all(this.#working);
    this.#cancelLook?.();
  }

  /** A message whose earlier sibling is back in the queue goes back too: it must not overtake. */
  async #handle(held: HeldMessage, sibling: Settling): Promise<Settling> {
    try {
      if (sibling === 'settled' && !this.#draining) return await this.#process(held);
    } catch (cause) {
      this.#troubles.unsettled.failed(toError(cause), { sqsMessageId: held.sqsMessageId });
      return await this.#giveBackAfterError(held);
    }
    return await this.#giveBack(held);
  }

  /** Whatever was the matter, the next try should not come at once, and again and again. */
  #giveBackAfterError(held: HeldMessage): Promise<Settling> {
    return this.#giveBack(held, this.#draining ? 0 : afterErrorMs);
  }

  /** What comes of the group from now on was received anew: it has nothing to wait for, nor to go back with. */
  async #giveBack(held: HeldMessage, delayMs?: number): Promise<Settling> {
    this.#lastOfGroup.delete(groupOf(held));
    await held.giveBack(delayMs);
    return 'given-back';
  }

  async #process(held: HeldMessage): Promise<Settling> {
    if (this.#ends.isSettled(held)) {
      held.begin();
      await this.#ends.deleteSettled(held, { sqsMessageId: held.sqsMessageId });
      return 'settled';
    }
    let sms: OutboundSms;
    try {
      sms = this.#read(held);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      held.begin();
      await this.#ends.moveToDeadLetters(held, error);
      return 'settled';
    }
    const tooEarlyMs = sms.notBefore === undefined ? 0 : Date.parse(sms.notBefore) - this.#options.clock.now();
    if (tooEarlyMs > 0) return await this.#giveBack(held, tooEarlyMs);
    const sending = new SendSms(sms, held, this.#deps);
    const troubleOf = () => (sending.claimed ? this.#troubles.leftBehind : this.#troubles.unsettled);
    try {
      const fate = await this.#run(sending);
      const settling = await (sending.claimed
        ? this.#settleClaimed(fate, sms, held)
        : this.#settleHeld(fate, sms, held));
      troubleOf().succeeded();
      return settling;
    } catch (cause) {
      troubleOf().failed(toError(cause), { messageId: sms.id });
      return sending.claimed ? 'settled' : await this.#giveBackAfterError(held);
    }
  }

  async #run(sending: SendSms): Promise<Fate> {
    this.#sending.add(sending);
    this.#cancelLook ??= this.#options.clock.after(lookEveryMs, () => this.#look());
    try {
      return await sending.run();
    } finally {
      this.#sending.delete(sending);
    }
  }

  #look(): void {
    for (const sending of this.#sending) sending.look();
    this.#cancelLook = this.#sending.size > 0 ? this.#options.clock.after(lookEveryMs, () => this.#look()) : undefined;
  }

  #read(held: HeldMessage): OutboundSms {
    const sms = parseOutboundSms(held.body);
    const { name } = this.#options.carrier;
    if (sms.carrier === name) return sms;
    throw new InvalidInputError('outbound sms', [`carrier: must be "${name}", got "${sms.carrier}"`]);
  }

  async #settleHeld(fate: Fate, sms: OutboundSms, held: HeldMessage): Promise<Settling> {
    switch (fate.kind) {
      case 'finished':
        await this.#ends.deleteSettled(held, { messageId: sms.id });
        return 'settled';
      case 'stopped':
        return await this.#giveBack(held);
      case 'deferred':
        return await this.#giveBack(held, fate.delayMs);
      case 'lost':
        this.#options.log.debug('visibility was lost, SQS gives the message to whoever asks next', {
          messageId: sms.id,
        });
        return 'given-back';
      case 'unknown':
        throw new Error('only a claimed message has an unknown fate');
      default:
        return unreachable(fate);
    }
  }

  /** At-most-once, from its claim on. */
  async #settleClaimed(fate: Fate, sms: OutboundSms, held: HeldMessage): Promise<Settling> {
    const { log, clock } = this.#options;
    switch (fate.kind) {
      case 'finished':
        return 'settled';
      case 'stopped':
        await this.#ends.enqueueAnew(held, sms);
        return 'settled';
      case 'deferred':
        await this.#ends.enqueueAnew(held, { ...sms, notBefore: new Date(clock.now() + fate.delayMs).toISOString() });
        return 'settled';
      case 'unknown':
        log.debug('no answer to an at-most-once message, it is not sent again', { messageId: sms.id });
        return 'settled';
      case 'lost':
        throw new Error('a claimed message cannot be lost');
      default:
        return unreachable(fate);
    }
  }
}

/** Lanes are queues of their own: what one has of a recipient is not in the order of another. */
function groupOf({ lane, groupId }: HeldMessage): string {
  return `${lane}/${groupId}`;
}
