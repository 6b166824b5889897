import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseGatewayConfig } from '#contract/gateway-config.ts';
import { releaseAfterTest } from '../../support/release-after-test.ts';

/** What docs/simulator.md tells users to write does what it says, where they would write it. */

const root = join(__dirname, '../../..');

/** The block of `language` that has `part` in it. */
async function blockOf(language: string, part: string): Promise<string> {
  const page = await readFile(join(root, 'docs/simulator.md'), 'utf8');
  const blocks = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
  const found = blocks.find(([, word, code = '']) => word === language && code.includes(part));
  if (found?.[2] === undefined) throw new Error(`docs/simulator.md has no ${language} with ${part}`);
  return found[2];
}

/** A project of somebody else's, with the packages that it needs. */
async function newProject(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'docs-example-'));
  releaseAfterTest(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'package.json'), '{"name": "shop", "private": true}');
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** Runs its tests as `npx jest` with `args` does there; resolves with jest's report, and what it printed. */
function runJest(
  folder: string,
  args: readonly string[],
): Promise<{ readonly report: Report; readonly printed: string }> {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  // As a user's shell has it, who is in no test of ours.
  const { JEST_WORKER_ID: _, NODE_OPTIONS: __, ...env } = process.env;
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [jest, '--json', '--ci', ...args],
      { cwd: folder, env: { ...env, SMPP_GATEWAY: root }, timeout: 45_000 },
      (error, stdout, printed) => {
        if (stdout === '') reject(error ?? new Error(printed));
        else resolve({ report: JSON.parse(stdout), printed });
      },
    );
  });
}

test.each([
  ['in its order', []],
  ['in another order', ['--randomize', '--seed', '3']],
  ['in a third order', ['--randomize', '--seed', '4']],
])(
  'the test file for users passes in a project of theirs, %s',
  async (_, args) => {
    const example = await blockOf('js', 'test(');
    const folder = await newProject();
    await writeFile(join(folder, 'sms.test.js'), example);
    const { report, printed } = await runJest(folder, args);
    expect({ ...report, printed }).toMatchObject({
      numPassedTests: example.match(/^test\(/gm)?.length,
      numFailedTests: 0,
      numRuntimeErrorTestSuites: 0,
      // Jest complains here when something keeps it from ending.
      printed: expect.not.stringMatching(/did not exit|open handle/i),
    });
  },
  60_000,
);

test('the config that points a gateway at the simulator is one', async () => {
  expect(parseGatewayConfig(await blockOf('json', '"carriers"')).carriers).toMatchObject([
    { hosts: [{ host: '127.0.0.1', port: 2775 }], systemId: 'test', defaultSender: '12345' },
  ]);
});
