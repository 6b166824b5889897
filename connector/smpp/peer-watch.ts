import { unreachable } from '#contract/unreachable.ts';
import type { Clock } from '../clock.ts';
import { EarliestTimer } from './earliest-timer.ts';
import { heard, type Link, type LinkLimits, tick } from './link-timers.ts';
import type { EndReason } from './reconnect.ts';
import { Waiting } from './waiting.ts';

export interface PeerWatchOptions {
  readonly clock: Clock;
  /** `responseMs` is also how long the peer may take to finish a PDU that it began, and to read what is sent. */
  readonly limits: LinkLimits;
  /** The peer was silent: sends it an enquire_link. */
  readonly ask: () => void;
  /** It did not keep up: nothing good can come of this connection. */
  readonly onOver: (why: EndReason, cause?: Error) => void;
}

/** Whether the peer keeps up: is heard from while it is bound, finishes a PDU that it began, reads what is sent. */
export class PeerWatch {
  readonly #options: PeerWatchOptions;
  readonly #timer: EarliestTimer;
  /** For the rest of a PDU. */
  readonly #rest: Waiting;
  /** For the peer to read. */
  readonly #drain: Waiting;
  /** While the peer is bound. */
  #link: Link | undefined;
  #unfinishedOctets = 0;

  constructor(options: PeerWatchOptions) {
    this.#options = options;
    this.#timer = new EarliestTimer(options.clock, () => this.#onTimer());
    this.#rest = new Waiting(options.limits.responseMs);
    this.#drain = new Waiting(options.limits.responseMs);
  }

  /** When the peer was heard from last, while it is bound. */
  get lastHeard(): number | undefined {
    return this.#link?.lastHeard;
  }

  /** The peer is bound: from now on its silence counts. */
  watchLink(): void {
    const now = this.#options.clock.monotonic();
    this.#link = heard(now);
    this.#timer.arm(now + this.#options.limits.idleMs);
  }

  /** It is not any more. */
  leaveLink(): void {
    this.#link = undefined;
  }

  /** Whole PDUs came: the peer is there, and what it began is another one now. */
  heard(): void {
    this.#rest.stop();
    if (this.#link !== undefined) this.#link = heard(this.#options.clock.monotonic());
  }

  /** So much of a PDU is there. */
  awaitRest(unfinishedOctets: number): void {
    this.#unfinishedOctets = unfinishedOctets;
    if (unfinishedOctets > 0) this.#timer.arm(this.#rest.start(this.#options.clock.monotonic()));
  }

  /** The socket has more than it can send. */
  awaitDrain(): void {
    this.#timer.arm(this.#drain.start(this.#options.clock.monotonic()));
  }

  drained(): void {
    this.#drain.stop();
  }

  stop(): void {
    this.#timer.cancel();
  }

  #onTimer(): void {
    const now = this.#options.clock.monotonic();
    const { limits, onOver } = this.#options;
    // First, for while it does not read it is not read either, and cannot finish a PDU.
    if (this.#drain.isOver(now)) {
      onOver('peer-not-reading');
    } else if (this.#rest.isOver(now)) {
      const missing = `only ${this.#unfinishedOctets} octets of a PDU came in ${limits.responseMs} ms`;
      onOver('protocol', new Error(missing));
    } else {
      if (this.#link !== undefined) this.#step(tick(this.#link, limits, now), now);
      for (const due of [this.#rest.due, this.#drain.due]) if (due !== undefined) this.#timer.arm(due);
    }
  }

  #step(step: ReturnType<typeof tick>, now: number): void {
    switch (step.do) {
      case 'wait':
        this.#timer.arm(step.untilMs);
        return;
      case 'send-enquire-link':
        this.#link = step.link;
        this.#options.ask();
        this.#timer.arm(now + this.#options.limits.responseMs);
        return;
      case 'close':
        this.#options.onOver('peer-silent');
        return;
      default:
        unreachable(step);
    }
  }
}
