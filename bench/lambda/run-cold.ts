import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { ColdStart, Order } from './cold-start.ts';

export interface RunOptions {
  /** All that the process has of an environment. */
  readonly env: NodeJS.ProcessEnv;
  readonly nodeFlags: readonly string[];
}

/** Has `order` done by a fresh process of `script`, which is `cold-start.ts`. Throws what it printed when it fails. */
export async function runCold(script: string, order: Order, { env, nodeFlags }: RunOptions): Promise<ColdStart> {
  const child = spawn(process.execPath, [...nodeFlags, script], { env, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
  child.stdin.end(JSON.stringify(order));
  const report = text(child.stdio[3] as Readable);
  const printed = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${order.functionName} ended with code ${code}: ${(await printed).join('')}`);
  return JSON.parse(await report);
}
