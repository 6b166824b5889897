import { randomBytes } from 'node:crypto';
import smpp, { type PDU, type Server, type Session } from 'smpp';
import type { Concatenation } from '#contract/text/concatenation.ts';
import { decodeText } from '#contract/text/decode.ts';
import type { Clock } from '../../connector/clock.ts';
import { closeServer, listenOnLoopback } from '../loopback.ts';
import { fromAddress, toAddress } from './address.ts';
import { commandStatus } from './command-status.ts';
import { Deliveries } from './deliveries.ts';
import type { ShortMessage } from './handsets.ts';
import { numberOf, octetsOf, stringOf } from './package-smpp.ts';
import { receiptEsmClass, receiptText, stateDelivered, wantsDeliveredReceipt } from './receipts.ts';
import { SmscSession } from './session.ts';

export interface SmscOptions {
  readonly systemId: string;
  readonly password: string;
  /** @default 0: any free one; after a `stop` the same again */
  readonly port?: number;
  /** From the submit_sm_resp to the receipt, in ms. @default 200 */
  readonly receiptDelayMs?: number;
  readonly onShortMessage: (message: ShortMessage) => void;
  /** A session was ended because of what its peer sent. */
  readonly onFault: (error: Error) => void;
  readonly clock: Clock;
}

export interface DeliverSm {
  readonly from: string;
  readonly to: string;
  readonly esmClass: number;
  readonly dataCoding: number;
  readonly octets: Uint8Array;
  readonly tlvs?: Readonly<Record<string, unknown>>;
}

/** esm_class bit 6: the octets begin with a user data header (SMPP 3.4, 5.2.12). */
export const udhIndicator = 0x40;

/**
 * An SMSC on 127.0.0.1: takes every message, reports it delivered, and forwards what handsets send. What
 * it owes an ESME it keeps while none is bound, also while it is stopped.
 */
export class Smsc {
  readonly #options: SmscOptions;
  readonly #sessions = new Set<SmscSession>();
  readonly #deliveries: Deliveries;
  #server: Server | undefined;
  #port: number;
  #submitted = 0;

  constructor(options: SmscOptions) {
    this.#options = options;
    this.#port = options.port ?? 0;
    this.#deliveries = new Deliveries({
      receiver: () => [...this.#sessions].find((session) => session.canReceive),
      clock: options.clock,
    });
  }

  get port(): number {
    return this.#port;
  }

  async start(): Promise<void> {
    if (this.#server !== undefined) return;
    this.#server = smpp.createServer((session) => this.#accept(session));
    this.#port = await listenOnLoopback(this.#server, this.#port);
  }

  /** As if its machine had been switched off: every connection drops at once, none is accepted. */
  async stop(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    for (const session of this.#sessions) session.destroy();
    await closeServer(server);
  }

  /** Stops, and gives up what was still to be delivered. */
  async end(): Promise<void> {
    this.#deliveries.end();
    await this.stop();
  }

  /** Resolves with the command_status of the ESME's answer, which may be a while off; undefined when the SMSC ended first. */
  deliver(message: DeliverSm): Promise<number | undefined> {
    const source = toAddress(message.from);
    const destination = toAddress(message.to);
    return this.#deliveries.deliver({
      source_addr_ton: source.ton,
      source_addr_npi: source.npi,
      source_addr: source.digits,
      dest_addr_ton: destination.ton,
      dest_addr_npi: destination.npi,
      destination_addr: destination.digits,
      esm_class: message.esmClass,
      data_coding: message.dataCoding,
      short_message: Buffer.from(message.octets),
      ...message.tlvs,
    });
  }

  stats() {
    return {
      listening: this.#server !== undefined,
      port: this.#port,
      sessions: [...this.#sessions].map(({ state }) => state),
      submitted: this.#submitted,
      outstandingDeliveries: this.#deliveries.outstanding,
    };
  }

  #accept(connection: Session): void {
    const session = new SmscSession(connection, {
      checkBind: (systemId, password) => this.#checkBind(systemId, password),
      submit: (pdu) => this.#submit(pdu),
      onBound: () => this.#deliveries.receiverBound(),
      onClosed: () => this.#sessions.delete(session),
      onFault: this.#options.onFault,
    });
    this.#sessions.add(session);
  }

  #checkBind(systemId: string, password: string): number {
    if (systemId !== this.#options.systemId) return commandStatus.invalidSystemId;
    return password === this.#options.password ? commandStatus.ok : commandStatus.invalidPassword;
  }

  #submit(pdu: PDU): { status: number; messageId?: string } {
    const message = toShortMessage(pdu, randomBytes(8).toString('hex').toUpperCase());
    if (message.to === '') return { status: commandStatus.invalidDestination };
    this.#submitted++;
    if (wantsDeliveredReceipt(numberOf(pdu, 'registered_delivery'))) this.#scheduleReceipt(message);
    this.#options.onShortMessage(message);
    return { status: commandStatus.ok, messageId: message.messageId };
  }

  #scheduleReceipt(message: ShortMessage): void {
    const { clock, receiptDelayMs = 200 } = this.#options;
    const submittedAt = clock.now();
    clock.after(receiptDelayMs, () => {
      const { messageId } = message;
      const text = decodeText(message.octets, message.dataCoding);
      const octets = Buffer.from(receiptText({ messageId, submittedAt, doneAt: clock.now(), text }), 'ascii');
      const tlvs = { receipted_message_id: messageId, message_state: stateDelivered };
      this.deliver({
        from: message.to,
        to: message.from,
        esmClass: receiptEsmClass,
        dataCoding: 0,
        octets,
        tlvs,
      }).catch(this.#options.onFault);
    });
  }
}

function toShortMessage(pdu: PDU, messageId: string): ShortMessage {
  const shortMessage = octetsOf(pdu, 'short_message');
  return {
    from: fromAddress({ ton: numberOf(pdu, 'source_addr_ton'), digits: stringOf(pdu, 'source_addr') }),
    to: fromAddress({ ton: numberOf(pdu, 'dest_addr_ton'), digits: stringOf(pdu, 'destination_addr') }),
    dataCoding: numberOf(pdu, 'data_coding'),
    hasUdh: (numberOf(pdu, 'esm_class') & udhIndicator) !== 0,
    octets: shortMessage.length > 0 ? shortMessage : octetsOf(pdu, 'message_payload'),
    sar: sarOf(pdu),
    messageId,
  };
}

function sarOf(pdu: PDU): Concatenation | undefined {
  const total = numberOf(pdu, 'sar_total_segments');
  const part = numberOf(pdu, 'sar_segment_seqnum');
  if (part < 1 || part > total) return undefined;
  return { reference: numberOf(pdu, 'sar_msg_ref_num'), total, part };
}
