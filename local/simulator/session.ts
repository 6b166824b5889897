import smpp, { type PDU, type Session } from 'smpp';
import { commandStatus } from './command-status.ts';
import { numberOf, readPdus, stringOf } from './package-smpp.ts';

/** What the SMSC decides for a session: a command_status, and with ESME_ROK what goes into the response. */
export interface SessionPorts {
  readonly checkBind: (systemId: string, password: string) => number;
  readonly submit: (pdu: PDU) => { readonly status: number; readonly messageId?: string };
  readonly onBound: () => void;
  readonly onClosed: () => void;
  readonly onFault: (error: Error) => void;
}

type BindCommand = 'bind_transceiver' | 'bind_transmitter' | 'bind_receiver';

/** `open` until a bind succeeds; `closed` is final, whoever closed. */
type State =
  | { readonly kind: 'open' }
  | { readonly kind: 'bound'; readonly command: BindCommand; readonly systemId: string }
  | { readonly kind: 'closed' };

/** One connection of an ESME, from the SMSC's side. */
export class SmscSession {
  readonly #session: Session;
  readonly #ports: SessionPorts;
  readonly #unanswered = new Set<(answer: number | 'lost') => void>();
  #state: State = { kind: 'open' };

  constructor(session: Session, ports: SessionPorts) {
    this.#session = session;
    this.#ports = ports;
    session.socket.setNoDelay(true);
    readPdus(session, (pdu) => this.#serve(pdu), ports.onFault);
    session.on('close', () => this.#closed());
  }

  get state(): State {
    return this.#state;
  }

  get canReceive(): boolean {
    const { writable } = this.#session.socket;
    return writable && this.#state.kind === 'bound' && this.#state.command !== 'bind_transmitter';
  }

  /** Sends a deliver_sm; resolves with the command_status of its response, or `lost` when the session ended without one. */
  deliver(fields: Record<string, unknown>): Promise<number | 'lost'> {
    return new Promise((resolve) => {
      const settle = (answer: number | 'lost') => {
        this.#unanswered.delete(settle);
        resolve(answer);
      };
      // Throws, and so rejects, for fields that fit in no PDU.
      const written = this.#session.send(new smpp.PDU('deliver_sm', fields), ({ command_status }) =>
        settle(command_status),
      );
      if (written) this.#unanswered.add(settle);
      else resolve('lost');
    });
  }

  destroy(): void {
    this.#session.destroy();
  }

  #serve(pdu: PDU): void {
    switch (pdu.command) {
      case 'bind_transceiver':
      case 'bind_transmitter':
      case 'bind_receiver':
        this.#bind(pdu, pdu.command);
        break;
      case 'submit_sm':
        this.#submit(pdu);
        break;
      case 'enquire_link':
        this.#respond(pdu, {});
        break;
      case 'unbind':
        this.#respond(pdu, {});
        this.#session.close();
        break;
      default:
        if (!pdu.isResponse()) this.#refuse(pdu);
    }
  }

  #bind(pdu: PDU, command: BindCommand): void {
    const systemId = stringOf(pdu, 'system_id');
    const status =
      this.#state.kind === 'open'
        ? this.#ports.checkBind(systemId, stringOf(pdu, 'password'))
        : commandStatus.alreadyBound;
    if (status !== commandStatus.ok) {
      this.#respond(pdu, { command_status: status });
      return;
    }
    this.#state = { kind: 'bound', command, systemId };
    this.#respond(pdu, { system_id: 'simulator', sc_interface_version: 0x34 });
    this.#ports.onBound();
  }

  #submit(pdu: PDU): void {
    if (this.#state.kind !== 'bound' || this.#state.command === 'bind_receiver') {
      this.#respond(pdu, { command_status: commandStatus.invalidBindState });
      return;
    }
    const { status, messageId } = this.#ports.submit(pdu);
    this.#respond(pdu, { command_status: status, message_id: messageId });
  }

  #respond(pdu: PDU, fields: Record<string, unknown>): void {
    this.#session.send(pdu.response(fields));
  }

  #refuse(pdu: PDU): void {
    this.#session.send(
      new smpp.PDU('generic_nack', {
        command_status: commandStatus.invalidCommandId,
        sequence_number: numberOf(pdu, 'sequence_number'),
      }),
    );
  }

  #closed(): void {
    this.#state = { kind: 'closed' };
    // The package forgets its callbacks when the connection goes.
    for (const settle of this.#unanswered) settle('lost');
    this.#ports.onClosed();
  }
}
