import { type Guarantee, guarantees, type Priority } from '#contract/outbound-sms.ts';
import { Random } from '../fuzz/random.ts';
import { type AwsFault, awsFaults } from './aws-faults.ts';
import { type PeerFault, peerFaults } from './peer-faults.ts';

/**
 * Everything that chance decides, drawn before anything runs: one seed is one plan. When something happens is told
 * in messages that are through, not in time, so a plan is the same on a slow machine.
 */
export interface Plan {
  readonly messages: readonly PlannedMessage[];
  /** How many handsets' messages the SMSC has for the connector. */
  readonly received: number;
  readonly kills: readonly PlannedKill[];
  readonly faults: readonly PlannedFault[];
}

export interface PlannedMessage {
  readonly index: number;
  readonly id: string;
  readonly to: string;
  readonly text: string;
  readonly segments: number;
  readonly guarantee: Guarantee;
  readonly priority: Priority;
  /** Its validity is over when it comes into the lane. */
  readonly isLate: boolean;
}

/**
 * Where a message is when the process dies: which of its steps was its last. At-least-once takes them in the order
 * received, written, answered, event sent, deleted; at-most-once received, event sent (`sending`), deleted, written,
 * answered. The last two are of a handset's message: read, and taken by SNS, but not acknowledged.
 */
export const intervals = ['received', 'written', 'answered', 'event sent', 'deleted', 'MO read', 'MO stored'] as const;
export type Interval = (typeof intervals)[number];

export interface PlannedKill {
  readonly afterThrough: number;
  readonly interval: Interval;
  readonly guarantee: Guarantee;
  /** Two ways into most intervals. */
  readonly variant: 0 | 1;
}

export interface PlannedFault {
  readonly afterThrough: number;
  readonly fault: AwsFault | PeerFault;
}

export interface PlanOptions {
  readonly messages: number;
  readonly kills: number;
  readonly seed: number;
  readonly guarantee: Guarantee | undefined;
  readonly interval: Interval | undefined;
}

/** So many kills hit each of the five intervals of a message going out five times; further ones hit the other two as well. */
const killsForOutbound = 25;
const outboundIntervals = 5;
/** The last kills and faults need messages that are still to come. */
const lastAt = 0.85;
const messagesPerRecipient = 4;

export function planOf(options: PlanOptions): Plan {
  const { messages: count, kills, seed } = options;
  const random = new Random(seed);
  const messages = Array.from({ length: count }, (_, index) => messageOf(index, random, options));
  const faultCount = Math.max(6, Math.round(kills * 1.5));
  return {
    messages,
    received: Math.ceil(count / 10),
    kills: Array.from({ length: kills }, (_, index) => ({
      ...aimOf(index, options),
      afterThrough: spread(index, kills, count, random),
      variant: random.chance(0.5) ? 1 : 0,
    })),
    faults: Array.from({ length: faultCount }, (_, index) => ({
      afterThrough: spread(index, faultCount, count, random),
      fault: faultOf(index, random),
    })),
  };
}

function messageOf(index: number, random: Random, { messages, guarantee }: PlanOptions): PlannedMessage {
  const segments = random.chance(0.1) ? random.integer(2, 3) : 1;
  const recipient = random.integer(0, Math.ceil(messages / messagesPerRecipient));
  return {
    index,
    id: idOf(random),
    to: `+4477009${String(recipient).padStart(5, '0')}`,
    text: textOf(index, segments),
    segments,
    guarantee: guarantee ?? random.pick(guarantees),
    priority: random.chance(0.1) ? 'urgent' : 'normal',
    isLate: random.chance(0.01),
  };
}

/** A UUIDv7 of a fixed moment. */
function idOf(random: Random): string {
  const hex = random.octets(10).toString('hex');
  return `019b76da-a800-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
}

const markOctets = 8;
const partOctets = 153;

/** Each segment begins with the message's mark, so that whoever sees one alone knows whose it is. */
function textOf(index: number, segments: number): string {
  const block = `${markOf('C', index)} and so on`.padEnd(partOctets, '.');
  return `${block.repeat(segments - 1)}${markOf('C', index)} the end`;
}

/** `C0000123`: of a message going out; `M0000123`: of one coming in. */
export function markOf(letter: 'C' | 'M', index: number): string {
  return letter + String(index).padStart(markOctets - 1, '0');
}

/** The number in a text's mark. */
export function indexOf(letter: 'C' | 'M', text: string): number {
  const mark = text.slice(0, markOctets);
  if (mark[0] !== letter || !/^\d{7}$/.test(mark.slice(1))) throw new Error(`no text of this run: ${mark}`);
  return Number(mark.slice(1));
}

function aimOf(kill: number, { guarantee, interval }: PlanOptions): Pick<PlannedKill, 'interval' | 'guarantee'> {
  const among = kill < killsForOutbound ? outboundIntervals : intervals.length;
  const inTurn = intervals[kill % among] ?? 'received';
  // Round the intervals first: each is hit with one guarantee and, the next time, with the other.
  const other = guarantees[Math.floor(kill / among) % guarantees.length] ?? 'at-least-once';
  return { interval: interval ?? inTurn, guarantee: guarantee ?? other };
}

function spread(index: number, count: number, messages: number, random: Random): number {
  return Math.floor(((index + random.integer(0, 99) / 100) / count) * lastAt * messages);
}

/** Each kind comes in its turn, so that few faults are of many kinds. */
function faultOf(index: number, random: Random): AwsFault | PeerFault {
  const half = Math.floor(index / 2);
  return index % 2 === 0 ? awsFaults(half, random) : peerFaults(half, random);
}
