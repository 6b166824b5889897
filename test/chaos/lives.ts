import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type LogLine, parseLogLine } from '../../local/log.ts';

export interface LivesOptions {
  readonly bundle: string;
  readonly env: NodeJS.ProcessEnv;
  /** A line as the connector wrote it, and what it says; metrics say nothing. */
  readonly onLine: (text: string, line: LogLine | undefined, life: number) => void;
}

interface Life {
  readonly number: number;
  readonly child: ChildProcess;
  readonly ended: Promise<string>;
}

/** As long as ECS would give it, and then some. */
const stopWithinMs = 28_000;

/** The connector's processes, one after the other, numbered from 1. */
export class Lives {
  readonly #options: LivesOptions;
  readonly #killed = new Set<number>();
  /** How a process ended that nobody had told to. */
  endedByItself: string | undefined;
  #current: Life | undefined;
  #count = 0;
  #stopping = 0;

  constructor(options: LivesOptions) {
    this.#options = options;
  }

  get number(): number {
    return this.#count;
  }

  wasKilled(life: number): boolean {
    return this.#killed.has(life);
  }

  start(): void {
    const { bundle, env, onLine } = this.#options;
    this.#count += 1;
    const number = this.#count;
    // Ends with the harness, however that ends.
    const preload = new URL('../../local/end-with-parent.ts', import.meta.url).href;
    const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const;
    const child = spawn(process.execPath, ['--import', preload, bundle], { env, stdio: [...stdio] });
    const read = [child.stdout, child.stderr].map(
      (stream) => stream && readLines(stream, (text) => onLine(text, parseLogLine(text), number)),
    );
    const ended = once(child, 'close').then(async ([code, signal]) => {
      await Promise.all(read);
      const end = signal === null ? `exit code ${code}` : `signal ${signal}`;
      if (!this.#killed.has(number) && this.#stopping !== number) this.endedByItself = end;
      return end;
    });
    this.#current = { number, child, ended };
  }

  /** At this very moment, without a word to it. Resolves with its number when it is gone. */
  async kill(): Promise<number> {
    const { number, child, ended } = this.#running();
    this.#killed.add(number);
    child.kill('SIGKILL');
    await ended;
    return number;
  }

  /** Lets it drain. Rejects when that ends badly, or not in time. */
  async stop(): Promise<number> {
    const { number, child, ended } = this.#running();
    this.#stopping = number;
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    const end = await ended;
    clearTimeout(late);
    if (end !== 'exit code 0') throw new Error(`the connector did not drain: ${end}`);
    return number;
  }

  /** However it is. */
  async abandon(): Promise<void> {
    this.#stopping = this.#count;
    this.#current?.child.kill('SIGKILL');
    await this.#current?.ended;
  }

  #running(): Life {
    if (this.#current === undefined) throw new Error('no connector was started');
    return this.#current;
  }
}

async function readLines(stream: Readable, onLine: (text: string) => void): Promise<void> {
  for await (const text of createInterface({ input: stream })) onLine(text);
}
