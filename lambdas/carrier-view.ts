import type { Route } from '#contract/routes.ts';
import { type Bind, type CarrierState, stateOf } from './binds.ts';

/** More than that are not listed: a task that starts again and again leaves one each time. */
const maxListed = 20;

/** What GET /v1/carriers tells of one. Rates, throttling and backlog are there as far as tasks that are heard of report them. */
export function carrierView({ carrier, prefixes }: Route, { binds, relations }: CarrierState) {
  const heard = binds.filter(({ state }) => state !== 'silent').map(({ report }) => report);
  const throttled = heard.flatMap(({ throttled = [] }) => throttled);
  return {
    name: carrier,
    state: stateOf(binds),
    prefixes,
    // Each task sends at its own rate, but all see the same lanes: the last who looked is right.
    effectiveRate: sumOf(heard.map(({ effectiveRate }) => effectiveRate)),
    rateLimit: sumOf(heard.map(({ rateLimit }) => rateLimit)),
    throttled: throttled.length === 0 ? undefined : throttled.includes(true),
    /** How its receipts write ids, where that is not as in its responses: what was met most first. */
    receiptIds: relations.length === 0 ? undefined : relations,
    backlog: heard.find(({ backlog }) => backlog !== undefined)?.backlog,
    binds: binds.slice(0, maxListed).map(bindView),
  };
}

function bindView({ state, report: { bindId, time, reason, effectiveRate, rateLimit, throttled } }: Bind) {
  return { id: bindId, state, reportedAt: time, reason, effectiveRate, rateLimit, throttled };
}

/** Of those that are there, to the tenth; undefined when none is. */
function sumOf(rates: readonly (number | undefined)[]): number | undefined {
  const known = rates.filter((rate) => rate !== undefined);
  return known.length === 0 ? undefined : Math.round(10 * known.reduce((sum, rate) => sum + rate, 0)) / 10;
}
