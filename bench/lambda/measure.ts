import { join } from 'node:path';
import { type Bundle, bundle } from './bundles.ts';
import type { ColdStart } from './cold-start.ts';
import { runCold } from './run-cold.ts';
import type { Stage } from './stage.ts';
import { idIn, type Step, steps } from './steps.ts';
import type { Variant } from './variants.ts';

export interface MeasureOptions {
  readonly stage: Stage;
  /** For the bundles; nothing in it or above can be required. */
  readonly directory: string;
  readonly variants: readonly Variant[];
  /** Files in `baseline/`, without their ending. */
  readonly baselines: readonly string[];
  readonly runs: number;
}

export interface Measured {
  /** Of the baseline or of the step. */
  readonly name: string;
  readonly bundle: Bundle;
  readonly coldStarts: readonly ColdStart[];
}

/** Of one variant, or the baselines. */
export interface Group {
  readonly name: string;
  readonly measured: readonly Measured[];
}

interface Subject extends Measured {
  readonly step: Step;
  readonly variant: Variant;
  readonly coldStarts: ColdStart[];
}

/**
 * Runs everything once in turn, and so `runs` times: whatever else the machine does meets all alike. One round before
 * warms the emulator and does not count. Throws when an answer is not as it should be.
 */
export async function measure({ stage, directory, variants, baselines, runs }: MeasureOptions): Promise<Group[]> {
  const coldStart = await bundle('bench/lambda/cold-start.ts', join(directory, 'cold-start'));
  const groups = [await baselineGroup(baselines, directory)];
  for (const variant of variants) groups.push(await variantGroup(variant, directory));
  for (let run = 0; run <= runs; run += 1) {
    for (const { subjects } of groups) await runInTurn(subjects, { stage, script: coldStart.path, counts: run > 0 });
  }
  return groups.map(({ name, subjects }) => ({ name, measured: subjects }));
}

interface SubjectGroup {
  readonly name: string;
  readonly subjects: readonly Subject[];
}

async function baselineGroup(names: readonly string[], directory: string): Promise<SubjectGroup> {
  const made = names.map(async (name): Promise<Subject> => {
    const built = await bundle(`bench/lambda/baseline/${name}.ts`, join(directory, name));
    const step = { name, functionName: 'baseline', event: () => null, isRight: () => true };
    return { name, bundle: built, coldStarts: [], step, variant: { name: 'baselines' } };
  });
  return { name: 'baselines', subjects: await Promise.all(made) };
}

async function variantGroup(variant: Variant, directory: string): Promise<SubjectGroup> {
  const bundles = new Map<string, Promise<Bundle>>();
  const made = steps.map(async (step): Promise<Subject> => {
    const { functionName } = step;
    const own = join(directory, variant.name, functionName);
    const building = bundles.get(functionName) ?? bundle(`lambdas/${functionName}.ts`, own, variant.build);
    bundles.set(functionName, building);
    return { name: step.name, bundle: await building, coldStarts: [], step, variant };
  });
  return { name: variant.name, subjects: await Promise.all(made) };
}

interface Round {
  readonly stage: Stage;
  readonly script: string;
  readonly counts: boolean;
}

async function runInTurn(subjects: readonly Subject[], { stage, script, counts }: Round): Promise<void> {
  let id = '';
  for (const { step, bundle: built, variant, coldStarts } of subjects) {
    const { functionName } = step;
    const order = { functionName, bundle: built.path, event: step.event(id) };
    const env = { ...stage.env(functionName), ...variant.env };
    const coldStart = await runCold(script, order, { env, nodeFlags: variant.nodeFlags ?? [] });
    if (!step.isRight(coldStart.answer)) {
      throw new Error(`${step.name}, ${variant.name}: a wrong answer, ${JSON.stringify(coldStart.answer)}`);
    }
    id ||= idIn(coldStart.answer);
    if (counts) coldStarts.push(coldStart);
  }
}
