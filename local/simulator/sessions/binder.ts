import { commandStatus } from '../command-status.ts';
import type { Place } from './accounts.ts';
import type { Bind } from './bind.ts';
import { bindAnswer } from './bind-answer.ts';
import type { Responses } from './responses.ts';
import type { SessionSurroundings } from './session-surroundings.ts';
import type { Wire } from './wire.ts';

export interface BinderOptions {
  /** Number of the session. */
  readonly session: number;
  readonly wire: Wire;
  readonly responses: Responses;
  readonly state: () => 'open' | 'bound' | 'over';
  /** Its response was handed to the wire. */
  readonly onBound: (bind: Bind, place: Place) => void;
}

/** Binds of one session that wait at once; nobody needs more than one. */
const maxWaiting = 100;

/** Decides about the binds that come over a session, and answers them as the play has it. */
export class Binder {
  readonly #options: BinderOptions;
  readonly #around: SessionSurroundings;
  #waiting = 0;

  constructor(options: BinderOptions, around: SessionSurroundings) {
    this.#options = options;
    this.#around = around;
  }

  bind(bind: Bind): void {
    const { delayMs } = this.#around.stage.behaviour.binds;
    if (this.#waiting >= maxWaiting) {
      this.#options.responses.nack(bind.pdu, commandStatus.bindFailed);
      return;
    }
    this.#waiting++;
    const nothing = () => {};
    const answer = () => {
      this.#waiting--;
      this.#answer(bind);
    };
    this.#options.responses.later(delayMs, answer, nothing);
  }

  #answer(bind: Bind): void {
    const { binds } = this.#around.stage.behaviour;
    const { wire, responses, state, onBound } = this.#options;
    if (state() === 'over' || binds.answer === 'none') return;
    if (binds.answer === 'generic_nack') {
      responses.nack(bind.pdu, commandStatus.invalidCommandId);
      this.#refused(bind, commandStatus.invalidCommandId);
      return;
    }
    const place = state() === 'open' ? this.#around.accounts.take(bind) : commandStatus.alreadyBound;
    if (typeof place === 'number') {
      wire.write(bindAnswer(bind, place, binds));
      this.#refused(bind, place);
      return;
    }
    wire.write(bindAnswer(bind, commandStatus.ok, binds));
    onBound(bind, place);
  }

  #refused({ command, systemId }: Bind, status: number): void {
    const { counters, onEvent } = this.#around;
    counters.bindsRefused++;
    onEvent({ kind: 'bind-refused', session: this.#options.session, command, systemId, status });
  }
}
