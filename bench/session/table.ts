import { unreachable } from '#contract/unreachable.ts';
import type { Heap } from './contender-process.ts';
import type { Aim, Row } from './report.ts';

const columns = [
  'round trip',
  'window',
  'messages/s',
  'share',
  'CPU µs',
  'p50 ms',
  'p99 ms',
  'SMSC µs',
  'busy',
  'late ms',
];
const nameWidth = 18;
const columnWidth = 12;

/** For a terminal, a piece at a time: what has been measured can be read while the rest is. */
export const heading = line('', columns);

export function rowLines(rows: readonly Row[]): string {
  return ['', ...rows.map(rowLine)].join('\n');
}

function rowLine({
  contender,
  roundTripMs,
  window,
  perSecond,
  share,
  cpuUsPerMessage,
  p50Ms,
  p99Ms,
  smsc,
}: Row): string {
  return line(contender, [
    `${roundTripMs} ms`,
    String(window),
    perSecond.toFixed(perSecond < 100 ? 1 : 0),
    share === undefined ? '' : percent(share),
    cpuUsPerMessage.toFixed(2),
    p50Ms.toFixed(2),
    p99Ms.toFixed(2),
    roundTripMs === 0 ? smsc.cpuUsPerMessage.toFixed(2) : '',
    roundTripMs === 0 ? percent(smsc.busy) : '',
    roundTripMs === 0 ? '' : smsc.lateMs.toFixed(3),
  ]);
}

export function heapLines(heap: readonly Heap[]): string {
  const lines = heap.map(({ messages, heapBytes, rssBytes }) => {
    return `  ${String(messages).padStart(7)} messages: heap ${megabytes(heapBytes)}, in all ${megabytes(rssBytes)}`;
  });
  return ['', 'memory of ours, window 100', ...lines].join('\n');
}

export function aimLines(aims: readonly Aim[]): string {
  const lines = aims.map(({ what, window, roundTripMs, wanted, got, byCpu, met }) => {
    const place = `${roundTripMs} ms, window ${window}`.padEnd(22);
    const also = byCpu === undefined ? '' : ` (by CPU ${figure(what, byCpu)})`;
    return `  ${met ? 'met   ' : 'MISSED'}  ${place}${figure(what, got)} ${what}, aim ${figure(what, wanted)}${also}`;
  });
  return ['', 'aims', ...lines, ''].join('\n');
}

function figure(what: Aim['what'], value: number): string {
  switch (what) {
    case 'of hand-made':
    case 'of window / round trip':
      return percent(value);
    case 'times the package':
      return value.toFixed(1);
    case 'bytes more on the heap':
      return value.toFixed(0);
    default:
      return unreachable(what);
  }
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function line(name: string, cells: readonly string[]): string {
  return name.padEnd(nameWidth) + cells.map((cell) => cell.padStart(columnWidth)).join('');
}
