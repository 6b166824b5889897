import type { Route } from '#contract/routes.ts';

/**
 * The route of the carrier with the longest prefix of `to` (E.164 with "+"). A carrier without prefixes serves
 * every number, after all that name one. Of equals the first.
 */
export function chooseCarrier(routes: readonly Route[], to: string): Route | undefined {
  let chosen: Route | undefined;
  let longest = -1;
  for (const route of routes) {
    const length = matchLength(route, to);
    if (length > longest) {
      chosen = route;
      longest = length;
    }
  }
  return chosen;
}

/** -1 where the carrier does not serve the number. */
function matchLength({ prefixes }: Route, to: string): number {
  if (prefixes.length === 0) return 0;
  return Math.max(...prefixes.map((prefix) => (to.startsWith(`+${prefix}`) ? prefix.length : -1)));
}
