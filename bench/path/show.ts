import { arch, cpus, platform } from 'node:os';
import { Releases } from '../../local/releases.ts';
import type { Aim, Row } from './report.ts';
import { type Stage, setStage } from './stage.ts';
import { aimLines, heading, rowLines } from './table.ts';

/** One situation, measured. */
export interface Part {
  readonly rows: readonly Row[];
  readonly aims: readonly Aim[];
}

export interface Bench {
  readonly rounds: number;
  readonly json: boolean;
  readonly parts: (stage: Stage) => AsyncIterable<Part>;
}

/** Sets the stage, runs the bench, and shows each part as soon as it is measured. */
export async function show({ rounds, json, parts }: Bench): Promise<void> {
  const print = (text: string) => {
    if (!json) process.stdout.write(`${text}\n`);
  };
  const at = new Date().toISOString();
  const machine = `${cpus().length} x ${cpus()[0]?.model} (${platform()} ${arch()}), Node ${process.version}`;
  const releases = new Releases();
  const rows: Row[] = [];
  const aims: Aim[] = [];
  try {
    const stage = await setStage(releases);
    print(`${at}, ${machine}, medians of ${rounds} rounds\n\n${heading}`);
    for await (const part of parts(stage)) {
      rows.push(...part.rows);
      aims.push(...part.aims);
      if (part.rows.length > 0) print(rowLines(part.rows));
    }
    print(aimLines(aims));
    if (json) process.stdout.write(`${JSON.stringify({ at, machine, rounds, rows, aims }, undefined, 2)}\n`);
  } finally {
    await releases.run();
  }
}
