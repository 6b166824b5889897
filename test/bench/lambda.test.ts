import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure } from '../../bench/lambda/measure.ts';
import { report } from '../../bench/lambda/report.ts';
import { setStage } from '../../bench/lambda/stage.ts';
import { steps } from '../../bench/lambda/steps.ts';
import { deployed } from '../../bench/lambda/variants.ts';
import { Releases } from '../../local/releases.ts';

const releases = new Releases();
afterAll(() => releases.run());

test('every bundle, alone in a directory, gives the right answer to its first event', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'lambda-'));
  releases.push(() => rm(directory, { recursive: true }));
  const stage = await setStage(directory, 'plain-http', releases);
  const groups = await measure({ stage, directory, variants: [deployed], baselines: ['nothing'], runs: 1 });
  const lines = report(groups).split('\n');
  for (const { name } of steps) expect(lines).toContainEqual(expect.stringContaining(name));
}, 30_000);
