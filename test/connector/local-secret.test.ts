import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { inspect } from 'node:util';
import { readLocalSecret } from '../../connector/local-secret.ts';
import { secretKinds } from '../../connector/secret-kinds.ts';

const { password, receiverPassword, clientCertificate } = secretKinds;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secret-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function readFromFile(content: string, kind = password): Promise<string> {
  const file = join(folder, 'secret');
  await writeFile(file, content);
  return await readLocalSecret({ file }, kind, {});
}

function readFromVariable(value: string, kind = password): Promise<string> {
  return readLocalSecret({ env: 'ACME' }, kind, { ACME: value });
}

test('a secret from the environment is taken as it is', async () => {
  await expect(readFromVariable(' s3cret ')).resolves.toBe(' s3cret ');
});

test('one line break at the end of a file is not part of the secret', async () => {
  await expect(readFromFile('s3cret\n')).resolves.toBe('s3cret');
  await expect(readFromFile('s3cret\r\n')).resolves.toBe('s3cret');
  await expect(readFromFile(' s3cret ')).resolves.toBe(' s3cret ');
});

test('a variable that is not set is named, with what it is for', async () => {
  await expect(readLocalSecret({ env: 'ACME' }, receiverPassword, { OTHER: 's3cret' })).rejects.toThrow(
    "the environment variable ACME (receiver.password) must be set to the receiver's password",
  );
});

test.each([
  ['a file that is not there', 'none', 'does not exist'],
  ['a folder in place of a file', '.', 'is a folder'],
  ['a file in what is no folder', 'file/none', 'does not exist'],
])('%s is named, with the option that names it', async (_, name, words) => {
  await writeFile(join(folder, 'file'), '');
  const file = join(folder, name);
  await expect(readLocalSecret({ file }, clientCertificate, {})).rejects.toThrow(
    new RegExp(`^the file ${file} \\(tls\\.clientCertificate\\) ${words}$`),
  );
});

test('a relative path is named as a whole, for it begins where the gateway was started', async () => {
  const file = 'is-not-there.pem';
  await expect(readLocalSecret({ file }, clientCertificate, {})).rejects.toThrow(
    `the file ${resolve(file)} (tls.clientCertificate) does not exist`,
  );
});

test.each([
  [{ env: 's3cret' }, 'the environment variable that "password" names must be set to the password'],
  [{ file: 's3cret' }, 'the file that "password" names does not exist'],
  [{ file: 's3cret'.repeat(60) }, 'the file that "password" names cannot be read: ENAMETOOLONG'],
])('what may be the secret itself is not repeated, nor kept as a cause: %#', async (source, words) => {
  const error: unknown = await readLocalSecret(source, password, {}).catch((thrown: unknown) => thrown);
  expect(inspect(error)).toContain(words);
  expect(inspect(error)).not.toContain('s3cret');
});

test('what cannot be used is told with where it is and what it is for, and not repeated', async () => {
  await expect(readFromVariable('', password)).rejects.toThrow(
    'the password in the environment variable ACME (password) is empty',
  );
  await expect(readFromVariable('hunter\0', receiverPassword)).rejects.toThrow(
    /^the receiver's password in the environment variable ACME \(receiver\.password\) must be printable ASCII, has another character at position 7$/,
  );
  await expect(readFromFile('hunter2', clientCertificate)).rejects.toThrow(
    /^the client certificate in the file \S+secret \(tls\.clientCertificate\) must have "-----BEGIN CERTIFICATE-----" in a line of its own, has none$/,
  );
});
