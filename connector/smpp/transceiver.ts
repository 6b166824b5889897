import type { Priority } from '#contract/outbound-sms.ts';
import { unreachable } from '#contract/unreachable.ts';
import { type Host, type OpenSessionOptions, openSession } from './open-session.ts';
import type { RequestOutcome } from './pending.ts';
import { rebindDelayMs } from './rebind-delay.ts';
import { type SessionEnd, stayBound } from './reconnect.ts';
import type { Session } from './session.ts';
import { commandStatusText } from './status.ts';
import type { SubmitSm } from './submit-sm.ts';
import { type Slot, Window } from './window.ts';

export interface TransceiverOptions extends OpenSessionOptions {
  readonly random: () => number;
  readonly onState: (state: BindState) => void;
}

export type BindState =
  | { readonly kind: 'bound'; readonly host: Host }
  | { readonly kind: 'unbound'; readonly host: Host; readonly reason: string; readonly commandStatus?: number };

/** A slot of the window: `submit` once, or more often when the first was not accepted, then `release`. */
export interface SubmitSlot extends Slot {
  /** Rejects with `InvalidPduError` when `pdu` cannot be written; then nothing was. */
  submit(pdu: SubmitSm): Promise<RequestOutcome>;
}

/**
 * One bind to one carrier that is kept: it binds again, with backoff, until `stop`. Requests that a
 * lost session left unanswered are told to who made them; none is sent again from here.
 */
export class Transceiver {
  readonly #options: TransceiverOptions;
  readonly #window: Window;
  readonly #stopping = new AbortController();
  #session: Session | undefined;
  #hostIndex = 0;
  #running: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;

  constructor(options: TransceiverOptions) {
    this.#options = options;
    this.#window = new Window(options.profile.window);
  }

  get bound(): boolean {
    return this.#session?.bound ?? false;
  }

  start(): void {
    const { profile, clock, random } = this.#options;
    this.#running = stayBound(
      {
        connect: (stop) => openSession(this.#options, this.#host, stop),
        onBound: (session) => this.#onBound(session),
        onEnd: (end, lasted) => this.#onEnd(end, lasted),
        nextDelayMs: (end, failures) => rebindDelayMs(end, failures, profile.reconnect, random),
        healthyAfterMs: profile.reconnect.healthyAfterMs,
        clock,
      },
      this.#stopping.signal,
    );
  }

  /** Resolves with a slot once bound and with room, urgent first; with undefined when `stop` aborts before. */
  async acquire(priority: Priority, stop: AbortSignal): Promise<SubmitSlot | undefined> {
    const slot = await this.#window.acquire(priority, stop);
    if (slot === undefined) return undefined;
    return {
      submit: async (pdu) => (await this.#session?.request(pdu)) ?? { kind: 'not-written' },
      release: () => slot.release(),
    };
  }

  /**
   * Unbinds and resolves when nothing is running any more. What awaited an answer is settled as unanswered.
   * May be called twice.
   */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#stopping.abort();
    this.#window.close();
    await this.#session?.unbind();
    await this.#running;
  }

  get #host(): Host {
    const host = this.#options.profile.hosts[this.#hostIndex];
    if (host === undefined) throw new Error('a carrier has at least one host');
    return host;
  }

  #onBound(session: Session): void {
    this.#session = session;
    // `stop` may have been called while the bind's answer was on its way: nobody else would end this session.
    if (this.#stopping.signal.aborted) void session.unbind();
    this.#options.onState({ kind: 'bound', host: this.#host });
    this.#window.open();
  }

  /** A host's failure moves on to the next one, a session that lasted returns to the first. */
  #onEnd(end: SessionEnd, lasted: boolean): void {
    this.#session = undefined;
    this.#window.close();
    const commandStatus = end.kind === 'refused' ? { commandStatus: end.commandStatus } : {};
    this.#options.onState({ kind: 'unbound', host: this.#host, reason: describeEnd(end), ...commandStatus });
    // Without a password it was not asked.
    if (end.kind === 'no-password') return;
    this.#hostIndex = lasted ? 0 : (this.#hostIndex + 1) % this.#options.profile.hosts.length;
  }
}

function describeEnd(end: SessionEnd): string {
  switch (end.kind) {
    case 'no-password':
      return `cannot read the password: ${end.cause.message}`;
    case 'unreachable':
      return `cannot connect: ${end.cause.message}`;
    case 'refused':
      return `bind refused: ${commandStatusText(end.commandStatus)}`;
    case 'ended':
      return end.cause === undefined ? end.why : `${end.why}: ${end.cause.message}`;
    default:
      return unreachable(end);
  }
}
