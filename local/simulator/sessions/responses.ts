import { toError } from '#contract/to-error.ts';
import { unreachable } from '#contract/unreachable.ts';
import type { Clock } from '../../../connector/clock.ts';
import { commandStatus } from '../command-status.ts';
import { type Behaviour, chosenMs } from '../play/behaviour.ts';
import type { Stage } from '../play/stage.ts';
import type { ReceivedPdu } from './package-smpp.ts';
import { pduOctets, withMore } from './pdu-octets.ts';
import type { Wire } from './wire.ts';

/** More wait only if an ESME asks on and on while the play lets it wait. */
const maxDelayed = 20_000;

export interface Answer {
  /** A command_status. */
  readonly status: number;
  /** Of the response, as `PduContent` has them. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** It is done, and never written. @default false */
  readonly isMissing?: boolean;
  /** Called once, as soon as it was handed to the wire, or is certain never to be. */
  readonly onWritten?: () => void;
}

export interface ResponsesOptions {
  readonly wire: Wire;
  readonly stage: Stage;
  readonly clock: Clock;
  readonly random: () => number;
  /** Too many wait, or one that waited cannot be written: the session cannot go on. */
  readonly onFault: (error: Error) => void;
}

interface Delayed {
  runNow(): void;
  giveUp(): void;
}

interface Asked {
  readonly command: string;
  readonly sequence: number;
}

/** The responses of a session to requests, at their time and in the ways that the play has. */
export class Responses {
  readonly #options: ResponsesOptions;
  readonly #delayed = new Set<Delayed>();

  constructor(options: ResponsesOptions) {
    this.#options = options;
  }

  /** Answers a submit_sm, data_sm, query_sm or cancel_sm. */
  respond(request: ReceivedPdu, answer: Answer): void {
    const { stage, random } = this.#options;
    const { missing, delayMs } = stage.behaviour.responses;
    const onWritten = answer.onWritten ?? nothing;
    if (answer.isMissing === true || (missing > 0 && random() < missing)) {
      onWritten();
      return;
    }
    // What waits does not keep the whole request, which may have 64 KiB.
    const asked = { command: request.command, sequence: request.sequence_number };
    const write = () => {
      this.#write(asked, answer);
      onWritten();
    };
    this.later(chosenMs(delayMs, random), write, onWritten);
  }

  /** Calls `run` at once if there is no time to wait; or `onEnd`, when `end` comes first. */
  later(ms: number, run: () => void, onEnd: () => void): void {
    if (ms === 0) {
      run();
      return;
    }
    const due = () => {
      this.#delayed.delete(delayed);
      try {
        run();
      } catch (cause) {
        this.#options.onFault(toError(cause));
      }
    };
    const cancel = this.#options.clock.after(ms, due);
    const delayed = {
      runNow: () => {
        cancel();
        due();
      },
      giveUp: () => {
        cancel();
        onEnd();
      },
    };
    this.#delayed.add(delayed);
    if (this.#delayed.size > maxDelayed) this.#flooded();
  }

  /** A generic_nack instead of a response. */
  nack(request: ReceivedPdu, status: number): void {
    this.#options.wire.write(pduOctets('generic_nack', { sequence: request.sequence_number, status }));
  }

  /** A response that no play changes. */
  plain(request: ReceivedPdu, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#options.wire.write(pduOctets(`${request.command}_resp`, { sequence: request.sequence_number, fields }));
  }

  /** The ESME unbinds: what waits is written now, or it never could be. */
  hurry(): void {
    for (const { runNow } of [...this.#delayed]) runNow();
  }

  /** The session has ended: nobody is there to read what was still to come. */
  end(): void {
    for (const { giveUp } of this.#delayed) giveUp();
    this.#delayed.clear();
  }

  #flooded(): void {
    this.end();
    this.#options.onFault(new Error(`more than ${maxDelayed} requests of a session wait for their responses`));
  }

  #write(asked: Asked, answer: Answer): void {
    const { wire, stage } = this.#options;
    const { repeat, strays } = stage.behaviour.responses;
    for (const kind of strays) wire.write(stray(kind, asked));
    const octets = this.#octets(asked, answer);
    for (let n = 0; n <= repeat; n++) wire.write(octets);
  }

  #octets({ command, sequence }: Asked, { status, fields }: Answer): Buffer {
    const { refusals, errorBody, tlvs } = this.#options.stage.behaviour.responses;
    const isSubmit = command === 'submit_sm';
    if (status === commandStatus.ok) {
      const extraTlvs = isSubmit ? tlvs : {};
      return pduOctets(`${command}_resp`, { sequence, fields: { extraTlvs, ...fields } });
    }
    if (refusals === 'generic_nack') return pduOctets('generic_nack', { sequence, status });
    const refusal = pduOctets(`${command}_resp`, { sequence, status });
    return isSubmit && errorBody !== 'none' ? withMore(refusal, errorBodies[errorBody]) : refusal;
  }
}

function nothing(): void {}

const errorBodies = { 'empty-id': Buffer.from('\0'), 'id-without-nul': Buffer.from('0') };

function stray(kind: Behaviour['responses']['strays'][number], { sequence }: Asked): Buffer {
  switch (kind) {
    case 'generic_nack':
      return pduOctets('generic_nack', { sequence: 0, status: commandStatus.invalidCommandId });
    case 'submit_sm_resp': {
      // Half of all numbers away, there is no request.
      const nobodys = (sequence ^ 0x4000_0000) >>> 0;
      return pduOctets('submit_sm_resp', { sequence: nobodys, fields: { message_id: 'stray' } });
    }
    case 'other-command':
      return pduOctets('enquire_link_resp', { sequence });
    default:
      return unreachable(kind);
  }
}
