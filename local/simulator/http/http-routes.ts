import { z } from 'zod';
import { InvalidInputError, parseAs } from '#contract/parse.ts';
import { endBy } from '../play/behaviour.ts';
import { handsetStates } from '../play/endings.ts';
import { standardPlay } from '../play/scenarios.ts';
import { listMessages, sendMo } from './http-messages.ts';
import { listScenarios, readPlay, viewOfStage } from './http-play.ts';
import { type Answer, type Asked, type Handle, jsonBody, number } from './http-request.ts';

type Methods = ReadonlyMap<string, Handle>;

/** What there is, and by which methods; the last part of a path may stand for any. */
const routes: ReadonlyMap<string, Methods> = new Map([
  ['/v1/messages', methods({ GET: listMessages })],
  ['/v1/mo', methods({ POST: sendMo })],
  ['/v1/stats', methods({ GET: stats })],
  ['/v1/stop', methods({ POST: stop })],
  ['/v1/start', methods({ POST: start })],
  ['/v1/reset', methods({ POST: reset })],
  ['/v1/scenarios', methods({ GET: () => ({ status: 200, body: listScenarios() }) })],
  ['/v1/scenario', methods({ GET: showScenario, PUT: play, DELETE: playStandard })],
  ['/v1/sessions/end', methods({ POST: endSessions })],
  ['/v1/handsets/{}', methods({ GET: showHandset, PUT: setHandset })],
]);

export interface Route {
  readonly methods: Methods;
  /** What stands in the path's `{}`. */
  readonly parameter: string;
}

/** Throws an `InvalidInputError` for a path that is not well encoded. */
export function routeOf(path: string): Route | undefined {
  const whole = routes.get(path);
  if (whole !== undefined) return { methods: whole, parameter: '' };
  const parameterAt = path.lastIndexOf('/') + 1;
  const methods = routes.get(`${path.slice(0, parameterAt)}{}`);
  return methods && { methods, parameter: decoded(path.slice(parameterAt)) };
}

function methods(handlers: Readonly<Record<string, Handle>>): Methods {
  return new Map(Object.entries(handlers));
}

function decoded(parameter: string): string {
  try {
    return decodeURIComponent(parameter);
  } catch (cause) {
    throw new InvalidInputError('path', ['must be percent-encoded UTF-8'], { cause });
  }
}

function stats({ simulator }: Asked): Answer {
  return { status: 200, body: simulator.stats() };
}

async function stop(asked: Asked): Promise<Answer> {
  await asked.simulator.stop();
  return stats(asked);
}

async function start(asked: Asked): Promise<Answer> {
  await asked.simulator.start();
  return stats(asked);
}

function reset(asked: Asked): Answer {
  asked.simulator.reset();
  return stats(asked);
}

function showScenario({ simulator }: Asked): Answer {
  return { status: 200, body: viewOfStage(simulator.stage) };
}

async function play(asked: Asked): Promise<Answer> {
  asked.simulator.stage.play(readPlay(await jsonBody(asked.request)));
  return showScenario(asked);
}

function playStandard(asked: Asked): Answer {
  asked.simulator.stage.play(standardPlay);
  return showScenario(asked);
}

const ending = z.strictObject({
  by: endBy,
  session: z.int().min(1).optional(),
});

async function endSessions({ simulator, request }: Asked): Promise<Answer> {
  const { by, session } = parseAs(ending, await jsonBody(request), 'body');
  const open = simulator.smsc.sessions;
  const chosen = open.filter((each) => session === undefined || each.number === session);
  if (session !== undefined && chosen.length === 0) {
    const numbers = open.map((each) => each.number).join(', ') || 'none';
    return { status: 404, body: { error: `session must be one that is open (${numbers}), got ${session}` } };
  }
  for (const each of chosen) each.end(by);
  return { status: 200, body: { ended: chosen.length } };
}

function showHandset({ simulator, parameter }: Asked): Answer {
  return { status: 200, body: simulator.handsets.view(parseAs(number, parameter, 'number')) };
}

const handsetChange = z.strictObject({
  state: z.enum(handsetStates).optional(),
  answer: z.string().max(1_000).nullable().optional(),
});

async function setHandset({ simulator, request, parameter }: Asked): Promise<Answer> {
  const handset = parseAs(number, parameter, 'number');
  const { state, answer } = parseAs(handsetChange, await jsonBody(request), 'body');
  const change = { ...(state !== undefined && { state }), ...(answer !== undefined && { answer }) };
  return { status: 200, body: simulator.handsets.set(handset, change) };
}
