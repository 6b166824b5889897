import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * The connector as one file with everything in it: what the container runs in AWS and `local/` on one
 * machine. CommonJS, because the AWS SDK requires Node's own modules. Not minified, which starts no faster.
 *
 *   node connector/bundle.ts OUTFILE
 *
 * makes what the container runs, without a source map: stack traces have all names as it is, and a map costs each start
 * a fifth more time and 18 MB.
 */
export async function bundleConnector(outfile: string, sourcemap: 'linked' | false = 'linked'): Promise<void> {
  await build({
    // The bundle names its parts by their path from here: the same source is the same file, wherever it is made.
    absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
    entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
    outfile: resolve(outfile),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    sourcemap,
    logLevel: 'warning',
  });
}

if (import.meta.main) {
  const outfile = process.argv[2];
  if (outfile === undefined) {
    console.error('usage: node connector/bundle.ts OUTFILE');
    process.exitCode = 1;
  } else {
    await bundleConnector(outfile, false);
  }
}
