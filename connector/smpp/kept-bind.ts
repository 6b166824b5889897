import type { CarrierProfile } from '#contract/carrier.ts';
import type { Role } from './account.ts';
import type { Host } from './host.ts';
import { Itinerary } from './itinerary.ts';
import { type OpenSessionOptions, openSession } from './open-session.ts';
import { type SessionEnd, stayBound } from './reconnect.ts';
import type { Session } from './session.ts';

export type BindState =
  | { readonly kind: 'bound'; readonly role: Role; readonly host: Host }
  | {
      readonly kind: 'unbound';
      readonly role: Role;
      readonly host: Host;
      readonly end: SessionEnd;
      readonly nextTryMs: number;
    };

export interface KeptBindOptions extends OpenSessionOptions {
  readonly reconnect: CarrierProfile['reconnect'];
  readonly random: () => number;
  readonly onState: (state: BindState) => void;
  /** Before a session that works is given up for another: resolves when nobody will send over it any more. */
  readonly beforeRetiring: () => Promise<void>;
}

/** Of `returnAfterMs`, while the preferred host can be reached but not bound: 5 minutes become 5 hours. */
const maxDoublings = 6;

/** One bind that is kept: whenever its session ends, another is begun, until `stop`. */
export class KeptBind {
  readonly #options: KeptBindOptions;
  readonly #itinerary: Itinerary;
  readonly #stopping = new AbortController();
  #session: Session | undefined;
  #isRetiring = false;
  /** Since the preferred host was bound last. */
  #returns = 0;
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: KeptBindOptions) {
    this.#options = options;
    this.#itinerary = new Itinerary(options.account.hosts.length, options.reconnect, options.random);
  }

  /** The bound one, if there is one. */
  get session(): Session | undefined {
    return this.#session?.bound ? this.#session : undefined;
  }

  start(): void {
    const { reconnect, clock } = this.#options;
    this.#running = stayBound(
      {
        connect: (stop) => openSession(this.#options, this.#host, stop),
        onBound: (session) => this.#onBound(session),
        onEnd: (end, lasted) => this.#onEnd(end, lasted),
        healthyAfterMs: reconnect.healthyAfterMs,
        clock,
      },
      this.#stopping.signal,
    );
  }

  /** Unbinds and resolves when nothing is running any more. What awaited an answer is settled as unanswered. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('stopping'));
    await this.#session?.unbind();
    await this.#running;
  }

  /** Ends the session in good order, to begin another at once. */
  async retire(): Promise<void> {
    const session = this.#session;
    if (session === undefined || this.#isRetiring) return;
    this.#isRetiring = true;
    await this.#options.beforeRetiring();
    await session.unbind('retired');
  }

  get #host(): Host {
    const host = this.#options.account.hosts[this.#itinerary.host];
    if (host === undefined) throw new Error('a carrier has at least one host');
    return host;
  }

  #onBound(session: Session): void {
    const { account, onState } = this.#options;
    this.#session = session;
    this.#isRetiring = false;
    // `stop` may have been called while the bind's answer was on its way: nobody else would end this session.
    if (this.#stopping.signal.aborted) void session.unbind();
    else if (this.#itinerary.host > 0) void this.#returnToPreferred(session);
    else this.#returns = 0;
    onState({ kind: 'bound', role: account.role, host: this.#host });
  }

  #onEnd(end: SessionEnd, lasted: boolean): number {
    const { account, clock, onState } = this.#options;
    const host = this.#host;
    this.#session = undefined;
    const nextTryMs = this.#itinerary.next(end, lasted, clock.monotonic());
    onState({ kind: 'unbound', role: account.role, host, end, nextTryMs });
    return nextTryMs;
  }

  /** Looks, while `session` serves, whether the preferred host can be reached again, and then goes there. Never rejects. */
  async #returnToPreferred(session: Session): Promise<void> {
    const { account, reconnect, clock } = this.#options;
    const [preferred] = account.hosts;
    if (preferred === undefined || reconnect.returnAfterMs === 0) return;
    const over = new AbortController();
    void session.ended.then(() => over.abort());
    // A host that can be reached and then does not take the bind costs a session each time.
    const afterMs = reconnect.returnAfterMs * 2 ** Math.min(this.#returns, maxDoublings);
    while (!over.signal.aborted) {
      await clock.sleep(afterMs, over.signal);
      if (over.signal.aborted || !(await this.#canReach(preferred, over.signal))) continue;
      this.#returns += 1;
      await this.retire();
    }
  }

  async #canReach(host: Host, over: AbortSignal): Promise<boolean> {
    const { bindTimeoutMs, clock, connect } = this.#options;
    const deadline = new AbortController();
    const cancelDeadline = clock.after(bindTimeoutMs, () => deadline.abort());
    try {
      const socket = await connect(host, AbortSignal.any([over, deadline.signal]));
      socket.on('error', () => {}).destroy();
      return true;
    } catch {
      // It says nothing new: that host is why this one serves.
      return false;
    } finally {
      cancelDeadline();
    }
  }
}
