import { BenchEsme } from './esme.ts';
import { Submits } from './submits.ts';

export interface Order {
  readonly messages: number;
  /** submit_sm a second, whatever becomes of those before; undefined: as many as are answered. */
  readonly perSecond?: number | undefined;
  /** Whether receipts are asked for, and waited for. */
  readonly receipts: boolean;
}

/** What came of an order: each message was accepted once, and with receipts each came once. */
export interface Outcome {
  readonly messages: number;
  /** From the first submit_sm to the last answer, or until the last receipt was due. */
  readonly seconds: number;
  /** From a submit_sm to its response. */
  readonly responsesMs: Float64Array;
  /** How much later than asked for each receipt came. */
  readonly receiptsMs: Float64Array;
}

/** From the response to its receipt, as the simulator has it by default. */
export const receiptDelayMs = 200;
/** Without an answer at once where nothing else limits. */
const window = 500;
/** Receipts come later: so many messages may be without theirs, that no store runs over. */
const mostUnsettled = 20_000;
/** Without an answer or a receipt for so long, none will come. */
const patienceMs = 10_000;
const firstSequence = 2;

/** Binds, does the order, and ends the session. Rejects when a message is refused, or an answer or a receipt is missing or comes twice. */
export async function fulfil(order: Order, port: number): Promise<Outcome> {
  const traffic = new Traffic(order);
  const esme = await BenchEsme.bind(port, traffic);
  try {
    const outcome = await traffic.run(esme);
    await esme.end();
    return outcome;
  } finally {
    esme.destroy();
  }
}

class Traffic {
  readonly #order: Order;
  readonly #submits: Submits;
  readonly #done = Promise.withResolvers<void>();
  readonly #submittedAt: Float64Array;
  readonly #responsesMs: Float64Array;
  readonly #receiptsMs: Float64Array;
  /** When each response came, by the id in it, until its receipt comes. */
  readonly #acceptedAt = new Map<string, number>();
  #esme: BenchEsme | undefined;
  #pace: NodeJS.Timeout | undefined;
  #startedAt = 0;
  #lastHeard = 0;
  #settledAt = 0;
  #submitted = 0;
  #accepted = 0;
  #receipts = 0;

  constructor(order: Order) {
    this.#order = order;
    this.#submits = new Submits(order);
    this.#submittedAt = new Float64Array(order.messages);
    this.#responsesMs = new Float64Array(order.messages);
    this.#receiptsMs = new Float64Array(order.receipts ? order.messages : 0);
  }

  async run(esme: BenchEsme): Promise<Outcome> {
    this.#esme = esme;
    this.#startedAt = performance.now();
    this.#lastHeard = this.#startedAt;
    const watch = setInterval(() => this.#watch(), 1_000);
    if (this.#order.perSecond === undefined) this.#fill();
    else this.#submitInTime(this.#order.perSecond);
    try {
      await this.#done.promise;
    } finally {
      clearInterval(watch);
      clearTimeout(this.#pace);
    }
    return {
      messages: this.#order.messages,
      seconds: (this.#settledAt - this.#startedAt) / 1_000,
      responsesMs: this.#responsesMs,
      receiptsMs: this.#receiptsMs,
    };
  }

  readonly onAccepted = (sequence: number, messageId: string): void => {
    const now = this.#heard();
    const index = sequence - firstSequence;
    const submittedAt = this.#submittedAt[index] ?? 0;
    if (submittedAt === 0) {
      this.#done.reject(new Error(`submit_sm ${sequence} was answered twice, or never sent`));
      return;
    }
    this.#submittedAt[index] = 0;
    this.#responsesMs[this.#accepted] = now - submittedAt;
    this.#accepted += 1;
    this.#settledAt = Math.max(this.#settledAt, now);
    if (this.#order.receipts) this.#acceptedAt.set(messageId, now);
  };

  readonly onReceipt = (messageId: string): void => {
    const now = this.#heard();
    const acceptedAt = this.#acceptedAt.get(messageId);
    if (acceptedAt === undefined) {
      this.#done.reject(new Error(`a receipt came twice, or for a message that was never accepted: ${messageId}`));
      return;
    }
    this.#acceptedAt.delete(messageId);
    this.#receiptsMs[this.#receipts] = now - acceptedAt - receiptDelayMs;
    this.#receipts += 1;
    this.#settledAt = Math.max(this.#settledAt, now - receiptDelayMs);
  };

  readonly onRead = (): void => {
    if (this.#settled === this.#order.messages) this.#done.resolve();
    else if (this.#order.perSecond === undefined) this.#fill();
  };

  readonly onFault = (error: Error): void => this.#done.reject(error);

  get #settled(): number {
    return this.#order.receipts ? this.#receipts : this.#accepted;
  }

  #heard(): number {
    this.#lastHeard = performance.now();
    return this.#lastHeard;
  }

  #watch(): void {
    if (performance.now() - this.#lastHeard < patienceMs) return;
    const counts = `${this.#submitted} submitted, ${this.#accepted} accepted, ${this.#receipts} receipts`;
    this.#done.reject(new Error(`nothing came for ${patienceMs} ms: ${counts}`));
  }

  #fill(): void {
    const room = Math.min(
      window - (this.#submitted - this.#accepted),
      mostUnsettled - (this.#submitted - this.#settled),
    );
    this.#submitUpTo(this.#submitted + room);
  }

  #submitInTime(perSecond: number): void {
    const dueCount = Math.ceil(((performance.now() - this.#startedAt) * perSecond) / 1_000);
    this.#submitUpTo(dueCount);
    if (this.#submitted < this.#order.messages) this.#pace = setTimeout(() => this.#submitInTime(perSecond), 1);
  }

  #submitUpTo(wanted: number): void {
    const from = this.#submitted;
    const to = Math.min(wanted, this.#order.messages);
    if (to <= from) return;
    this.#submitted = to;
    this.#submittedAt.fill(performance.now(), from, to);
    this.#esme?.write(this.#submits.write(from + firstSequence, to + firstSequence));
  }
}
