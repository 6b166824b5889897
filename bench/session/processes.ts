import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Releases } from '../../local/releases.ts';
import type { ContenderReport, Order } from './contender-process.ts';
import type { Served } from './smsc.ts';

/** One run of a contender, and what the SMSC says of it. */
export interface Run extends ContenderReport {
  readonly served: Served;
}

export type RunOrder = (order: Omit<Order, 'port'>) => Promise<Run>;

/** An SMSC in a process of its own; each order is done by another, one at a time. */
export async function startProcesses(releases: Releases): Promise<RunOrder> {
  const smsc = fork(pathOf('smsc-process.ts'), { execArgv: [] });
  const ended = once(smsc, 'exit');
  releases.push(async () => {
    if (smsc.connected) smsc.disconnect();
    await ended;
  });
  const [port] = (await once(smsc, 'message')) as [number];
  return async (order) => {
    const over = new AbortController();
    const serving = servedAt(order.roundTripMs, smsc, over.signal);
    try {
      const report = await runContender({ ...order, port });
      return { ...report, served: await serving };
    } finally {
      over.abort();
    }
  };
}

/**
 * A contender may have warmed up on a connection without a round trip: what was served there is not asked for. Does not
 * settle when `over` comes first.
 */
function servedAt(roundTripMs: number, smsc: ChildProcess, over: AbortSignal): Promise<Served> {
  return new Promise((resolve) => {
    const onServed = (served: Served) => {
      if (served.roundTripMs === roundTripMs) resolve(served);
    };
    smsc.on('message', onServed);
    over.addEventListener('abort', () => smsc.off('message', onServed));
  });
}

async function runContender(order: Order): Promise<ContenderReport> {
  const execArgv = order.heapEvery === undefined ? [] : ['--expose-gc'];
  const stdio = ['ignore', 'ignore', 'pipe', 'ipc'] as const;
  const child = fork(pathOf('contender-process.ts'), [JSON.stringify(order)], { execArgv, stdio: [...stdio] });
  const reporting = firstMessage(child);
  const printed = text(child.stderr as Readable);
  const [code] = await once(child, 'close');
  const report = await reporting;
  if (code === 0 && report !== undefined) return report;
  throw new Error(`${order.contender}, window ${order.window}, ended with code ${code}: ${await printed}`);
}

/** Undefined when the process ends without one. */
function firstMessage(child: ChildProcess): Promise<ContenderReport | undefined> {
  return new Promise((resolve) => {
    child.once('message', (message) => resolve(message as ContenderReport));
    child.once('close', () => resolve(undefined));
  });
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
