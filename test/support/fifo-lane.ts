import type { Queue } from '../../lambdas/ports.ts';

/** Lanes as SQS keeps them: what one group of one lane took less than five minutes ago is taken again, and dropped. */
export interface FifoLane extends Queue {
  /** Ids of what the connector will receive, once for each time that it will. */
  readonly taken: readonly string[];
  /** Whether the next message is refused, for certain. */
  refuseNext(refuses?: boolean): void;
}

const deduplicationMs = 300_000;

export function fifoLane(now: () => number): FifoLane {
  const taken: string[] = [];
  const takenAt = new Map<string, number>();
  let refusesNext = false;
  return {
    taken,
    refuseNext(refuses = true) {
      refusesNext = refuses;
    },
    async send({ queueUrl, groupId, deduplicationId: id = '' }) {
      if (refusesNext) {
        refusesNext = false;
        throw Object.assign(new Error('no such queue'), { $fault: 'client', $metadata: { attempts: 1 } });
      }
      const scope = JSON.stringify([queueUrl, groupId, id]);
      if (now() < (takenAt.get(scope) ?? Number.NEGATIVE_INFINITY) + deduplicationMs) return;
      takenAt.set(scope, now());
      taken.push(id);
    },
  };
}
