import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    "the environment variable ACME must be set to the receiver's password",
  );
});

test('a file that is not there is named', async () => {
  const file = join(folder, 'none');
  await expect(readLocalSecret({ file }, password, {})).rejects.toThrow(file);
});

test('what cannot be used is told with where it is and what it is for, and not repeated', async () => {
  await expect(readFromVariable('', password)).rejects.toThrow('the password in ACME is empty');
  await expect(readFromVariable('hunter\0', receiverPassword)).rejects.toThrow(
    /^the receiver's password in ACME must be printable ASCII, has another character at position 7$/,
  );
  await expect(readFromFile('hunter2', clientCertificate)).rejects.toThrow(
    /^the client certificate in \S+secret must have a line "-----BEGIN CERTIFICATE-----", has none$/,
  );
});
