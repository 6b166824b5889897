import { InvalidInputError } from '#contract/parse.ts';
import type { Clock } from '../../connector/clock.ts';
import { Handsets } from './handsets/handsets.ts';
import { type Mo, moDeliveries } from './handsets/mo.ts';
import { Deliveries } from './messages/deliveries.ts';
import { MessageCentre } from './messages/message-centre.ts';
import { standardPlay } from './play/scenarios.ts';
import { Stage } from './play/stage.ts';
import { Smsc, type SmscOptions } from './sessions/smsc.ts';

export interface SimulatorOptions extends Omit<SmscOptions, 'stage'> {
  /** How many messages it remembers. @default 10,000 */
  readonly keep?: number;
  /** How many deliver_sm it stores while nobody takes them; then the oldest is dropped. @default 100,000 */
  readonly maxStored?: number;
  readonly onFault: (error: Error) => void;
  readonly clock: Clock;
  /** 0 to 1, as Math.random. */
  readonly random: () => number;
}

/** The other side of the gateway: an SMSC, what becomes of messages in it, and the handsets behind it. */
export class Simulator {
  readonly stage = new Stage();
  readonly handsets: Handsets;
  readonly smsc: Smsc;
  readonly #centre: MessageCentre;
  readonly #deliveries: Deliveries;
  readonly #systemIds: readonly string[];
  readonly #onFault: (error: Error) => void;
  #reference = 0;

  constructor(options: SimulatorOptions) {
    const { clock, random, onFault, keep = 10_000, maxStored = 100_000 } = options;
    const { stage } = this;
    this.#systemIds = options.accounts.map(({ systemId }) => systemId);
    this.#onFault = onFault;
    this.handsets = new Handsets({ stage, clock, keep, onReply: (from, to, text) => this.#reply({ from, to, text }) });
    this.#deliveries = new Deliveries({ sessions: () => this.smsc.sessions, stage, clock, maxStored, onFault });
    const { handsets } = this;
    this.#centre = new MessageCentre({ stage, handsets, deliveries: this.#deliveries, clock, random, keep, onFault });
    this.smsc = new Smsc(
      { ...options, stage },
      {
        onRequest: (pdu, session) => this.#centre.handle(pdu, session),
        onReceiver: ({ systemId }) => this.#receiverBound(systemId),
        onFault,
      },
    );
  }

  async start(): Promise<void> {
    await this.smsc.start();
  }

  /** As if its machine had been switched off: every connection drops at once, none is accepted. */
  async stop(): Promise<void> {
    await this.smsc.stop();
  }

  /**
   * As if it had just been started, but sessions stay and messages are counted on. What was on its way is given up,
   * and nothing more is said about it.
   */
  reset(): void {
    this.#centre.reset();
    this.handsets.reset();
    this.#deliveries.reset();
    this.smsc.reset();
    this.stage.play(standardPlay);
  }

  /** Stops, and gives up what was still to be delivered. */
  async end(): Promise<void> {
    await this.stop();
    this.#centre.end();
    this.handsets.end();
    this.#deliveries.end();
  }

  /**
   * A handset sends; resolves with the command_status of each part's response. While nobody is bound the parts
   * wait; undefined stands for a part that was given up. Rejects with an `InvalidInputError` for what fits in no PDU,
   * and for an account that there is not.
   */
  async sendMo(mo: Mo): Promise<readonly (number | undefined)[]> {
    this.#checkAccount(mo);
    this.#reference = (this.#reference + 1) % 0x1_0000;
    const deliveries = moDeliveries(mo, { stage: this.stage, reference: this.#reference });
    return await Promise.all(deliveries.map((delivery) => this.#deliveries.deliver(delivery)));
  }

  stats() {
    return {
      ...this.smsc.stats(),
      ...this.#centre.stats(),
      handsets: this.handsets.stats(),
      outstandingDeliveries: this.#deliveries.outstanding,
      droppedDeliveries: this.#deliveries.dropped,
      playing: this.stage.playing,
    };
  }

  /** Nobody could ever take what is for one that there is not. */
  #checkAccount({ account }: Mo): void {
    if (account === undefined || this.#systemIds.includes(account)) return;
    const known = this.#systemIds.join(', ');
    throw new InvalidInputError('message', [`account: must be one of ${known}, got ${JSON.stringify(account)}`]);
  }

  #receiverBound(account: string | undefined): void {
    const { storedAtBind } = this.stage.behaviour.deliveries;
    for (let n = 1; n <= storedAtBind; n++) {
      this.#reply({ from: '+447700900123', to: '12345', text: `stored ${n}`, ...(account && { account }) });
    }
    this.#deliveries.receiverBound();
  }

  #reply(mo: Mo): void {
    this.sendMo(mo).catch(this.#onFault);
  }
}
