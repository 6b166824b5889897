import type { Socket } from 'node:net';
import type { Respond } from '../../connector/smpp/deliveries.ts';
import { dial } from '../../connector/smpp/dial.ts';
import type { Host } from '../../connector/smpp/host.ts';
import type { RequestOutcome } from '../../connector/smpp/pending.ts';
import { submitSmsOf } from '../../connector/smpp/submit-sm.ts';
import { Transceiver } from '../../connector/smpp/transceiver.ts';
import { normal, profile, sms } from '../support/connector-factories.ts';
import { FakeClock } from '../support/fake-clock.ts';
import type { Delivery } from './inputs.ts';

const never = new AbortController().signal;
const submitSm = submitSmsOf(sms(), profile())[0]?.pdu;

/** What is tried: a transceiver under a clock that moves by call. */
export class Target {
  readonly clock = new FakeClock();
  readonly transceiver: Transceiver;
  readonly bindTimeoutMs: number;
  /** Its ends of the connections that are not closed. */
  readonly sockets = new Set<Socket>();
  /** Connections that are being made. */
  connecting = 0;
  readonly oddities = new Map<string, number>();
  /** What is to be done about the next deliver_sm. */
  delivery: Delivery = 'answers';
  /** Handlers of a deliver_sm that are running. */
  delivering = 0;

  constructor(host: string, port: number) {
    const carrier = profile({ hosts: [{ host, port }] });
    this.bindTimeoutMs = carrier.bindTimeoutMs;
    this.transceiver = new Transceiver({
      profile: carrier,
      clock: this.clock,
      random: () => 0.5,
      link: { idleMs: carrier.enquireLink.idleMs, responseMs: carrier.enquireLink.timeoutMs },
      responseTimeoutMs: carrier.responseTimeoutMs,
      deliverRetryStatus: carrier.deliverRetryStatus,
      maxDelivering: 2,
      connect: (to, stop) => this.#connect(to, stop),
      readPassword: async () => 'secret',
      onDeliver: (_pdu, respond) => this.#deliver(respond),
      onOddity: (what) => this.oddities.set(what, (this.oddities.get(what) ?? 0) + 1),
      onState: () => {},
    });
    this.transceiver.start();
  }

  async submit(): Promise<RequestOutcome> {
    const slot = await this.transceiver.acquire(normal, never);
    if (slot === undefined || submitSm === undefined) throw new Error('no slot');
    try {
      return await slot.submit(submitSm);
    } finally {
      slot.release();
    }
  }

  async #connect(to: Host, stop: AbortSignal): Promise<Socket> {
    this.connecting += 1;
    try {
      const socket = await dial(to, { tls: false }, stop);
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
      return socket;
    } finally {
      this.connecting -= 1;
    }
  }

  async #deliver(respond: Respond): Promise<void> {
    this.delivering += 1;
    try {
      const { delivery } = this;
      if (delivery.endsWith('later')) await turn();
      if (delivery.startsWith('throws')) throw new Error('the handler fails');
      respond(0);
    } finally {
      this.delivering -= 1;
    }
  }
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
