import type { Route } from '#contract/routes.ts';
import { type Bind, stateOf } from './binds.ts';

/** What GET /v1/carriers tells of one. Rate and backlog are there as far as tasks that are heard of report them. */
export function carrierView({ carrier, prefixes }: Route, binds: readonly Bind[]) {
  const heard = binds.filter(({ state }) => state !== 'silent').map(({ report }) => report);
  const rates = heard.flatMap(({ effectiveRate = [] }) => effectiveRate);
  return {
    name: carrier,
    state: stateOf(binds),
    prefixes,
    // Each task sends at its own rate, but all see the same lanes: the last who looked is right.
    effectiveRate: rates.length === 0 ? undefined : rates.reduce((sum, rate) => sum + rate, 0),
    backlog: heard.find(({ backlog }) => backlog !== undefined)?.backlog,
    binds: binds.map(bindView),
  };
}

function bindView({ state, report: { bindId, time, reason, effectiveRate } }: Bind) {
  return { id: bindId, state, reportedAt: time, reason, effectiveRate };
}
