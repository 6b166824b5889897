import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { functionBuild } from '../../infra/function-bundling.ts';

/** The project, in which `lambdas/` is. */
export const projectRoot = fileURLToPath(new URL('../..', import.meta.url));

/** Files in `lambdas/`, without their ending. */
export const functionNames = [
  'send-message',
  'preview-message',
  'get-message',
  'list-carriers',
  'list-inbound',
  'track-events',
  'settle-due',
  'keep-inbound',
] as const;
export type FunctionName = (typeof functionNames)[number];

export interface Bundle {
  readonly path: string;
  readonly bytes: number;
  /** The part of each file, and what is left to be imported. */
  readonly contents: Metafile['outputs'][string];
}

/** `entry`, from the root of the project, as the functions are deployed but for `changes`. */
export async function bundle(entry: string, directory: string, changes: BuildOptions = {}): Promise<Bundle> {
  const { absWorkingDir = projectRoot } = changes;
  const { metafile } = await build({
    ...functionBuild,
    entryPoints: { index: entry },
    outdir: directory,
    absWorkingDir,
    logLevel: 'error',
    ...changes,
    metafile: true,
  });
  const [path, contents] = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === entry) ?? [];
  if (path === undefined || contents === undefined) throw new Error(`esbuild made nothing of ${entry}`);
  return { path: resolve(absWorkingDir, path), bytes: contents.bytes, contents };
}
