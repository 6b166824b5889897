import type { PlanOptions } from './plan.ts';

interface Planted {
  readonly says: string;
  /** Under which it cannot but show; of everything else as many as were asked for. */
  readonly plan?: Partial<Pick<PlanOptions, 'guarantee' | 'kills'>>;
  /** What the bundle has once, and what stands there instead. */
  readonly from: RegExp;
  readonly to: string;
}

/** Faults for the connector, each of which a run must find: a harness that cannot fail proves nothing. */
export const plants = {
  'delete-first': {
    says: 'the queue message is deleted before the event is durable',
    from: /(this\.#giveClaimBack\?\.\(\);)\s+await this\.#facts\.durable\(\);/,
    to: '$1',
  },
  'never-flagged': {
    says: 'possibleDuplicate is always false',
    from: /(\n\s+smscMessageId,\n\s+possibleDuplicate),\n/,
    to: '$1: false,\n',
  },
  'write-first': {
    says: 'at-most-once, written before the delete is confirmed',
    plan: { guarantee: 'at-most-once' },
    from: /await (deleteMessage\(this\.#held\));/,
    to: '$1.catch(() => {});',
  },
  'announce-late': {
    says: 'at-most-once, deleted before `sending` is durable',
    plan: { guarantee: 'at-most-once' },
    from: /(this\.#facts\.sending\(\);)\s+await this\.#facts\.durable\(\);/,
    to: '$1',
  },
  'send-again': {
    says: 'at-most-once, sent again when it was not answered',
    // It waits half a second for its next attempt: with kills every half second few live to see it.
    plan: { guarantee: 'at-most-once', kills: 0 },
    from: /guarantee === "at-most-once" \? \{ kind: "unknown" \} : /,
    to: '',
  },
  'acknowledge-first': {
    says: 'a deliver_sm is acknowledged before it is durable',
    from: /if \(await (this\.#store\(delivery, pdu\)) === "not-now"\)/,
    to: 'void $1; if (false)',
  },
} as const satisfies Record<string, Planted>;

export type Plant = keyof typeof plants;

/** What is asked for, but for what shows the plant. */
export function planWith<Options extends PlanOptions>(options: Options, plant: Plant): Options {
  const { plan }: Planted = plants[plant];
  return { ...options, ...plan };
}

export const plantNames = Object.keys(plants) as Plant[];
