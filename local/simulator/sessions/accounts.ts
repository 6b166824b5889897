import type { Clock } from '../../../connector/clock.ts';
import { commandStatus } from '../command-status.ts';
import type { Behaviour } from '../play/behaviour.ts';
import type { Stage } from '../play/stage.ts';
import { type Bind, checkBind } from './bind.ts';

export interface Account {
  readonly systemId: string;
  readonly password: string;
  /** Binds at once. @default no limit */
  readonly maxBinds?: number;
}

/** Sessions without unbind that an account is remembered to have had. */
const maxCut = 1_000;

/** The right of a session to be bound. */
export interface Place {
  /** The session has ended. */
  release(how: 'unbound' | 'cut'): void;
}

/** How many places of an account are taken. Times are of the monotonic clock. */
interface Places {
  bound: number;
  /** When sessions ended without unbind, the latest last. */
  readonly cutAt: number[];
  lastEndAt: number;
}

/** Who may bind, and how often at once. */
export class Accounts {
  readonly #accounts: ReadonlyMap<string, Account>;
  readonly #stage: Stage;
  readonly #clock: Clock;
  readonly #places = new Map<string, Places>();
  /** By what the play says about refusals, of which each play has its own. */
  readonly #refused = new WeakMap<object, number>();

  constructor(accounts: readonly Account[], { stage, clock }: { readonly stage: Stage; readonly clock: Clock }) {
    this.#accounts = new Map(accounts.map((account) => [account.systemId, account]));
    this.#stage = stage;
    this.#clock = clock;
  }

  /** A place for a session, or the command_status that says why there is none. */
  take(bind: Bind): Place | number {
    const { binds } = this.#stage.behaviour;
    const status = this.#refusal(binds) ?? this.#check(bind, binds);
    if (status !== commandStatus.ok) return status;
    const places = this.#placesOf(bind.systemId);
    places.bound++;
    return { release: (how) => this.#release(places, how) };
  }

  /** Nobody is bound, and nobody ever was. */
  forget(): void {
    this.#places.clear();
  }

  /** As if no session had ever ended; who is bound stays so. */
  forgetEnds(): void {
    for (const places of this.#places.values()) {
      places.cutAt.length = 0;
      places.lastEndAt = Number.NEGATIVE_INFINITY;
    }
  }

  #release(places: Places, how: 'unbound' | 'cut'): void {
    places.bound--;
    places.lastEndAt = this.#clock.monotonic();
    if (how === 'cut') places.cutAt.push(places.lastEndAt);
    if (places.cutAt.length > maxCut) places.cutAt.shift();
  }

  #refusal({ refuse }: Behaviour['binds']): number | undefined {
    if (refuse === null) return undefined;
    const refused = this.#refused.get(refuse) ?? 0;
    if (refuse.times !== null && refused >= refuse.times) return undefined;
    this.#refused.set(refuse, refused + 1);
    return refuse.status;
  }

  #check(bind: Bind, binds: Behaviour['binds']): number {
    const general = checkBind(bind, binds);
    if (general !== commandStatus.ok) return general;
    const account = this.#accounts.get(bind.systemId);
    if (account === undefined) return binds.statuses.wrongSystemId;
    if (account.password !== bind.password) return binds.statuses.wrongPassword;
    const { bound, cutAt, lastEndAt } = this.#placesOf(bind.systemId);
    const now = this.#clock.monotonic();
    if (now - lastEndAt < binds.rebindAfterMs) return binds.statuses.tooSoon;
    const stale = cutAt.filter((at) => now - at < binds.staleMs).length;
    const limit = binds.limit ?? account.maxBinds ?? Number.POSITIVE_INFINITY;
    return bound + stale < limit ? commandStatus.ok : binds.statuses.tooMany;
  }

  #placesOf(systemId: string): Places {
    const known = this.#places.get(systemId);
    if (known !== undefined) return known;
    const places = { bound: 0, cutAt: [], lastEndAt: Number.NEGATIVE_INFINITY };
    this.#places.set(systemId, places);
    return places;
  }
}
