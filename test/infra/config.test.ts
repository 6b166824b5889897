import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, readConfig } from '../../infra/config.ts';
import { configOf } from '../support/config-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'infra-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(content: string): string {
  const path = join(folder, 'gateway.config.json');
  writeFileSync(path, content);
  return path;
}

function errorOf(path: string): ConfigError {
  try {
    readConfig(path);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the config must be refused');
}

test('a config is read with its defaults', () => {
  expect(readConfig(fileWith(JSON.stringify(configOf())))).toMatchObject({ stackName: 'SmppGateway', egress: 'nat' });
});

test('a file that is not there is the user’s to mend, and is named', () => {
  const path = join(folder, 'missing.json');
  expect(errorOf(path)).toMatchObject({ code: 'invalid-config', message: expect.stringContaining(path) });
});

test('a folder in place of the file is the user’s to mend', () => {
  expect(errorOf(folder).code).toBe('invalid-config');
});

test('text that is no JSON is the user’s to mend', () => {
  expect(errorOf(fileWith('{"carriers": [')).code).toBe('invalid-config');
});

test.each([
  [1, { auth: 'none' }],
  [3, { auth: 'none', egress: 'carrier-pigeon', burst: 0 }],
])('%p faults are told in as many lines below the file’s name', (count, options) => {
  const path = fileWith(JSON.stringify(configOf(options)));
  const [first, ...faults] = errorOf(path).message.split('\n');
  expect(first).toContain(path);
  expect(faults).toHaveLength(count);
});
