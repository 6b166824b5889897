import { toError } from '#contract/to-error.ts';
import type { Clock } from '../../../connector/clock.ts';
import { EarliestTimer } from '../../../connector/smpp/earliest-timer.ts';
import { commandStatus } from '../command-status.ts';
import type { Stage } from '../play/stage.ts';
import { DeliveryLane, type Waiting } from './delivery-lane.ts';
import type { Fifo } from './fifo.ts';

const maxStoredOctets = 128 * 1024 * 1024;
/** What is kept of a delivery beside its text, about. */
const overheadOctets = 500;

export interface Delivery {
  readonly command: 'deliver_sm' | 'data_sm';
  readonly fields: Record<string, unknown>;
  /** Number of a session: not over this one, as long as there is another. */
  readonly notOver?: number;
  /** Over sessions of this account only. @default any */
  readonly systemId?: string;
}

/** A session, as far as it takes deliver_sm. */
export interface Receiver {
  readonly number: number;
  readonly canReceive: boolean;
  /** Of the account that is bound. */
  readonly systemId: string | undefined;
  /** Deliveries without an answer. */
  readonly undelivered: number;
  deliver(
    command: Delivery['command'],
    fields: Record<string, unknown>,
    answerWithinMs: number | null,
  ): Promise<number | 'lost' | 'unanswered'>;
}

export interface DeliveriesOptions {
  readonly sessions: () => readonly Receiver[];
  readonly stage: Stage;
  readonly clock: Clock;
  /** How many may wait; then the oldest is given up. */
  readonly maxStored: number;
  readonly onFault: (error: Error) => void;
}

