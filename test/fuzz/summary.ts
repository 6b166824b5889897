import type { FuzzReport, Tally } from './run.ts';

/** What `npm run fuzz` prints: a line per class, and what must not be. */
export function summaryOf({ tallies, failures, heapGrowth }: FuzzReport, tookMs: number): string {
  const all: Tally = { sent: 0, survived: 0, ended: 0 };
  const rows = [...tallies].sort(([a], [b]) => a.localeCompare(b));
  for (const [, { sent, survived, ended }] of rows) {
    all.sent += sent;
    all.survived += survived;
    all.ended += ended;
  }
  return [
    row('class', { sent: 'sent', survived: 'survived', ended: 'ended' }),
    ...rows.map(([name, tally]) => row(name, tally)),
    row('all', all),
    `${(tookMs / 1_000).toFixed(1)} s, ${Math.round((all.sent / tookMs) * 1_000)} inputs a second`,
    ...(heapGrowth === undefined ? [] : [`heap, from a fifth of them on: ${(heapGrowth / 1_000).toFixed()} kB more`]),
    ...failures,
    `${failures.length} failed`,
  ].join('\n');
}

function row(name: string, { sent, survived, ended }: Readonly<Record<keyof Tally, string | number>>): string {
  return name.padEnd(52) + [sent, survived, ended].map((count) => String(count).padStart(9)).join('');
}
