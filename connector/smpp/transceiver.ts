import type { CarrierProfile } from '#contract/carrier.ts';
import { type Account, accountsOf } from './account.ts';
import { type BindState, KeptBind, type KeptBindOptions } from './kept-bind.ts';
import { Pace } from './pace.ts';
import type { RequestOutcome } from './pending.ts';
import type { Retirement } from './reconnect.ts';
import type { SubmitSm } from './submit-sm.ts';
import { type Claimant, type Slot, Window } from './window.ts';

export interface TransceiverOptions
  extends Omit<KeptBindOptions, 'account' | 'bindTimeoutMs' | 'reconnect' | 'tls' | 'beforeRetiring'> {
  readonly profile: CarrierProfile;
}

/** A bind over which the SMSC took a submit_sm so long before another, in ms, works. */
const workedMs = 1_000;
/** How long answers are waited for over a session that is to be ended as it does not work, in ms. */
const refusedWaitMs = 5_000;

/**
 * A place in the window, for one submit_sm after the other: the `turn`, at once after it `submit`, then what the answer meant. In the
 * end `release`.
 */
export interface SubmitSlot extends Slot {
  /** Rejects with `InvalidPduError` when `pdu` cannot be written; then nothing was. */
  submit(pdu: SubmitSm): Promise<RequestOutcome>;
  /** The SMSC took it. */
  accepted(): void;
  /**
   * The answer was that the SMSC takes no more for now. Where it has taken others since `before`, when it told the same of this
   * `message` (by the monotonic clock), it means the message; where it was asked to take no other since, nobody knows. Else it means
   * the carrier: nothing is written for a moment, and then less.
   */
  throttled(message: object, before: number | undefined): 'carrier' | 'message' | 'nobody-knows';
  /**
   * What came of it is a reason to end the session, and begin another; but not where the SMSC has taken others a moment ago, or since
   * `before`, as above: then it is the message.
   */
  refused(before: number | undefined, because: Error): 'carrier' | 'message';
}

/**
 * Sends to and receives from one carrier, over one bind or over a transmitter and a receiver, which are kept until `stop`.
 * Requests that a lost session left unanswered are told to who made them; none is sent again from here.
 */
export class Transceiver {
  readonly #options: TransceiverOptions;
  readonly #pace: Pace;
  readonly #window: Window;
  readonly #binds: readonly KeptBind[];
  /** Of `#binds` the one that sends. */
  readonly #sender: KeptBind;
  /** submit_sm that the sender's session may still take. */
  #submitsLeft = Number.POSITIVE_INFINITY;
  #stopped: Promise<void> | undefined;

  constructor(options: TransceiverOptions) {
    this.#options = options;
    const { profile, clock, random } = options;
    this.#pace = new Pace(shareOf(profile), random, clock.monotonic());
    this.#window = new Window({ size: profile.window, pace: this.#pace, clock });
    const [first, ...others] = accountsOf(profile);
    if (first === undefined) throw new Error('a carrier has an account');
    this.#sender = this.#keep(first, true);
    this.#binds = [this.#sender, ...others.map((account) => this.#keep(account, false))];
  }

  /** Whether every bind is there. */
  get bound(): boolean {
    return this.#binds.every(({ session }) => session !== undefined);
  }

  /** Whether the bind that sends is there. */
  get canSubmit(): boolean {
    return this.#sender.session !== undefined;
  }

