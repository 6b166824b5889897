import { InvalidInputError } from '#contract/parse.ts';
import { behaviourChange } from './simulator/http/http-play.ts';
import { behaviourOf, type Play, standard } from './simulator/play/scenarios.ts';
import { StartError } from './start-error.ts';

/** The options that say what the simulator plays, for `parseArgs`. */
export const playOptions = {
  scenario: { type: 'string', multiple: true, default: [] as string[] },
  set: { type: 'string', multiple: true, default: [] as string[] },
} as const;

export interface PlayArguments {
  /** Names, each also several with commas between them. */
  readonly scenario: readonly string[];
  /** `submits.perSecond.limit=50`: the value in JSON, or a string as it is. */
  readonly set: readonly string[];
}

/** Undefined when nothing was chosen. Throws a `StartError` for what cannot be played. */
export function readPlay({ scenario, set }: PlayArguments): Play | undefined {
  const scenarios = scenario.flatMap((names) => names.split(','));
  if (scenarios.length === 0 && set.length === 0) return undefined;
  const change = {};
  for (const assignment of set) assign(change, assignment);
  const play = { scenarios: scenarios.length === 0 ? [standard] : scenarios, change: behaviourChange.parse(change) };
  try {
    behaviourOf(play);
  } catch (cause) {
    throw cause instanceof InvalidInputError ? new StartError(cause.message, { cause }) : cause;
  }
  return play;
}

interface Played {
  readonly scenarios: readonly string[];
  readonly change: object;
}

/** `throttle, slow with {"binds":{"limit":2}}` */
export function playText({ scenarios, change }: Played): string {
  const names = scenarios.length === 0 ? standard : scenarios.join(', ');
  return Object.keys(change).length === 0 ? names : `${names} with ${JSON.stringify(change)}`;
}

function assign(change: object, assignment: string): void {
  const [, path, value] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
  if (path === undefined || value === undefined) {
    throw new StartError(`--set must be like submits.perSecond.limit=50, got ${JSON.stringify(assignment)}`);
  }
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let within: object = change;
  for (const key of keys) {
    const inner: unknown = Object.hasOwn(within, key) ? Reflect.get(within, key) : undefined;
    const group = typeof inner === 'object' && inner !== null ? inner : {};
    define(within, key, group);
    within = group;
  }
  define(within, last, jsonOr(value));
}

/** Also for the key `__proto__`, which is then one that there is not. */
function define(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
