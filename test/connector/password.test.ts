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

test('a password from the environment is taken as it is', async () => {
  await expect(readPassword({ env: 'ACME_PASSWORD' }, { ACME_PASSWORD: ' s3cret\n' })).resolves.toBe(' s3cret\n');
});

test('one line break at the end of a file is not part of the password', async () => {
  await expect(readFromFile('s3cret\n')).resolves.toBe('s3cret');
  await expect(readFromFile('s3cret\r\n')).resolves.toBe('s3cret');
  await expect(readFromFile(' s3\ncret \n\n')).resolves.toBe(' s3\ncret \n');
  await expect(readFromFile('s3cret')).resolves.toBe('s3cret');
});

test('a variable that is not set is named', async () => {
  await expect(readPassword({ env: 'ACME_PASSWORD' }, { OTHER: 's3cret' })).rejects.toThrow('ACME_PASSWORD');
});

test('a file that is not there is named', async () => {
  await expect(readPassword({ file: join(folder, 'none') }, {})).rejects.toThrow(join(folder, 'none'));
});
