import { unreachable } from '#contract/unreachable.ts';
import type { LogLine } from './log.ts';
import { playText } from './play.ts';
import { statusName } from './simulator/command-status.ts';
import type { Play } from './simulator/play/scenarios.ts';
import type { Account } from './simulator/sessions/accounts.ts';
import type { SmscEvent } from './simulator/sessions/smsc-event.ts';
import { defaultAccount } from './smsc-options.ts';
import { printable, timed } from './terminal.ts';

export interface SmscFacts {
  readonly smppPort: number;
  readonly smppPorts: readonly number[];
  readonly httpUrl: string;
  readonly accounts: readonly Account[];
  readonly tls: boolean;
  /** Of the authority that was made for this run. */
  readonly caFile?: string;
  readonly playing: Play;
}

/** Where `npm run smsc` says what it does. Neither texts nor numbers of handsets are in it. */
export interface SmscReporter {
  ready(facts: SmscFacts): void;
  log(line: LogLine): void;
}

type Write = (text: string) => void;

/** For a person: everything on stdout. */
export function terminalSmscReporter(write: Write, colour: boolean, now: () => Date): SmscReporter {
  const style = { colour, reveal: false };
  return {
    ready: (facts) => write(`${banner(facts)}\n`),
    log: (line) => write(`${timed(sentence(line), now(), style)}\n`),
  };
}

/** For a program: one line of JSON on stdout when ready, the log on stderr, a line of JSON each. */
export function jsonSmscReporter(stdout: Write, stderr: Write, now: () => Date): SmscReporter {
  return {
    ready({ smppPort, smppPorts, httpUrl, accounts, caFile }) {
      const bindable = accounts.map(({ systemId }) => ({ systemId }));
      stdout(`${JSON.stringify({ smppPort, smppPorts, httpUrl, accounts: bindable, caFile })}\n`);
    },
    log: ({ level, message, fields }) =>
      stderr(`${JSON.stringify({ level, timestamp: now().toISOString(), ...fields, message })}\n`),
  };
}

export function eventLine(event: SmscEvent): LogLine {
  const { kind, ...facts } = event;
  const fields = 'status' in facts ? { ...facts, status: statusName(facts.status) } : facts;
  switch (kind) {
    case 'bound':
    case 'ended':
      return { level: 'INFO', message: kind, fields };
    case 'refused':
      return { level: 'WARN', message: 'refused', fields };
    case 'bind-refused':
      return { level: 'WARN', message: 'bind refused', fields };
    default:
      return unreachable(kind);
  }
}

export function playingLine({ scenarios, change }: Play): LogLine {
  return { level: 'INFO', message: 'plays', fields: { scenarios, change } };
}

/** `·  bound  session 1, command bind_transceiver, systemId test` */
function sentence({ message, fields }: LogLine): string {
  const details = Object.entries(fields).map(
    ([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return ['·', message, printable(details.join(', '))].join('  ').trimEnd();
}

function banner({ smppPorts, httpUrl, accounts, tls, caFile, playing }: SmscFacts): string {
  const addresses = smppPorts.map((port) => `127.0.0.1:${port}`).join(', ');
  const rows: [string, string][] = [
    ['SMPP', `${addresses}${tls ? ' (TLS)' : ''}`],
    ...(caFile === undefined ? [] : [['CA', caFile] as [string, string]]),
    ['HTTP', httpUrl],
    [accounts.length === 1 ? 'account' : 'accounts', accounts.map(accountText).join(', ')],
    ['plays', playText(playing)],
  ];
  return [
    '',
    '  SMSC simulator, on this machine only',
    '',
    ...rows.map(([name, value]) => `  ${name.padEnd(10)} ${value}`),
    '',
    '  Let it misbehave, from another terminal (npm run smsc -- --list shows how):',
    `     npm run scenario -- --url ${httpUrl} throttle`,
    '  Be a handset:',
    `     npm run handset -- --url ${httpUrl} --from +447700900123 --to 12345 "Hi"`,
    '',
  ].join('\n');
}

function accountText(account: Account): string {
  const { systemId, maxBinds } = account;
  if (account === defaultAccount) return `${systemId}, password ${account.password}`;
  return maxBinds === undefined ? systemId : `${systemId} (at most ${maxBinds} binds)`;
}
