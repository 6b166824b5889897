import { aimOf, compared, rowsOf } from '../path/report.ts';
import type { Part } from '../path/show.ts';
import type { Group } from './measure.ts';

/** Receipts share calls, ten times as many as the bare loop's; messages cannot, and are read, decoded and recognised besides. */
const ofBareCpu = { messages: 1.5, receipts: 0.8 };
/** It waits for company before it calls, which the bare loop does not. */
const laterThanBareMs = 10;

export function partOf({ kind, perSecond, rounds }: Group): Part {
  const what = perSecond === 0 ? kind : `${kind}, ${perSecond} a second`;
  const rows = rowsOf(what, rounds);
  if (perSecond === 0) {
    const got = compared(rounds, (own, bare) => own.cpuUsPerMessage / bare.cpuUsPerMessage);
    const aim = { what: `${what}: CPU of each, of the bare loop's`, unit: 'ratio', bound: 'at most' } as const;
    return { rows, aims: [aimOf({ ...aim, wanted: ofBareCpu[kind], got })] };
  }
  const got = compared(rounds, (own, bare) => own.p50Ms - bare.p50Ms);
  const aim = {
    what: `${what}: p50 until acknowledged, later than the bare call`,
    unit: 'ms',
    bound: 'at most',
  } as const;
  return { rows, aims: [aimOf({ ...aim, wanted: laterThanBareMs, got })] };
}