  /** When the one of the binds that was silent longest was heard from, on the clock that never steps; undefined while none is there. */
  get lastHeard(): number | undefined {
    const times = this.#binds.flatMap(({ session }) => session?.lastHeard ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** submit_sm per second that are written at the most as things stand; undefined without a limit. */
  get rateLimit(): number | undefined {
    const limit = this.#pace.limit(this.#options.clock.monotonic());
    return Number.isFinite(limit) ? limit : undefined;
  }

  /** Whether nothing is written for a moment because the SMSC throttled. */
  get throttled(): boolean {
    return this.#pace.pausedMs(this.#options.clock.monotonic()) > 0;
  }

  /** Most of the window that was in use at once since this was asked last, 0 to 1. */
  takePeakUse(): number {
    return this.#window.takePeakUse();
  }

  start(): void {
    for (const bind of this.#binds) bind.start();
  }

  /**
   * Resolves with a place in the window once bound, with room and with its turn near, urgent first; with undefined when `stop`
   * aborts before.
   */
  async acquire(claimant: Claimant, stop: AbortSignal): Promise<SubmitSlot | undefined> {
    const slot = await this.#window.acquire(claimant, stop);
    if (slot === undefined) return undefined;
    const { clock } = this.#options;
    let writtenAt = Number.NEGATIVE_INFINITY;
    return {
      ...slot,
      submit: (pdu) => {
        writtenAt = clock.monotonic();
        return this.#submit(pdu);
      },
      accepted: () => this.#pace.accepted(writtenAt),
      throttled: (message, before) => {
        const now = clock.monotonic();
        const anotherAt = this.#pace.noteThrottled(message, now);
        if (before !== undefined && this.#pace.hasAccepted(before)) return 'message';
        if (before !== undefined && anotherAt <= before) return 'nobody-knows';
        this.#pace.throttled(writtenAt, now);
        return 'carrier';
      },
      refused: (before, because) => {
        if (this.#pace.hasAccepted(Math.min(before ?? writtenAt, writtenAt - workedMs))) return 'message';
        this.#sender.retire('submit-refused', because);
        return 'carrier';
      },
    };
  }

  /** Resolves with true once bound and with the next write at most a second away; with false when `stop` aborts before. */
  untilNear(stop: AbortSignal): Promise<boolean> {
    return this.#window.untilNear(stop);
  }

  /**
   * Unbinds and resolves when nothing is running any more. What is still unanswered 2 s after the unbind is settled as
   * unanswered. May be called twice.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#window.stop();
    await Promise.all(this.#binds.map((bind) => bind.stop()));
  }

  #keep(account: Account, isSender: boolean): KeptBind {
    const { profile } = this.#options;
    return new KeptBind({
      ...this.#options,
      account,
      bindTimeoutMs: profile.bindTimeoutMs,
      reconnect: profile.reconnect,
      tls: profile.tls,
      beforeRetiring: isSender ? (why, stop) => this.#finishWindow(why, stop) : () => Promise.resolve(),
      onState: (state) => {
        if (isSender) this.#onSenderState(state);
        this.#options.onState(state);
      },
    });
  }

  #onSenderState({ kind }: BindState): void {
    if (kind === 'bound' && this.#stopped === undefined) {
      this.#submitsLeft = this.#options.profile.maxMessagesPerSession ?? Number.POSITIVE_INFINITY;
      this.#window.open();
    } else {
      this.#window.close();
    }
  }

  async #submit(pdu: SubmitSm): Promise<RequestOutcome> {
    const { session } = this.#sender;
    if (session === undefined || this.#submitsLeft === 0) return { kind: 'not-written' };
    this.#submitsLeft -= 1;
    if (this.#submitsLeft === 0) this.#sender.retire('renewing');
    return await session.request(pdu);
  }

  /** No slot is given any more, and those that were are back, or too late. */
  async #finishWindow(why: Retirement, stop: AbortSignal): Promise<void> {
    const { profile, clock } = this.#options;
    this.#window.close();
    const tooLate = new AbortController();
    const { responseTimeoutMs } = profile;
    const waitMs = why === 'submit-refused' ? Math.min(refusedWaitMs, responseTimeoutMs) : responseTimeoutMs;
    const cancel = clock.after(waitMs, () => tooLate.abort());
    await this.#window.untilUnused(AbortSignal.any([stop, tooLate.signal]));
    cancel();
  }
}

/** Of the account's rate, in whole submit_sm per second: what lies between is given up, lest all tasks together send too much. */
function shareOf({ messagesPerSecond, binds }: CarrierProfile): number {
  return messagesPerSecond === undefined
    ? Number.POSITIVE_INFINITY
    : Math.max(1, Math.floor(messagesPerSecond / binds));
}
