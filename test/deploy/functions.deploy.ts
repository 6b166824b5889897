import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DeployedFunction } from './support/deployed-function.ts';
import { deployment } from './support/deployment.ts';

/** How the other tests run functions: as strictly as Lambda. */

const started: DeployedFunction[] = [];

afterEach(async () => {
  for (const each of started.splice(0)) await each.stop();
});

async function functionOf(handler: string): Promise<DeployedFunction> {
  const directory = await mkdtemp(join(deployment().directory, 'function-'));
  await writeFile(join(directory, 'index.js'), `exports.handler = ${handler};`);
  const settings = { name: 'sample', arn: 'arn:sample', handler: 'index.handler', timeoutSeconds: 1, memoryMiB: 128 };
  const made = new DeployedFunction({ ...settings, environment: { OWN: 'value' } }, directory);
  started.push(made);
  return made;
}

test('a function has its own environment, and nothing of this machine’s', async () => {
  const variables = await functionOf('async () => process.env');
  const { OWN, PATH, HOME, AWS_ENDPOINT_URL } = (await variables.invoke({})) as NodeJS.ProcessEnv;
  expect({ OWN, PATH, HOME, AWS_ENDPOINT_URL }).toEqual({ OWN: 'value', AWS_ENDPOINT_URL: deployment().awsEndpoint });
});

test('a function is kept for the next event, until it outlives its timeout', async () => {
  const counting = await functionOf(
    'async (event) => { globalThis.calls = (globalThis.calls ?? 0) + 1; return event.hang ? new Promise(() => {}) : globalThis.calls; }',
  );
  await expect(counting.invoke({})).resolves.toBe(1);
  await expect(counting.invoke({})).resolves.toBe(2);
  await expect(counting.invoke({ hang: true })).rejects.toThrow('Task timed out after 1.00 seconds');
  await expect(counting.invoke({})).resolves.toBe(1);
});

test.each([
  ['throws', '() => { throw new TypeError("no such thing"); }', 'TypeError: no such thing'],
  ['ends its process', 'async () => process.exit(3)', 'exit code 3'],
])('a call of a function that %s fails', async (_, handler, message) => {
  await expect((await functionOf(handler)).invoke({})).rejects.toThrow(message);
});
