import { percentile } from '../path/figures.ts';
import { sharedNow } from '../path/now.ts';
import type { Memory } from './memory.ts';
import type { Plan } from './plan.ts';
import type { ContenderName, Smsc } from './processes.ts';
import { fulfil, type Order } from './traffic.ts';

/** Of one run of one SMSC. */
export interface Figures {
  readonly perSecond: number;
  /** Of the SMSC's process. */
  readonly cpuUsPerMessage: number;
  /** Share of a core that it took, all its threads together. */
  readonly busy: number;
  /** From a submit_sm to its response. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How much later than asked for receipts came; NaN where none was. */
  readonly receiptsP99Ms: number;
}

/** What is asked of an SMSC. */
export interface Situation {
  readonly contender: ContenderName;
  readonly receipts: boolean;
  /** A fixed number a second, or as many as are answered. */
  readonly pace: 'paced' | 'flat out';
}

export const situations: readonly Situation[] = (['paced', 'flat out'] as const).flatMap((pace) => [
  { pace, contender: 'simulator' as const, receipts: true },
  { pace, contender: 'simulator' as const, receipts: false },
  { pace, contender: 'by hand' as const, receipts: false },
]);

/** In the order of `situations`. */
export type Round = readonly Figures[];

export type Run = (situation: Situation) => Promise<Figures>;

export async function measureRound(run: Run): Promise<Round> {
  const figures: Figures[] = [];
  for (const situation of situations) figures.push(await run(situation));
  return figures;
}

export function orderOf({ contender, receipts, pace }: Situation, plan: Plan): Order {
  return pace === 'paced'
    ? { messages: plan.perSecond * plan.seconds, perSecond: plan.perSecond, receipts }
    : { messages: plan.flatOut[contender], receipts };
}

export async function measure({ port, process }: Smsc, order: Order): Promise<Figures> {
  const before = { at: sharedNow(), ...(await process.ask('usage')) };
  const { messages, seconds, responsesMs, receiptsMs } = await fulfil(order, port);
  const cpuUs = (await process.ask('usage')).cpuUs - before.cpuUs;
  return {
    perSecond: messages / seconds,
    cpuUsPerMessage: cpuUs / messages,
    busy: cpuUs / 1_000 / (sharedNow() - before.at),
    p50Ms: percentile(responsesMs, 0.5),
    p99Ms: percentile(responsesMs, 0.99),
    receiptsP99Ms: percentile(receiptsMs, 0.99),
  };
}

export interface MemoryAfter extends Memory {
  readonly messages: number;
}

/** More than the simulator remembers, and than are under way at once. */
const memoryWarmUp = 50_000;
const looks = 5;

/** As it is after the warm-up, and after every fifth of `messages`, with receipts and as many as are answered. */
export async function measureMemory({ port, process }: Smsc, messages: number): Promise<readonly MemoryAfter[]> {
  const found: MemoryAfter[] = [];
  const look = async (after: number) => found.push({ messages: after, ...(await process.ask('memory')) });
  await fulfil({ messages: Math.min(memoryWarmUp, messages), receipts: true }, port);
  await look(0);
  for (let part = 1; part <= looks; part += 1) {
    await fulfil({ messages: Math.ceil(messages / looks), receipts: true }, port);
    await look(part * Math.ceil(messages / looks));
  }
  return found;
}
