import { styleText } from 'node:util';
import type { Happening } from './happening.ts';
import type { LogLine } from './log.ts';

/** What `npm start` shows a person. Pure: the caller writes the lines. */

export interface Style {
  readonly colour: boolean;
  /** Show texts and full numbers: only where none of them is a person's. */
  readonly reveal: boolean;
}

type Colour = 'cyan' | 'green' | 'magenta' | 'red' | 'yellow' | 'gray' | 'bold';

const colours: Readonly<Record<string, Colour>> = {
  queued: 'gray',
  sent: 'cyan',
  delivered: 'green',
  received: 'magenta',
  uncertain: 'yellow',
  unconfirmed: 'yellow',
  undelivered: 'red',
  expired: 'red',
  failed: 'red',
};

/** `→  +447700900123     delivered    by simulator, DELIVRD` */
export function happeningLine(happening: Happening, style: Style): string {
  const { direction, status, detail, text } = happening;
  const number = printable(style.reveal ? happening.number : masked(happening.number));
  const quoted = text !== undefined && style.reveal ? `  "${excerpt(text)}"` : '';
  const word = paint(colours[status] ?? 'bold', status.padEnd(11), style);
  return [direction === 'out' ? '→' : '←', number.padEnd(16), word, printable(`${detail}${quoted}`)].join('  ');
}

/** A line with the time of day in front. */
export function timed(line: string, now: Date, style: Style): string {
  return `${paint('gray', now.toTimeString().slice(0, 8), style)}  ${line}`;
}

/** Log lines that are good to see though nothing is wrong. */
const shown: ReadonlySet<string> = new Set(['bound', 'unbound', 'stopping', 'the simulator plays']);

/** A log line for people; undefined when it needs no attention. */
export function logLine(line: LogLine, style: Style): string | undefined {
  const { level, message, fields } = line;
  if (!shown.has(message) && (level === 'DEBUG' || level === 'INFO')) return undefined;
  const colour = message === 'bound' ? 'green' : level === 'ERROR' ? 'red' : 'yellow';
  const what = printable([fields.carrier, message].filter((word) => word !== undefined).join(' '));
  return ['·', paint(colour, what, style), printable(details(line))].join('  ').trimEnd();
}

export interface BannerFacts {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly inboundTopicArn: string;
  readonly statusTopicArn: string;
  readonly awsEndpoint: string;
  readonly region: string;
  /** Who the messages go to: the simulator, or carriers by name. */
  readonly carriers: readonly string[];
  readonly simulated: boolean;
}

export function banner(facts: BannerFacts, style: Style): string {
  const port = new URL(facts.apiUrl).port;
  const rows: [string, string][] = [
    ['API', `${facts.apiUrl}/v1/messages`],
    ['API key', facts.apiKey],
    ['received messages', facts.inboundTopicArn],
    ['delivery reports', facts.statusTopicArn],
    ['AWS endpoint', `${facts.awsEndpoint}  (SQS, SNS, DynamoDB; ${facts.region})`],
    ['carrier', facts.simulated ? 'a simulated SMSC: nothing leaves this machine' : facts.carriers.join(', ')],
  ];
  const send =
    `curl -s ${facts.apiUrl}/v1/messages -H 'x-api-key: ${facts.apiKey}' -H 'content-type: application/json' \\\n` +
    `       -d '{"to": "+447700900123", "text": "Hello"}'`;
  const handset = `npm run handset -- ${port === '8025' ? '' : `--port ${port} `}--from +447700900123 --to 12345 "Hi"`;
  return [
    '',
    `  ${paint('bold', 'SMS gateway, on this machine only', style)}`,
    '',
    ...rows.map(([name, value]) => `  ${paint('gray', name.padEnd(18), style)} ${value}`),
    '',
    `  ${paint('bold', 'Send one:', style)}`,
    `     ${send}`,
    ...(facts.simulated ? [`  ${paint('bold', 'Be a handset, in another terminal:', style)}`, `     ${handset}`] : []),
    '',
  ].join('\n');
}

/** `+44•••••••123` */
export function masked(number: string): string {
  if (number.length <= 6) return '•'.repeat(number.length);
  return `${number.slice(0, 3)}${'•'.repeat(number.length - 6)}${number.slice(-3)}`;
}

function details({ message, fields }: LogLine): string {
  // Of a structured line's fields, those that a person cannot do without.
  const { role, host, port, reason, error, code, pid } = fields;
  const address = host === undefined ? undefined : `${host}:${port}`;
  // Of a pair both are told, often of one host.
  const half = role === 'transceiver' ? undefined : role;
  return [half, address, reason, describeError(error), code, pid && `pid ${pid}`]
    .filter((part) => part !== undefined && part !== message)
    .join(', ');
}

function describeError(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

/** Words of strangers must not move the cursor, ring, or turn the line round. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, '·');
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}

function paint(colour: Colour, text: string, { colour: coloured }: Style): string {
  return coloured ? styleText(colour, text, { validateStream: false }) : text;
}
