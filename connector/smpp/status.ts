import { statusNames, statusNumber } from './codec/tables.ts';
import { statusMeanings } from './status-meanings.ts';

type StatusName = keyof typeof statusMeanings;

const statusNumbers = (Object.keys(statusMeanings) as StatusName[]).map(
  (name) => [name, statusNumber(`ESME_${name}`)] as const,
);

/** Every command_status of SMPP 3.4 by its name: `esme.ROK`. */
export const esme = Object.fromEntries(statusNumbers) as Readonly<Record<StatusName, number>>;

const meanings: ReadonlyMap<number, string> = new Map(
  statusNumbers.map(([name, status]) => [status, statusMeanings[name]]),
);

/** Ranges of SMPP 3.4, 5.1.3, for statuses that have no name. */
const ranges = [
  { from: 0x100, to: 0x3ff, meaning: 'reserved for extensions of SMPP' },
  { from: 0x400, to: 0x4ff, meaning: 'SMSC vendor specific: ask the carrier' },
];

/** `ESME_RTHROTTLED 0x58: the allowed message rate was exceeded`. */
export function commandStatusText(status: number): string {
  const name = statusNames.get(status);
  if (name === undefined) {
    const range = ranges.find(({ from, to }) => status >= from && status <= to);
    return withMeaning(`unknown status ${hex(status, 8)}`, range?.meaning);
  }
  return withMeaning(`${name} ${hex(status, 2)}`, meanings.get(status));
}

function withMeaning(text: string, meaning: string | undefined): string {
  return meaning === undefined ? text : `${text}: ${meaning}`;
}

function hex(status: number, digits: number): string {
  return `0x${status.toString(16).padStart(digits, '0')}`;
}
