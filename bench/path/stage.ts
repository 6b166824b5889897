import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientOptions } from '../../local/aws.ts';
import type { Releases } from '../../local/releases.ts';
import { createResources, type Resources } from '../../local/resources.ts';
import { type Child, forkHere } from './child.ts';
import type { DistanceAnswers } from './distance-process.ts';
import type { EmulatorsAnswers } from './emulators-process.ts';
import { LaneQueue } from './lane-queue.ts';
import { carrier } from './messages.ts';
import type { SmscAnswers } from './smsc-process.ts';

const bundleScript = fileURLToPath(new URL('../../connector/bundle.ts', import.meta.url));

/** What stands around whoever is measured: each a process of its own, so that its CPU is not counted with theirs. */
export interface Stage {
  readonly emulators: Child<EmulatorsAnswers>;
  readonly smsc: Child<SmscAnswers>;
  readonly distance: Child<DistanceAnswers>;
  readonly endpoint: string;
  readonly smscPort: number;
  readonly resources: Resources;
  readonly lane: LaneQueue;
  /** Path of the connector, as the container runs it. */
  readonly bundle: string;
}

export async function setStage(releases: Releases): Promise<Stage> {
  const start = <Process extends { end(): Promise<void> }>(child: Process): Process => {
    releases.push(() => child.end());
    return child;
  };
  const emulators = start(forkHere<EmulatorsAnswers>('emulators-process.ts'));
  const smsc = start(forkHere<SmscAnswers>('smsc-process.ts'));
  const distance = start(forkHere<DistanceAnswers>('distance-process.ts'));
  const directory = await mkdtemp(join(tmpdir(), 'bench-'));
  releases.push(() => rm(directory, { recursive: true }));
  const bundle = join(directory, 'connector.cjs');
  await promisify(execFile)(process.execPath, [bundleScript, bundle]);
  const endpoint = await emulators.ask('endpoint');
  const sqs = new SQSClient({ ...clientOptions(endpoint), useQueueUrlAsEndpoint: false });
  releases.push(() => sqs.destroy());
  const resources = await createResources(endpoint, sqs, [carrier]);
  const laneUrl = resources.ofCarriers.get(carrier)?.normal ?? '';
  const smscPort = await smsc.ask('port');
  return { emulators, smsc, distance, endpoint, smscPort, resources, lane: new LaneQueue(sqs, laneUrl), bundle };
}

/** Forgets what a run has left behind, so that the next one finds the emulators as the first did. */
export async function sweep({ lane, resources }: Stage): Promise<void> {
  await lane.purge([resources.eventsQueueUrl, resources.terminalQueueUrl]);
}
