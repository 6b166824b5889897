import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, Answers, Question } from './answer-parent.ts';

type Waiting = Pick<PromiseWithResolvers<unknown>, 'resolve' | 'reject'>;

/** A process that answers what it is asked (`answerParent`). One that ends rejects what it was asked. */
export class Child<Known extends Answers> {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  #asked = 0;

  constructor(child: ChildProcess, name: string) {
    this.#process = child;
    child.on('message', (message) => this.#onAnswer(message as Answer));
    this.ended = once(child, 'exit').then(([code, signal]) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`${name} ended: ${signal ?? `code ${code}`}`));
      this.#waiting.clear();
    });
  }

  ask<Name extends keyof Known & string>(
    name: Name,
    ...[argument]: Parameters<Known[Name]>
  ): Promise<Awaited<ReturnType<Known[Name]>>> {
    this.#asked += 1;
    const question: Question = { id: this.#asked, name, argument };
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(question.id, { resolve, reject });
    this.#process.send(question, (cause) => cause && this.#onAnswer({ id: question.id, error: cause.message }));
    return promise as Promise<Awaited<ReturnType<Known[Name]>>>;
  }

  /** Resolves when it has ended. */
  async end(): Promise<void> {
    if (this.#process.connected) this.#process.disconnect();
    await this.ended;
  }

  #onAnswer({ id, value, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(value);
    else waiting?.reject(new Error(error));
  }
}

/** Runs `file` of this folder. */
export function forkHere<Known extends Answers>(file: string, env: NodeJS.ProcessEnv = process.env): Child<Known> {
  return new Child(fork(pathOf(file), { execArgv: [], env, serialization: 'advanced' }), file);
}

/** Runs a bundle that knows nothing of questions, with `preload` of this folder to answer them. */
export function spawnWith<Known extends Answers>(
  preload: string,
  bundle: string,
  { env, nodeOptions = [] }: { readonly env: NodeJS.ProcessEnv; readonly nodeOptions?: readonly string[] },
): { readonly child: Child<Known>; readonly process: ChildProcess } {
  const args = [...nodeOptions, '--import', new URL(preload, import.meta.url).href, bundle];
  const stdio = ['ignore', 'pipe', 'pipe', 'ipc'] as const;
  const started = spawn(process.execPath, args, { env, stdio: [...stdio], serialization: 'advanced' });
  return { child: new Child(started, 'the connector'), process: started };
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
