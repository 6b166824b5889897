import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { InvalidInputError, parseAs, parseJsonAs } from '#contract/parse.ts';
import { readBody } from '../api/body.ts';
import { statusName } from './command-status.ts';
import type { Simulator } from './simulator.ts';

/**
 * How tests and `npm run handset` reach the simulator:
 *
 *   GET  /v1/messages?to=&after=&wait=  what handsets got after message number `after`; waits up to `wait` ms for one
 *   POST /v1/mo {from, to, text}        a handset sends; answers with the connector's answers
 *   GET  /v1/stats
 *   POST /v1/stop, POST /v1/start       the SMSC goes down, and comes back on the same port
 */

const maxBodyBytes = 100_000;
/** For how long a message may wait for a connector before the handset is told that it is on its way. */
const patienceMs = 10_000;

const number = z.string().min(1).max(20);
const mo = z.strictObject({ from: number, to: number, text: z.string().max(10_000) });
const listing = z.object({
  to: z.string().optional(),
  after: z.coerce.number().int().min(0).default(0),
  wait: z.coerce.number().int().min(0).max(30_000).default(0),
});

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** `path` is the request's, without what the simulator is mounted under and without its query. */
export async function serveSimulator(
  simulator: Simulator,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  let answer: Answer;
  try {
    answer = await answerOf(simulator, request, path, gone.signal);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    answer = { status: 400, body: { error: error.message } };
  }
  response.writeHead(answer.status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer.body));
}

async function answerOf(
  simulator: Simulator,
  request: IncomingMessage,
  path: string,
  gone: AbortSignal,
): Promise<Answer> {
  const { smsc } = simulator;
  switch (`${request.method} ${path}`) {
    case 'GET /v1/messages':
      return listMessages(simulator, request, gone);
    case 'POST /v1/mo':
      return sendMo(simulator, request);
    case 'GET /v1/stats':
      return { status: 200, body: smsc.stats() };
    case 'POST /v1/stop':
      await smsc.stop();
      return { status: 200, body: smsc.stats() };
    case 'POST /v1/start':
      await smsc.start();
      return { status: 200, body: smsc.stats() };
    default:
      return { status: 404, body: { error: `the simulator has no ${request.method} ${path}` } };
  }
}

async function listMessages(simulator: Simulator, request: IncomingMessage, gone: AbortSignal): Promise<Answer> {
  const query = new URLSearchParams(request.url?.split('?')[1]);
  const { to, after, wait } = parseAs(listing, Object.fromEntries(query), 'query');
  // A "+" that the client left bare in the query has become a space.
  const recipient = to?.replace(/^ /, '+');
  const stop = AbortSignal.any([gone, AbortSignal.timeout(wait)]);
  return { status: 200, body: { messages: await simulator.handsets.awaitMessages(recipient, after, stop) } };
}

async function sendMo(simulator: Simulator, request: IncomingMessage): Promise<Answer> {
  const body = await readBody(request, maxBodyBytes);
  if (body === 'too-large') return { status: 413, body: { error: `at most ${maxBodyBytes} octets` } };
  const { from, to, text } = parseJsonAs(mo, body.toString(), 'body');
  const statuses = await Promise.race([simulator.sendMo(from, to, text), aborted(AbortSignal.timeout(patienceMs))]);
  if (statuses === undefined) return { status: 202, body: { waiting: 'no connector has answered yet' } };
  return {
    status: 200,
    body: { statuses: statuses.map((status) => (status === undefined ? 'lost' : statusName(status))) },
  };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
}
