import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { HandsetMessage } from '../../local/simulator/handsets/handset-message.ts';
import { emulatorVariable } from './emulator.ts';

/**
 * The whole gateway, as `npm start` runs it, for a test: in a process of its own, since the emulators are
 * ES modules and jest is not. Call `stop` in the end, also when the test failed.
 */
export interface LocalGateway {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly inboundTopicArn: string;
  readonly statusTopicArn: string;
  readonly awsEndpoint: string;
  readonly region: string;
  /** Lines of its log, growing; each is JSON. */
  readonly logs: readonly string[];
  /** Resolves with the first line, of those that are there and those to come, that matches. */
  logLine(pattern: RegExp): Promise<string>;
  handset(number: string): Handset;
  readonly smsc: SmscControl;
  /** Resolves when the process has ended by itself. Rejects, with its log, when it ended badly or not in time. */
  stop(): Promise<void>;
}

export interface Handset {
  /** The next message that this handset gets, in the order in which they became complete. Waits for it. */
  receive(): Promise<HandsetMessage>;
  /** Sends one; resolves with the names of the connector's answers, one per part. */
  send(text: string, to?: string): Promise<readonly string[]>;
}

export interface SmscControl {
  /** All connections drop, new ones are refused. */
  stop(): Promise<void>;
  /** On the same port again. */
  start(): Promise<void>;
  /** What all handsets got, in the order in which messages became complete. */
  messages(): Promise<readonly HandsetMessage[]>;
  stats(): Promise<SmscStats>;
}

export interface SmscStats {
  readonly listening: boolean;
  readonly port: number;
  readonly sessions: readonly { readonly kind: string }[];
  /** Accepted submit_sm. */
  readonly submitted: number;
  readonly outstandingDeliveries: number;
}

export interface LocalGatewayOptions {
  /** As for `npm start --`, beside `--json` and `--port 0`. */
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Jest's own limit for a test is 5 s unless it says otherwise: within that, or an error with the log. */
const stopWithinMs = 10_000;
const receiveWithinMs = 20_000;

export async function startLocalGateway(options: LocalGatewayOptions = {}): Promise<LocalGateway> {
  const root = join(__dirname, '../..');
  const emulator = process.env[emulatorVariable];
  const elsewhere = emulator === undefined ? [] : ['--aws-endpoint', emulator];
  const args = ['local/main.ts', '--json', '--port', '0', ...elsewhere, ...(options.args ?? [])];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...options.env },
    // Through the channel it notices when jest is gone.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log = new GatewayLog(child);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const facts = await readyLine(child, log, ended);
  const control = new Control(facts.apiUrl);
  return {
    ...facts,
    logs: log.lines,
    logLine: (pattern) => log.first(pattern),
    handset: (number) => handset(number, control),
    smsc: {
      stop: async () => void (await control.post('/v1/stop')),
      start: async () => void (await control.post('/v1/start')),
      messages: async () => (await control.get<{ messages: HandsetMessage[] }>('/v1/messages')).messages,
      stats: () => control.get<SmscStats>('/v1/stats'),
    },
    stop: () => stop(child, log, ended),
  };
}

type Facts = Pick<LocalGateway, 'apiUrl' | 'apiKey' | 'inboundTopicArn' | 'statusTopicArn' | 'awsEndpoint' | 'region'>;

async function readyLine(child: ChildProcess, log: GatewayLog, ended: Promise<void>): Promise<Facts> {
  if (child.stdout === null) throw new Error('the gateway has no stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    // Nothing follows, but a stream that nobody reads keeps jest waiting.
    child.stdout.resume();
    return JSON.parse(line) as Facts;
  }
  await ended;
  throw new Error(`the local gateway did not start:\n${log.text()}`);
}

function handset(number: string, control: Control): Handset {
  let after = 0;
  return {
    async receive() {
      const query = new URLSearchParams({ to: number, after: String(after), wait: String(receiveWithinMs) });
      const [message] = (await control.get<{ messages: HandsetMessage[] }>(`/v1/messages?${query}`)).messages;
      if (message === undefined) throw new Error(`${number} got no message within ${receiveWithinMs} ms`);
      after = message.number;
      return message;
    },
    async send(text, to = '12345') {
      return (await control.post<{ statuses: string[] }>('/v1/mo', { from: number, to, text })).statuses;
    },
  };
}

async function stop(child: ChildProcess, log: GatewayLog, ended: Promise<void>): Promise<void> {
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
  await ended;
  clearTimeout(kill);
  if (child.exitCode !== 0) {
    throw new Error(`the local gateway ended with ${child.exitCode ?? child.signalCode}:\n${log.text()}`);
  }
}

/** The simulator's control API. */
class Control {
  readonly #base: string;

  constructor(apiUrl: string) {
    this.#base = `${apiUrl}/simulator`;
  }

  get<Answer>(path: string): Promise<Answer> {
    return this.#ask('GET', path);
  }

  post<Answer>(path: string, body?: object): Promise<Answer> {
    return this.#ask('POST', path, body);
  }

  async #ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`${this.#base}${path}`, init);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text) as Answer;
  }
}

class GatewayLog {
  readonly lines: string[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(child: ChildProcess) {
    if (child.stderr === null) throw new Error('the gateway has no stderr');
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.lines.push(line);
      for (const look of this.#waiting) look();
    });
  }

  text(): string {
    return this.lines.join('\n');
  }

  first(pattern: RegExp): Promise<string> {
    return new Promise((resolve) => {
      const look = () => {
        const line = this.lines.find((each) => pattern.test(each));
        if (line === undefined) return;
        this.#waiting.delete(look);
        resolve(line);
      };
      this.#waiting.add(look);
      look();
    });
  }
}
