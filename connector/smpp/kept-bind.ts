import type { CarrierProfile } from '#contract/carrier.ts';
import type { Role } from './account.ts';
import type { Host } from './host.ts';
import { Itinerary } from './itinerary.ts';
import { type OpenSessionOptions, openSession } from './open-session.ts';
import { type Course, type Retirement, type SessionEnd, stayBound } from './reconnect.ts';
import type { Session } from './session.ts';

export type BindState =
  | { readonly kind: 'bound'; readonly role: Role; readonly host: Host }
  | {
      readonly kind: 'unbound';
      readonly role: Role;
      readonly host: Host;
      readonly end: SessionEnd;
      /** Not there when no other try follows. */
      readonly nextTryMs?: number;
    };

export interface KeptBindOptions extends OpenSessionOptions {
  readonly reconnect: CarrierProfile['reconnect'];
  readonly random: () => number;
  readonly onState: (state: BindState) => void;
  /** Before a session that works is given up for another: resolves when nobody will send over it any more, or at `stop`. */
  readonly beforeRetiring: (why: Retirement, stop: AbortSignal) => Promise<void>;
}

/** How often `returnAfterMs` is doubled at most, while the preferred host can be reached but not bound: 5 minutes become 5 hours. */
const maxDoublings = 6;

/** One bind that is kept: whenever its session ends, another is begun, until `stop`. */
export class KeptBind {
  readonly #options: KeptBindOptions;
  readonly #itinerary: Itinerary;
  readonly #stopping = new AbortController();
  /** What goes on beside `#running`; `stop` waits for it. */
  readonly #background = new Set<Promise<void>>();
  #session: Session | undefined;
  /** Since the preferred host was bound last. */
  #returns = 0;
  /** When the preferred host is looked for next, whichever session of another serves then. */
  #lookAt: number | undefined;
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
        onEnd: (end, course) => this.#onEnd(end, course),
        healthyAfterMs: reconnect.healthyAfterMs,
        clock,
      },
      this.#stopping.signal,
    );
  }

  /** Unbinds and resolves when nothing is running any more. What is still unanswered 2 s after the unbind is settled so. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('stopping'));
    await this.#session?.unbind();
    await this.#running;
    await Promise.all(this.#background);
  }

  /** Ends the session in good order, to begin another; once, however often it is asked for. */
  retire(why: Retirement, cause?: Error): void {
    if (this.#session !== undefined) this.#inBackground(this.#endForAnother(this.#session, why, cause));
  }

  async #endForAnother(session: Session, why: Retirement, cause?: Error): Promise<void> {
    await this.#options.beforeRetiring(why, this.#stopping.signal);
    await session.unbind(why, cause);
  }

  /** `work` does not reject. */
  #inBackground(work: Promise<void>): void {
    const done = work.finally(() => this.#background.delete(done));
    this.#background.add(done);
  }

  get #host(): Host {
    const host = this.#options.account.hosts[this.#itinerary.host];
    if (host === undefined) throw new Error('a carrier has at least one host');
    return host;
  }

  #onBound(session: Session): void {
    const { account, clock, onState } = this.#options;
    this.#session = session;
    this.#itinerary.bound(clock.monotonic());
    // `stop` may have been called while the bind's answer was on its way: nobody else would end this session.
    if (this.#stopping.signal.aborted) this.#inBackground(session.unbind());
    else if (this.#itinerary.host > 0) this.#inBackground(this.#returnToPreferred(session));
    else this.#onPreferred();
    onState({ kind: 'bound', role: account.role, host: this.#host });
  }

  #onPreferred(): void {
    this.#returns = 0;
    this.#lookAt = undefined;
  }

  #onEnd(end: SessionEnd, course: Course): number {
    const { account, clock, onState } = this.#options;
    const host = this.#host;
    this.#session = undefined;
    if (end.kind === 'ended' && end.why === 'returning') this.#returns += 1;
    const nextTryMs = this.#itinerary.next(end, course, clock.monotonic());
    const isLast = this.#stopping.signal.aborted;
    onState({ kind: 'unbound', role: account.role, host, end, ...(!isLast && { nextTryMs }) });
    return nextTryMs;
  }

  /** Looks, while `session` serves, whether the preferred host can be reached again, and then goes there. */
  async #returnToPreferred(session: Session): Promise<void> {
    const { account, reconnect, clock } = this.#options;
    const [preferred] = account.hosts;
    if (preferred === undefined || reconnect.returnAfterMs === 0) return;
    const over = new AbortController();
    void session.ended.then(() => over.abort());
    // A host that can be reached and then does not take the bind costs a session each time.
    const afterMs = reconnect.returnAfterMs * 2 ** Math.min(this.#returns, maxDoublings);
    while (!over.signal.aborted) {
      const now = clock.monotonic();
      this.#lookAt ??= now + afterMs;
      if (this.#lookAt > now) await clock.sleep(this.#lookAt - now, over.signal);
      const isReached = !over.signal.aborted && (await this.#canReach(preferred, over.signal));
      if (over.signal.aborted) return;
      this.#lookAt = undefined;
      if (!isReached) continue;
      this.retire('returning');
      return;
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
