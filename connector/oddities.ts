import type { CountName } from '#contract/metrics.ts';
import type { Log, LogFields } from './log.ts';
import type { Meters } from './meters.ts';
import type { Oddity } from './smpp/deliveries.ts';

/** What counts in a metric, too. */
const metricOf: Partial<Readonly<Record<Oddity, CountName>>> = {
  'malformed PDU': 'malformedPdus',
  'connection closed for what came': 'malformedPdus',
  generic_nack: 'nacks',
  'more deliver_sm at once than are handled': 'deliversRefused',
  'deliver_sm could not be handled': 'deliversRefused',
};

/**
 * Logs what a peer does that is odd and was survived: of each kind the first, the tenth, the hundredth and so on,
 * with their count. A peer that repeats itself a hundred thousand times must not fill the log.
 */
export class Oddities {
  readonly #log: Log;
  readonly #meters: Pick<Meters, 'count'>;
  readonly #counts = new Map<Oddity, number>();

  constructor(log: Log, meters: Pick<Meters, 'count'>) {
    this.#log = log;
    this.#meters = meters;
  }

  note(kind: Oddity, fields: LogFields): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    const metric = metricOf[kind];
    if (metric !== undefined) this.#meters.count(metric);
    if (isPowerOfTen(count)) this.#log.warn(kind, { ...fields, count });
  }
}

function isPowerOfTen(count: number): boolean {
  return Number.isInteger(Math.log10(count));
}