/**
 * Store and forward of deliver_sm and data_sm: each waits until a bound session has answered it. Those of one account
 * are sent in their order; what has to be sent again goes before what was not sent yet.
 */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  /** By account; first the one whose turn it is. */
  readonly #lanes = new Map<string | undefined, DeliveryLane>();
  readonly #inFlight = new Set<Waiting>();
  /** Sessions that ended with something unanswered: they may say for a moment that they can receive. */
  readonly #ended = new WeakSet<Receiver>();
  readonly #retryTimer: EarliestTimer;
  #number = 0;
  /** Of what waits; not of what is in flight, of which there are no more than windows allow. */
  #storedOctets = 0;
  #dropped = 0;
  #isEnded = false;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
    this.#retryTimer = new EarliestTimer(options.clock, () => this.#pump());
    options.stage.onChange(() => this.#pump());
  }

  /** Deliveries without a final answer. */
  get outstanding(): number {
    return this.#waiting + this.#inFlight.size;
  }

  /** Deliveries that were given up because too many waited. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * Resolves with the command_status of the final answer; undefined when it was given up, because `end` came first or
   * too many waited. Is sent within this call if a session can take it now.
   */
  deliver(delivery: Delivery): Promise<number | undefined> {
    if (this.#isEnded) return Promise.resolve(undefined);
    return new Promise((settle, fail) => {
      const number = this.#number++;
      const lane = this.#laneOf(delivery.systemId);
      const octets = octetsOf(delivery);
      this.#store(lane.fresh, { delivery, number, octets, refusedAt: 0, blocks: undefined, settle, fail });
      while (this.#sendNextOf(lane));
      this.#dropOldest();
    });
  }

  /** To be called when a session that takes deliver_sm was bound. */
  receiverBound(): void {
    this.#pump();
  }

  /** Gives up what is outstanding. */
  end(): void {
    this.#isEnded = true;
    this.reset();
  }

  /** Gives up what is outstanding, and goes on. */
  reset(): void {
    this.#retryTimer.cancel();
    this.#dropped = 0;
    for (const waiting of this.#inFlight) this.#settle(waiting, undefined);
    this.#inFlight.clear();
    for (const { queues } of this.#lanes.values()) {
      for (const queue of queues) {
        for (let first = this.#take(queue); first !== undefined; first = this.#take(queue)) {
          this.#settle(first, undefined);
        }
      }
    }
  }

  get #waiting(): number {
    let waiting = 0;
    for (const { length } of this.#lanes.values()) waiting += length;
    return waiting;
  }

  #store(queue: Fifo<Waiting>, waiting: Waiting): void {
    queue.push(waiting);
    this.#storedOctets += waiting.octets;
  }

  #take(queue: Fifo<Waiting>): Waiting | undefined {
    const waiting = queue.shift();
    this.#storedOctets -= waiting?.octets ?? 0;
    return waiting;
  }

  #laneOf(systemId: string | undefined): DeliveryLane {
    const lane = this.#lanes.get(systemId) ?? new DeliveryLane(systemId);
    this.#lanes.set(systemId, lane);
    return lane;
  }

  /** Sends what can be sent, of all lanes in turn. */
  #pump(): void {
    const { retryAfterMs } = this.#options.stage.behaviour.deliveries;
    let lanes = [...this.#lanes.values()];
    while (lanes.length > 0) {
      lanes = lanes.filter((lane) => {
        const isSent = this.#sendNextOf(lane);
        if (isSent) this.#lastInTurn(lane);
        return isSent;
      });
    }
    for (const { firstRefusedAt } of this.#lanes.values()) {
      // What is due already waits for a session instead.
      if (firstRefusedAt + retryAfterMs <= this.#options.clock.monotonic()) continue;
      if (firstRefusedAt < Number.POSITIVE_INFINITY) this.#retryTimer.arm(firstRefusedAt + retryAfterMs);
    }
  }

  /** Room for one goes to another lane next time. */
  #lastInTurn(lane: DeliveryLane): void {
    this.#lanes.delete(lane.systemId);
    this.#lanes.set(lane.systemId, lane);
  }

  #sendNextOf(lane: DeliveryLane): boolean {
    const { retryAfterMs } = this.#options.stage.behaviour.deliveries;
    const queue = lane.next(this.#options.clock.monotonic() - retryAfterMs);
    const first = queue?.first;
    if (queue === undefined || first === undefined) return false;
    const session = this.#sessionFor(first, lane);
    if (session === undefined) return false;
    this.#take(queue);
    this.#send(first, session);
    return true;
  }

  /** The next in turn of those that have room. */
  #sessionFor({ delivery, blocks }: Waiting, lane: DeliveryLane): Receiver | undefined {
    const { window } = this.#options.stage.behaviour.deliveries;
    const sessions = this.#options.sessions().filter((session) => {
      if (!session.canReceive || this.#ended.has(session)) return false;
      const { systemId } = session;
      if (lane.systemId !== undefined && lane.systemId !== systemId) return false;
      const itsLane = this.#lanes.get(systemId);
      return itsLane === undefined || itsLane === blocks || !this.#isBlocked(itsLane);
    });
    const others = sessions.filter(({ number }) => number !== delivery.notOver);
    const eligible = others.length > 0 ? others : sessions;
    for (let tried = 0; tried < eligible.length; tried++) {
      const session = eligible[lane.turn++ % eligible.length];
      if (session !== undefined && session.undelivered < window) return session;
    }
    return undefined;
  }

  #isBlocked(lane: DeliveryLane): boolean {
    return this.#options.stage.behaviour.deliveries.afterRefusal === 'block' && lane.blocking > 0;
  }

  #send(waiting: Waiting, session: Receiver): void {
    const { command, fields } = waiting.delivery;
    const { answerWithinMs } = this.#options.stage.behaviour.deliveries;
    // By the time of its answer the session may have ended, and belong to no account any more.
    const { systemId } = session;
    this.#inFlight.add(waiting);
    session
      .deliver(command, fields, answerWithinMs)
      .then(
        (answer) => {
          if (answer === 'lost') this.#ended.add(session);
          this.#answered(waiting, systemId, answer);
        },
        (cause) => this.#fail(waiting, cause),
      )
      .catch((cause: unknown) => this.#options.onFault(toError(cause)));
  }

  #answered(waiting: Waiting, systemId: string | undefined, answer: number | 'lost' | 'unanswered'): void {
    // Unless `end` came first.
    if (!this.#inFlight.delete(waiting)) return;
    if (typeof answer === 'number') this.#judge(waiting, systemId, answer);
    else this.#sendAgain(waiting);
    this.#pump();
    this.#dropOldest();
  }

  #judge(waiting: Waiting, systemId: string | undefined, status: number): void {
    const { afterRefusal, retryStatuses } = this.#options.stage.behaviour.deliveries;
    waiting.refusedAt = this.#options.clock.monotonic();
    if (status !== commandStatus.ok && afterRefusal === 'block') {
      const lane = waiting.blocks ?? this.#block(waiting, this.#laneOf(systemId));
      this.#store(lane.refused, waiting);
    } else if (retryStatuses.includes(status)) {
      this.#unblock(waiting);
      this.#store(this.#laneOf(waiting.delivery.systemId).retried, waiting);
    } else {
      this.#settle(waiting, status);
    }
  }

  #sendAgain(waiting: Waiting): void {
    this.#store(waiting.blocks?.refused ?? this.#laneOf(waiting.delivery.systemId).again, waiting);
  }

  #block(waiting: Waiting, lane: DeliveryLane): DeliveryLane {
    waiting.blocks = lane;
    lane.blocking++;
    return lane;
  }

  #unblock(waiting: Waiting): void {
    if (waiting.blocks !== undefined) waiting.blocks.blocking--;
    waiting.blocks = undefined;
  }

  #settle(waiting: Waiting, status: number | undefined): void {
    this.#unblock(waiting);
    waiting.settle(status);
  }

  /** It fits in no PDU. */
  #fail(waiting: Waiting, cause: unknown): void {
    if (!this.#inFlight.delete(waiting)) return;
    this.#unblock(waiting);
    waiting.fail(cause);
    this.#pump();
  }

  /** As long as too many wait. */
  #dropOldest(): void {
    while (this.#waiting > this.#options.maxStored || this.#storedOctets > maxStoredOctets) {
      const queues = [...this.#lanes.values()].flatMap((lane) => lane.queues);
      const oldest = queues.reduce((one, other) => (numberOfFirst(other) < numberOfFirst(one) ? other : one));
      const waiting = this.#take(oldest);
      if (waiting === undefined) return;
      this.#dropped++;
      const wasBlocking = waiting.blocks !== undefined;
      this.#settle(waiting, undefined);
      if (wasBlocking) this.#pump();
    }
  }
}

function numberOfFirst({ first }: DeliveryLane['fresh']): number {
  return first?.number ?? Number.POSITIVE_INFINITY;
}

function octetsOf({ fields }: Delivery): number {
  const texts = [fields.short_message, fields.message_payload];
  return texts.reduce<number>((sum, text) => sum + (Buffer.isBuffer(text) ? text.length : 0), overheadOctets);
}
