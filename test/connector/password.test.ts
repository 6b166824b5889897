import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPassword } from '../../connector/password.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'password-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function readFromFile(content: string): Promise<string> {
  const file = join(folder, 'password');
  await writeFile(file, content);
  return await readPassword({ file }, {});
}

function readFromVariable(value: string): Promise<string> {
  return readPassword({ env: 'ACME_PASSWORD' }, { ACME_PASSWORD: value });
}

test('a password from the environment is taken as it is', async () => {
  await expect(readFromVariable(' s3cret ')).resolves.toBe(' s3cret ');
});

test('one line break at the end of a file is not part of the password', async () => {
  await expect(readFromFile('s3cret\n')).resolves.toBe('s3cret');
  await expect(readFromFile('s3cret\r\n')).resolves.toBe('s3cret');
  await expect(readFromFile(' s3cret ')).resolves.toBe(' s3cret ');
});

test('a variable that is not set is named', async () => {
  await expect(readPassword({ env: 'ACME_PASSWORD' }, { OTHER: 's3cret' })).rejects.toThrow('ACME_PASSWORD');
});

test('a file that is not there is named', async () => {
  await expect(readPassword({ file: join(folder, 'none') }, {})).rejects.toThrow(join(folder, 'none'));
});

test('a password longer than the 8 octets of SMPP 3.4 is taken, up to the 64 that the codec writes (quirk 44)', async () => {
  await expect(readFromVariable('x'.repeat(64))).resolves.toHaveLength(64);
  await expect(readFromVariable('x'.repeat(65))).rejects.toThrow(
    'ACME_PASSWORD must have at most 64 characters, has 65',
  );
});

test('an empty password is told', async () => {
  await expect(readFromVariable('')).rejects.toThrow('ACME_PASSWORD is empty');
  await expect(readFromFile('\n')).rejects.toThrow(/password is empty$/);
});

test.each([
  ['NUL', 's3c\0ret'],
  ['no ASCII', 's3cürt'],
  ['a line break', 's3c\nret'],
])('a password with %s is refused by its position, and not repeated', async (_, password) => {
  const error = await readFromVariable(password).catch((cause: unknown) => cause);
  expect(String(error)).toMatch(/ACME_PASSWORD must be printable ASCII, has another character at position 4$/);
});
