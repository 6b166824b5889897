import type { Clock } from '../../connector/clock.ts';

export interface Throttle {
  /** Requests per second and key in the long run. @default 1000 */
  readonly ratePerSecond: number;
  /** Requests at once. @default 2000 */
  readonly burst: number;
}

/** Generous: on one machine the throttle is there to be met by who wants to meet it. */
export const defaultThrottle: Throttle = { ratePerSecond: 1_000, burst: 2_000 };

export type Admission =
  | { readonly kind: 'admitted'; readonly apiKey: string; readonly apiKeyId: string }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'throttled' };

/** The API keys and how much each may ask: a usage plan of API Gateway, with one token bucket per key. */
export class UsagePlan {
  readonly #keys: ReadonlyMap<string, string>;
  readonly #throttle: Throttle;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  /** `keys` maps each API key to its id. */
  constructor(keys: ReadonlyMap<string, string>, throttle: Throttle, clock: Pick<Clock, 'now'>) {
    this.#keys = keys;
    this.#throttle = throttle;
    this.#clock = clock;
  }

  admit(apiKey: string | undefined): Admission {
    const apiKeyId = apiKey === undefined ? undefined : this.#keys.get(apiKey);
    if (apiKey === undefined || apiKeyId === undefined) return { kind: 'forbidden' };
    return this.#takeToken(apiKeyId) ? { kind: 'admitted', apiKey, apiKeyId } : { kind: 'throttled' };
  }

  #takeToken(apiKeyId: string): boolean {
    const { ratePerSecond, burst } = this.#throttle;
    const now = this.#clock.now();
    const { tokens, at } = this.#buckets.get(apiKeyId) ?? { tokens: burst, at: now };
    const refilled = Math.min(burst, tokens + ((now - at) / 1_000) * ratePerSecond);
    const taken = refilled >= 1;
    this.#buckets.set(apiKeyId, { tokens: taken ? refilled - 1 : refilled, at: now });
    return taken;
  }
}
