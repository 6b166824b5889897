import { mkdtemp, rm } from 'node:fs/promises';
import { arch, cpus, platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Releases } from '../local/releases.ts';
import { measure } from './lambda/measure.ts';
import { report } from './lambda/report.ts';
import { setStage } from './lambda/stage.ts';
import { deployed, others } from './lambda/variants.ts';
import { numberOf, readOptions } from './options.ts';

/**
 * `npm run bench -- lambda [--runs N] [--variants]`: how long each function takes from a cold start to its first answer,
 * in fresh processes against the emulators, by TLS. The figures of `docs/performance.md` are from here.
 */
export async function run(args: readonly string[]): Promise<void> {
  const options = { runs: { type: 'string', default: '15' }, variants: { type: 'boolean', default: false } } as const;
  const { values } = readOptions({ args: [...args], options });
  const runs = numberOf('--runs', values.runs, { min: 1, max: 1_000 });
  const releases = new Releases();
  try {
    const directory = await mkdtemp(join(tmpdir(), 'bench-lambda-'));
    releases.push(() => rm(directory, { recursive: true }));
    const stage = await setStage(directory, 'tls', releases);
    const variants = values.variants ? [deployed, ...others] : [deployed];
    const groups = await measure({ stage, directory, variants, baselines: ['nothing', 'bare-call'], runs });
    const machine = `${cpus().length} x ${cpus()[0]?.model} (${platform()} ${arch()}), Node ${process.version}`;
    process.stdout.write(`${new Date().toISOString()}, ${machine}, ${runs} runs; ms\n\n${report(groups)}`);
  } finally {
    await releases.run();
  }
}
