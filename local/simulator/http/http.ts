import type { IncomingMessage, ServerResponse } from 'node:http';
import { InvalidInputError } from '#contract/parse.ts';
import { toError } from '#contract/to-error.ts';
import type { Clock } from '../../../connector/clock.ts';
import { StartError } from '../../start-error.ts';
import type { Simulator } from '../simulator.ts';
import { type Answer, TooLargeError } from './http-request.ts';
import { routeOf } from './http-routes.ts';

export interface SimulatorHttp {
  readonly simulator: Simulator;
  readonly clock: Clock;
  /** A request failed for no fault of the client's, who gets a 500. */
  readonly onError: (error: Error) => void;
}

const maxErrorLength = 2_000;

/** `path` is the request's, without what the simulator is mounted under and without its query. */
type ServePath = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>;

/** How tests, `npm run handset` and `npm run scenario` reach the simulator: the API in `docs/simulator.md`. */
export function serveSimulator(http: SimulatorHttp): ServePath {
  return async (request, response, path) => {
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      write(response, await answerOf(http, request, { path, gone: gone.signal }));
    } catch (cause) {
      // Who breaks off in the middle of its request gets no answer.
      if (cause === request.errored) return;
      write(response, answerToError(toError(cause), http.onError));
    }
  };
}

interface Path {
  readonly path: string;
  readonly gone: AbortSignal;
}

async function answerOf(http: SimulatorHttp, request: IncomingMessage, { path, gone }: Path): Promise<Answer> {
  const { method = '' } = request;
  const route = routeOf(path);
  if (route === undefined) return { status: 404, body: { error: `the simulator has no ${path}` } };
  const { methods, parameter } = route;
  const handle = methods.get(method);
  if (handle === undefined) {
    const allowed = [...methods.keys()].join(', ');
    return {
      status: 405,
      body: { error: `${path} must be asked by ${allowed}, got ${method}` },
      headers: { allow: allowed },
    };
  }
  return handle({ ...http, request, parameter, gone });
}

function answerToError(error: Error, onError: (error: Error) => void): Answer {
  if (error instanceof InvalidInputError) return { status: 400, body: { error: beginningOf(error.message) } };
  if (error instanceof TooLargeError) return { status: 413, body: { error: error.message } };
  // The port of an SMSC that was stopped may have been taken.
  if (error instanceof StartError) return { status: 409, body: { error: error.message } };
  onError(error);
  return { status: 500, body: { error: 'the simulator failed; its log has more' } };
}

/** Where all is wrong, each thing that is told makes the answer longer than the request. */
function beginningOf(message: string): string {
  return message.length <= maxErrorLength ? message : `${message.slice(0, maxErrorLength)}…`;
}

function write(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(text);
}
