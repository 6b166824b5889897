import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * The connector as one file with everything in it: what the container runs in AWS and `local/` on one
 * machine. CommonJS, because the AWS SDK requires Node's own modules.
 *
 *   node connector/bundle.ts OUTFILE
 */
export async function bundleConnector(outfile: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    sourcemap: 'linked',
    logLevel: 'warning',
  });
}

if (import.meta.main) {
  const outfile = process.argv[2];
  if (outfile === undefined) {
    console.error('usage: node connector/bundle.ts OUTFILE');
    process.exitCode = 1;
  } else {
    await bundleConnector(outfile);
  }
}
