import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { InvalidInputError, parseAs } from '#contract/parse.ts';
import type { Clock } from '../../../connector/clock.ts';
import { readBody } from '../../api/body.ts';
import type { Simulator } from '../simulator.ts';

/** A request on its way through a handler. */
export interface Asked {
  readonly simulator: Simulator;
  readonly clock: Clock;
  readonly request: IncomingMessage;
  /** What stands in the path's `{}`. */
  readonly parameter: string;
  /** Aborts when the client is gone, or has its answer. */
  readonly gone: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handle = (asked: Asked) => Promise<Answer> | Answer;

/** Of a handset or a short code, as it stands in a PDU: 64 characters at the most, and a "+". */
export const number = z.string().regex(/^[\x20-\x7e]{1,65}$/, 'must be 1 to 65 printable ASCII characters');

const maxBodyBytes = 400_000;

/** The client is told so by a status of its own. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
  readonly code = 'too-large';
}

/** The body's JSON. Throws an `InvalidInputError` for what is none, a `TooLargeError` before it is read. */
export async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, maxBodyBytes);
  if (body === 'too-large') throw new TooLargeError(`body: must have at most ${maxBodyBytes} octets`);
  if (!isUtf8(body)) throw new InvalidInputError('body', ['must be UTF-8']);
  try {
    return JSON.parse(body.toString());
  } catch (cause) {
    throw new InvalidInputError('body', ['not JSON'], { cause });
  }
}

/** The query as `schema` describes it. */
export function queryAs<Schema extends z.ZodType>(schema: Schema, request: IncomingMessage): z.output<Schema> {
  const query = new URLSearchParams(request.url?.split('?').slice(1).join('?'));
  return parseAs(schema, Object.fromEntries(query), 'query');
}

/** Aborts with `gone`, or after `ms`. To be cancelled when nobody needs it any more. */
export function deadline({ clock, gone }: Asked, ms: number): { readonly signal: AbortSignal; cancel(): void } {
  const over = new AbortController();
  const cancel = clock.after(ms, () => over.abort());
  return { signal: AbortSignal.any([gone, over.signal]), cancel };
}
