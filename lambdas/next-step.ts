import type { Fact } from './facts.ts';

/** What is there of a message whose acceptance was broken off. Times are milliseconds since the epoch. */
export interface BrokenOff {
  readonly facts: readonly Fact[];
  /** When its lane was first asked to take it; undefined when it never was. */
  readonly firstEnqueueAt: number | undefined;
  readonly validUntil: number;
  readonly hasCarrier: boolean;
  readonly now: number;
}

/** SQS drops a repeated message for five minutes after it took the first; half of one is left for the call itself. */
const repeatableForMs = 4.5 * 60_000;

/**
 * How to go on:
 *
 *   the message                                    | step
 *   -----------------------------------------------+-----------------------------------------------------------
 *   was in the lane: the connector tells of it     | answer      as the first request would have
 *   was refused by the lane for certain            | begin-anew  as another message: this one has failed
 *   was never put there, and can be                | put
 *   was never put there, and cannot be any more    | begin-anew
 *   may have been put there, less than 4.5 min ago | put         it counts once
 *   may have been put there, before that, or       | leave       twice would be two SMS, or the answer would be
 *     cannot be sent any more                      |             that it is sent, and it is not
 */
export function nextStep(message: BrokenOff): 'answer' | 'put' | 'begin-anew' | 'leave' {
  const { facts, firstEnqueueAt, validUntil, hasCarrier, now } = message;
  if (facts.some(({ type }) => type !== 'verdict')) return 'answer';
  if (facts.some((fact) => fact.type === 'verdict' && fact.status === 'failed')) return 'begin-anew';
  const canBeSent = facts.length === 0 && hasCarrier && now < validUntil;
  if (firstEnqueueAt === undefined) return canBeSent ? 'put' : 'begin-anew';
  return canBeSent && now < firstEnqueueAt + repeatableForMs ? 'put' : 'leave';
}
