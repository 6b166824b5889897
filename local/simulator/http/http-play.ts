import { z } from 'zod';
import { parseAs } from '#contract/parse.ts';
import type { BehaviourChange } from '../play/behaviour.ts';
import { type Play, scenarios, standard } from '../play/scenarios.ts';
import type { Stage } from '../play/stage.ts';

/** What is in it is looked at when it is played. */
export const behaviourChange = z.custom<BehaviourChange>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
);

const name = z.string().max(100);
const playBody = z.strictObject({
  scenarios: z.union([z.array(name).max(100), name.transform((only) => [only])]).default([standard]),
  change: behaviourChange.default({}),
});

/** The body of `PUT /v1/scenario`. */
export function readPlay(body: unknown): Play {
  return parseAs(playBody, body, 'body');
}

export function viewOfStage({ playing, behaviour }: Stage): Play & { readonly behaviour: unknown } {
  return { ...playing, behaviour };
}

/** Every scenario with what it says, by its name. */
export function listScenarios(): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(scenarios).map(([name, { says }]) => [name, says]));
}
