import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { type Bundle, bundle, functionNames, projectRoot } from '../../bench/lambda/bundles.ts';
import { functionBuild } from '../../infra/function-bundling.ts';
import { GatewayFunction } from '../../infra/gateway-function.ts';

/** Read by the CDK: its own validation loads for four seconds, and has nothing to say of a bundle. */
process.env.CDK_VALIDATION = 'false';

const usualLimit = 400_000;
/** Those that are larger, and why; docs/performance.md says what was taken out. */
const largerLimits: Readonly<Record<string, number>> = {
  // Numbering plans of all countries: 121 kB; the alphabets of all languages.
  'send-message': 560_000,
  'preview-message': 520_000,
  // Three clients of the SDK, the schema of every event, and every alphabet in which a handset may write.
  'track-events': 490_000,
  // The same without a queue to write to.
  'settle-due': 460_000,
};

/** Packages that a deployed function has no use for, and parts of packages that come in by an import of the wrong form. */
const unwanted =
  /^(bench|connector|infra|local|test)\/|\/(aws-cdk-lib|constructs|esbuild|smpp)\/|\/zod\/.*\/locales\/(?!en\.)/;

let directory: string;
const bundles = new Map<string, Bundle>();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bundles-'));
  for (const name of functionNames) bundles.set(name, await bundle(`lambdas/${name}.ts`, join(directory, name)));
}, 60_000);
afterAll(() => rm(directory, { recursive: true }));

function bundleOf(name: string): Bundle {
  const found = bundles.get(name);
  if (found === undefined) throw new Error(`no bundle of ${name}`);
  return found;
}

describe.each(functionNames)('the bundle of %s', (name) => {
  test('is within its limit', () => {
    expect(bundleOf(name).bytes).toBeLessThanOrEqual(largerLimits[name] ?? usualLimit);
  });

  test('has nothing in it that no function needs', () => {
    const inputs = Object.entries(bundleOf(name).contents.inputs);
    expect(
      inputs.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 && unwanted.test(path) ? path : [])),
    ).toEqual([]);
  });

  test('needs nothing but Node at its start', () => {
    const others = bundleOf(name).contents.imports.filter(({ path }) => !isBuiltin(path));
    expect(others.filter(({ kind }) => kind !== 'dynamic-import')).toEqual([]);
    expect(others.map(({ path }) => path).filter((path) => !functionBuild.external.includes(path))).toEqual([]);
  });
});

test.each(['connector/main.ts', 'node_modules/aws-cdk-lib/index.js', 'node_modules/zod/v4/locales/ar.js'])(
  '%s would be seen in a bundle',
  (path) => {
    expect(path).toMatch(unwanted);
  },
);

test('what is left out of the bundles would be in them otherwise', () => {
  const imported = bundleOf('track-events').contents.imports.map(({ path }) => path);
  expect(imported).toEqual(expect.arrayContaining(functionBuild.external));
});

test('the same sources in another place are the same bundle, byte by byte', async () => {
  const elsewhere = join(directory, 'somewhere', 'else');
  for (const part of ['contract', 'lambdas', 'package.json', 'tsconfig.json']) {
    await cp(join(projectRoot, part), join(elsewhere, part), { recursive: true });
  }
  await symlink(join(projectRoot, 'node_modules'), join(elsewhere, 'node_modules'));
  const there = await bundle('lambdas/track-events.ts', join(elsewhere, 'out'), { absWorkingDir: elsewhere });
  expect(await readFile(there.path, 'utf8')).toBe(await readFile(bundleOf('track-events').path, 'utf8'));
}, 60_000);

test('what is measured is what is deployed', async () => {
  const app = new App({ outdir: join(directory, 'cdk.out') });
  const common = { description: '', environment: {}, timeout: Duration.seconds(1), logRetention: 1 } as const;
  new GatewayFunction(new Stack(app, 'Stack'), 'Function', { entry: 'get-message', ...common });
  const made = await readdir(app.synth().directory, { withFileTypes: true });
  const [asset] = made.filter((entry) => entry.isDirectory() && entry.name.startsWith('asset.'));
  expect(await readdir(join(asset?.parentPath ?? '', asset?.name ?? ''))).toEqual(['index.js']);
  const deployed = await readFile(join(asset?.parentPath ?? '', asset?.name ?? '', 'index.js'), 'utf8');
  expect(deployed).toBe(await readFile(bundleOf('get-message').path, 'utf8'));
}, 60_000);
