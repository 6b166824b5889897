import type { Route } from '#contract/routes.ts';

/** Carriers that would do equally well, at least one. */
export type Candidates<Of = Route> = readonly [Of, ...Of[]];

/**
 * The routes of the carriers with the longest prefix of `to` (E.164 with "+"), in the order of the configuration.
 * A carrier without prefixes serves every number, after all that name one. Undefined when none does.
 */
export function candidatesFor(routes: readonly Route[], to: string): Candidates | undefined {
  const longest = Math.max(0, ...routes.map((route) => matchLength(route, to)));
  const [first, ...others] = routes.filter((route) => matchLength(route, to) === longest);
  return first && [first, ...others];
}

/** The first that is bound; where none is, the first of all. */
export function chooseBound<Of extends Pick<Route, 'carrier'>>(
  candidates: Candidates<Of>,
  bound: ReadonlySet<string>,
): Of {
  return candidates.find(({ carrier }) => bound.has(carrier)) ?? candidates[0];
}

/** -1 where the carrier does not serve the number. */
function matchLength({ prefixes }: Route, to: string): number {
  if (prefixes.length === 0) return 0;
  return Math.max(...prefixes.map((prefix) => (to.startsWith(`+${prefix}`) ? prefix.length : -1)));
}
