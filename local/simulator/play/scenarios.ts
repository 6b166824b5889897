import { InvalidInputError, parseAs } from '#contract/parse.ts';
import { type Behaviour, type BehaviourChange, behaviourSchema } from './behaviour.ts';
import { faultScenarios } from './faults.ts';
import { quirkScenarios } from './quirks.ts';
import type { Scenario, Scenarios } from './scenario.ts';

/** What the SMSC does when no scenario is chosen. */
export const standard = 'standard';

/** Every scenario by its name, in the order of a list for people. */
export const scenarios: Scenarios = {
  [standard]: { says: 'what a friendly SMSC does', change: {} },
  ...faultScenarios,
  ...quirkScenarios,
};

/** What is played: scenarios, later ones over earlier ones, and over all of them a change of one's own. */
export interface Play {
  readonly scenarios: readonly string[];
  readonly change: BehaviourChange;
}

/** What is played while nobody has chosen anything. */
export const standardPlay: Play = { scenarios: [standard], change: {} };

/** Throws an `InvalidInputError` that names what is unknown or wrong, and what is allowed. */
export function behaviourOf({ scenarios: names, change }: Play): Behaviour {
  const changes = [...names.map((name) => scenarioNamed(name).change), change];
  return parseAs(behaviourSchema, changes.reduce(merge, {}), 'behaviour');
}

function scenarioNamed(name: string): Scenario {
  const scenario = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
  if (scenario !== undefined) return scenario;
  throw new InvalidInputError('scenario', [
    `must be one of those that "npm run smsc -- --list" shows, got ${JSON.stringify(name)}`,
  ]);
}

function merge(base: unknown, change: unknown): unknown {
  if (!isObject(base) || !isObject(change)) return change;
  // Without a prototype "__proto__" is a key like any other, and the schema refuses it.
  const merged: Record<string, unknown> = Object.assign(Object.create(null), base);
  for (const [key, value] of Object.entries(change)) merged[key] = merge(merged[key], value);
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
