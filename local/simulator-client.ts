import type { z } from 'zod';
import { parseAs } from '#contract/parse.ts';
import { anyPort, httpUrl, wholeNumber } from './arguments.ts';
import { StartError } from './start-error.ts';

/** The options that say which simulator is meant, for `parseArgs`. */
export const targetOptions = {
  port: { type: 'string' },
  url: { type: 'string' },
} as const;

/** The URL of the simulator's API: as given, or that of the gateway on a port. */
export function targetOf({
  port,
  url,
}: {
  readonly port?: string | undefined;
  readonly url?: string | undefined;
}): string {
  if (port !== undefined && url !== undefined) throw new StartError('--port and --url must not be given together');
  const gateway = `http://127.0.0.1:${wholeNumber('--port', port ?? '8025', anyPort)}/simulator`;
  return (httpUrl('--url', url) ?? gateway).replace(/\/+$/, '');
}

export interface Question {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** URL. */
  readonly at: string;
  readonly body?: unknown;
}

/** Asks a running simulator. Throws a `StartError` when none is there or it gives another answer than `answers`. */
export async function askSimulator<Schema extends z.ZodType>(
  { method, at, body }: Question,
  answers: Schema,
): Promise<z.output<Schema>> {
  const nobody = `no local gateway with a simulator, nor one of its own, at ${at}: start one with "npm start" or "npm run smsc", or name its port with --port, its address with --url`;
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await fetch(at, init).catch((cause: unknown) => {
    throw new StartError(nobody, { cause });
  });
  try {
    return parseAs(answers, await response.json(), 'answer');
  } catch (cause) {
    const type = response.headers.get('content-type') ?? 'no content type';
    const what = `what answers at ${at} is no simulator: it answered ${response.status}, ${type}`;
    throw new StartError(what, { cause });
  }
}
