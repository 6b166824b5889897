import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { projectRoot } from './bundles.ts';

/** A way to build the functions, and to run them. */
export interface Variant {
  readonly name: string;
  /** Where it differs from what is deployed. */
  readonly build?: BuildOptions;
  readonly nodeFlags?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

export const deployed: Variant = { name: 'as deployed' };

const requireInEsModule =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** The ways that were not taken, to be measured again when packages or Node have changed. */
export const others: readonly Variant[] = [
  { name: 'commonjs packages', build: { mainFields: ['main'], external: [] } },
  { name: 'all of the SDK', build: { external: [] } },
  {
    name: 'without the SDK',
    build: { external: ['@aws-sdk/*', '@smithy/*'] },
    // Lambda has one of its own: of another version, in as many files.
    env: { NODE_PATH: join(projectRoot, 'node_modules') },
  },
  { name: 'ES module', build: { format: 'esm', outExtension: { '.js': '.mjs' }, banner: { js: requireInEsModule } } },
  { name: 'names lost', build: { keepNames: false } },
  { name: 'not minified', build: { minify: false, keepNames: false } },
  {
    name: 'source map',
    build: { sourcemap: 'linked', keepNames: false },
    nodeFlags: ['--enable-source-maps'],
  },
];
