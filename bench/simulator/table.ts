import type { Compared } from '../path/report.ts';
import type { MemoryAfter } from './measure.ts';
import type { Ratios, Row } from './report.ts';

const columns = ['messages/s', 'CPU µs', 'busy', 'p50 ms', 'p99 ms', 'receipts ms'];
const nameWidth = 38;
const columnWidth = 13;

export function rowLines(rows: readonly Row[]): string {
  return ['', line('', columns), ...rows.map(rowLine), ''].join('\n');
}

function rowLine({ contender, receipts, pace, ...figures }: Row): string {
  const { perSecond, cpuUsPerMessage, busy, p50Ms, p99Ms, receiptsP99Ms } = figures;
  return line(`${pace}, ${contender}${receipts ? ', receipts' : ''}`, [
    perSecond.toFixed(0),
    cpuUsPerMessage.toFixed(1),
    `${(busy * 100).toFixed(1)} %`,
    p50Ms.toFixed(2),
    p99Ms.toFixed(2),
    receipts ? receiptsP99Ms.toFixed(2) : '',
  ]);
}

export function ratioLines({ cpuPaced, cpuFlatOut, speed }: Ratios): string {
  return [
    'the simulator, in multiples of what is written by hand, both without receipts',
    `  ${spread(cpuPaced)}  CPU of a message, paced`,
    `  ${spread(cpuFlatOut)}  CPU of a message, flat out`,
    `  ${spread(speed)}  messages a second, flat out`,
    '',
  ].join('\n');
}

function spread({ median, least, most }: Compared): string {
  return `${median.toFixed(3)} (${least.toFixed(3)} to ${most.toFixed(3)})`;
}

export function memoryLines(memory: readonly MemoryAfter[]): string {
  const lines = memory.map(({ messages, usedBytes, rssBytes }) => {
    return `  ${String(messages).padStart(9)} messages: in use ${megabytes(usedBytes)}, in all ${megabytes(rssBytes)}`;
  });
  return ['memory of the simulator after the warm-up, with receipts', ...lines].join('\n');
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function line(name: string, cells: readonly string[]): string {
  return name.padEnd(nameWidth) + cells.map((cell) => cell.padStart(columnWidth)).join('');
}
