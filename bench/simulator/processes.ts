import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Releases } from '../../local/releases.ts';
import { Child } from '../path/child.ts';
import type { SmscAnswers } from './simulator-process.ts';

/** The simulator, and beside it an SMSC of octets by hand of which nothing is wanted but speed. */
export const contenderNames = ['simulator', 'by hand'] as const;
export type ContenderName = (typeof contenderNames)[number];

export interface Smsc {
  readonly port: number;
  readonly process: Child<SmscAnswers>;
}

const files = { simulator: 'simulator-process.ts', 'by hand': 'by-hand-process.ts' } as const;

/** A process of its own; ends with the releases. */
export async function startSmsc(name: ContenderName, releases: Releases): Promise<Smsc> {
  const file = fileURLToPath(new URL(files[name], import.meta.url));
  const process = new Child<SmscAnswers>(fork(file, { execArgv: ['--expose-gc'], serialization: 'advanced' }), name);
  releases.push(() => process.end());
  return { port: await process.ask('port'), process };
}
