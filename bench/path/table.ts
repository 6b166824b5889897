import { unreachable } from '#contract/unreachable.ts';
import type { Aim, Row } from './report.ts';

const columns = ['messages/s', 'CPU µs', 'busy', 'emulators', 'p50 ms', 'p99 ms', 'peak MB'];
const nameWidth = 34;
const columnWidth = 12;

/** For a terminal, a piece at a time: what has been measured can be read while the rest is. */
export const heading = line('', columns);

export function rowLines(rows: readonly Row[]): string {
  return ['', ...rows.map(rowLine)].join('\n');
}

function rowLine(row: Row): string {
  return line(`${row.what}, ${row.contender}`, [
    row.perSecond.toFixed(row.perSecond < 100 ? 1 : 0),
    row.cpuUsPerMessage.toFixed(0),
    percent(row.busy),
    percent(row.emulatorsBusy),
    row.p50Ms.toFixed(1),
    row.p99Ms.toFixed(1),
    (row.peakBytes / 1e6).toFixed(0),
  ]);
}

export function aimLines(aims: readonly Aim[]): string {
  const lines = aims.map(({ what, unit, bound, wanted, got, met }) => {
    const spread = `${figure(unit, got.least)} to ${figure(unit, got.most)}`;
    return `  ${met ? 'met   ' : 'MISSED'}  ${figure(unit, got.median)} (${spread})  ${what}; ${bound} ${figure(unit, wanted)}`;
  });
  return ['', 'aims: median (of the rounds the least and the most)', ...lines, ''].join('\n');
}

function figure(unit: Aim['unit'], value: number): string {
  switch (unit) {
    case 'ratio':
      return value.toFixed(2);
    case 'share':
      return percent(value);
    case 'ms':
      return `${value.toFixed(1)} ms`;
    default:
      return unreachable(unit);
  }
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

function line(name: string, cells: readonly string[]): string {
  return name.padEnd(nameWidth) + cells.map((cell) => cell.padStart(columnWidth)).join('');
}
