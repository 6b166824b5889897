import type { ColdStart } from './cold-start.ts';
import type { Group, Measured } from './measure.ts';

const columns = ['kB', 'init', '(worst)', 'call', '(worst)', 'both', 'CPU init', 'CPU call', 'next call', 'ratio'];
const nameWidth = 24;
const columnWidth = 11;

/** A table for a terminal, in ms: medians, and the worst. `ratio` compares with the first baseline, from Node's start on. */
export function report(groups: readonly Group[]): string {
  const [baseline] = groups.flatMap(({ measured }) => measured);
  const unit = baseline === undefined ? 1 : median(baseline.coldStarts, untilAnswer);
  const rows = groups.flatMap(({ name, measured }) => ['', name, ...measured.map((one) => row(one, unit))]);
  return [line('', columns), ...rows, ''].join('\n');
}

function row({ name, bundle, coldStarts }: Measured, unit: number): string {
  const of = (value: (one: ColdStart) => number) => median(coldStarts, value).toFixed(1);
  const worst = (value: (one: ColdStart) => number) => `(${Math.max(...coldStarts.map(value)).toFixed(0)})`;
  return line(`  ${name}`, [
    (bundle.bytes / 1_000).toFixed(0),
    of(({ init }) => init.ms),
    worst(({ init }) => init.ms),
    of(({ firstCall }) => firstCall.ms),
    worst(({ firstCall }) => firstCall.ms),
    of(({ init, firstCall }) => init.ms + firstCall.ms),
    of(({ init }) => init.cpuMs),
    of(({ firstCall }) => firstCall.cpuMs),
    of(({ nextCall }) => nextCall.ms),
    (median(coldStarts, untilAnswer) / unit).toFixed(1),
  ]);
}

function untilAnswer({ boot, init, firstCall }: ColdStart): number {
  return boot.ms + init.ms + firstCall.ms;
}

function median(coldStarts: readonly ColdStart[], value: (one: ColdStart) => number): number {
  const sorted = coldStarts.map(value).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function line(name: string, cells: readonly string[]): string {
  return name.padEnd(nameWidth) + cells.map((cell) => cell.padStart(columnWidth)).join('');
}
