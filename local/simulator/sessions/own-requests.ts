import { unreachable } from '#contract/unreachable.ts';
import type { Clock } from '../../../connector/clock.ts';
import { commandStatus } from '../command-status.ts';
import type { Stage } from '../play/stage.ts';
import type { ReceivedPdu } from './package-smpp.ts';
import { pduOctets } from './pdu-octets.ts';
import type { Wire } from './wire.ts';

/** The command_status of the response; `lost` when the session ended first, `unanswered` when it took too long. */
export type RequestOutcome = number | 'lost' | 'unanswered';

export interface OwnRequestsOptions {
  readonly wire: Wire;
  readonly stage: Stage;
  readonly clock: Clock;
  readonly random: () => number;
}

interface Pending {
  readonly command: string;
  settle(outcome: RequestOutcome): void;
}

const highestSequence = 0x7fff_ffff;
const firstHighSequence = 0x8000_0000;

/** What the SMSC asks an ESME over one session, with sequence numbers as the play has them. */
export class OwnRequests {
  readonly #options: OwnRequestsOptions;
  readonly #pending = new Map<number, Pending>();
  #sequence = 0;

  constructor(options: OwnRequestsOptions) {
    this.#options = options;
  }

  /** How many that were asked have no answer yet. */
  get pending(): number {
    return this.#pending.size;
  }

  /** Rejects for fields that fit in no PDU. Without `answerWithinMs` it waits as long as the session lasts. */
  async ask(
    command: string,
    fields: Readonly<Record<string, unknown>>,
    answerWithinMs: number | null,
  ): Promise<RequestOutcome> {
    const { wire, clock } = this.#options;
    const sequence = this.#nextSequence();
    const octets = pduOctets(command, { sequence, fields });
    return new Promise((resolve) => {
      const cancel = answerWithinMs === null ? undefined : clock.after(answerWithinMs, () => settle('unanswered'));
      const settle = (outcome: RequestOutcome) => {
        cancel?.();
        this.#pending.delete(sequence);
        resolve(outcome);
      };
      this.#pending.set(sequence, { command, settle });
      wire.write(octets);
    });
  }

  /** Asks, and does not wait for the answer. */
  tell(command: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#options.wire.write(pduOctets(command, { sequence: this.#nextSequence(), fields }));
  }

  /** A response of the ESME; without effect if it is one to nothing, or of another command. */
  answered({ command, command_status: status, sequence_number: sequence }: ReceivedPdu): void {
    const pending = this.#pending.get(sequence);
    if (command === `${pending?.command}_resp`) pending?.settle(status);
    // A nack refuses, even one that says ESME_ROK.
    else if (command === 'generic_nack')
      pending?.settle(status === commandStatus.ok ? commandStatus.systemError : status);
  }

  /** The session has ended. */
  end(): void {
    for (const { settle } of [...this.#pending.values()]) settle('lost');
  }

  #nextSequence(): number {
    this.#sequence = this.#following();
    // Upwards, for a `random` that always says the same must not end in a loop.
    while (this.#pending.has(this.#sequence)) this.#sequence = (this.#sequence + 1) >>> 0;
    return this.#sequence;
  }

  #following(): number {
    const { stage, random } = this.#options;
    const { sequenceNumbers } = stage.behaviour.deliveries;
    switch (sequenceNumbers) {
      case 'counting':
        return this.#sequence >= highestSequence ? 1 : this.#sequence + 1;
      case 'high':
        return this.#sequence < firstHighSequence || this.#sequence >= 0xffff_ffff
          ? firstHighSequence
          : this.#sequence + 1;
      case 'random':
        return Math.floor(random() * 0x1_0000_0000);
      default:
        return unreachable(sequenceNumbers);
    }
  }
}
