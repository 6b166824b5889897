import { endings } from './simulator/play/endings.ts';
import { scenarios } from './simulator/play/scenarios.ts';

/** What `npm run smsc -- --list` shows. */
export function listing(): string {
  const names = Object.entries(scenarios).map(([name, { says }]): [string, string] => [name, says]);
  const numbers = Object.entries(endings).map(([digits, { says }]): [string, string] => [digits, says]);
  return [
    'Scenarios:',
    '',
    ...columns(names),
    '',
    'Whatever is played, messages to numbers that end in',
    '',
    ...columns(numbers),
    '',
  ].join('\n');
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([first]) => first.length));
  return rows.map(([first, second]) => `  ${first.padEnd(width)}  ${second}`);
}
