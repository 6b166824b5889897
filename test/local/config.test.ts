import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { certificate } from '../../local/certificates.ts';
import { readConfig } from '../../local/config.ts';
import { StartError } from '../../local/start-error.ts';
import { carrierOf, configOf } from '../support/config-file.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'config-'));
  file = join(folder, 'gateway.config.json');
});
afterEach(() => rm(folder, { recursive: true }));

/** What is told of a file with these carriers; one line for each fault behind the first, which names the file. */
async function refusalOf(carriers: readonly unknown[], env = {}): Promise<string[]> {
  await writeFile(file, JSON.stringify({ carriers }));
  const refusal: unknown = await readConfig(file, env).catch((error: unknown) => error);
  if (!(refusal instanceof StartError)) throw new Error('expected a StartError');
  return refusal.message.split('\n');
}

test('a config whose passwords can be read is taken', async () => {
  await writeFile(join(folder, 'password'), 's3cret\n');
  const fromEnv = carrierOf({ name: 'a', password: { env: 'A_PASSWORD' } });
  const fromFile = carrierOf({ name: 'b', password: { file: join(folder, 'password') } });
  await writeFile(file, JSON.stringify(configOf({ carriers: [fromEnv, fromFile] })));
  const { carriers } = await readConfig(file, { A_PASSWORD: 's3cret' });
  expect(carriers.map(({ name }) => name)).toEqual(['a', 'b']);
});

test('a carrier whose password is only in AWS is told what it needs here', async () => {
  const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:smpp-b-a1B2c3';
  expect(await refusalOf([carrierOf({ name: 'a' }), carrierOf({ name: 'b', password: { secretArn } })])).toEqual([
    `${file}:`,
    '  carrier a: running locally needs "password": {"env": "VARIABLE"} or {"file": "path"}',
    '  carrier b: running locally needs "password": {"env": "VARIABLE"} or {"file": "path"}',
  ]);
});

test('the passwords that cannot be read are told with those that are not there', async () => {
  const carriers = [carrierOf({ name: 'a' }), carrierOf({ name: 'b', password: { env: 'B_PASSWORD' } })];
  expect(await refusalOf(carriers)).toEqual([
    `${file}:`,
    expect.stringMatching(/^ {2}carrier a: /),
    expect.stringMatching(/^ {2}carrier b: .*B_PASSWORD/),
  ]);
});

describe('of a receiver’s password and a client certificate', () => {
  const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:smpp-b-a1B2c3';
  const withSecretsAt = (source: object) =>
    carrierOf({
      password: { env: 'PASSWORD' },
      bindMode: 'transmitter-receiver',
      receiver: { password: source },
      tls: { clientCertificate: source },
    });

  test('those that can be read are taken', async () => {
    const path = join(folder, 'client.pem');
    await writeFile(path, (await certificate({})).pem);
    const carrier = {
      ...withSecretsAt({ env: 'RECEIVER' }),
      tls: { clientCertificate: { file: path } },
    };
    await writeFile(file, JSON.stringify(configOf({ carriers: [carrier] })));
    const { carriers } = await readConfig(file, { PASSWORD: 's3cret', RECEIVER: 's3cret2' });
    expect(carriers).toMatchObject([carrier]);
  });

  test('those that are only in AWS are told by their options', async () => {
    expect(await refusalOf([withSecretsAt({ secretArn })], { PASSWORD: 's3cret' })).toEqual([
      `${file}:`,
      '  carrier acme: running locally needs "receiver.password": {"env": "VARIABLE"} or {"file": "path"}',
      '  carrier acme: running locally needs "tls.clientCertificate": {"env": "VARIABLE"} or {"file": "path"}',
    ]);
  });

  test('those that cannot be used are told by what they are, and not repeated', async () => {
    const env = { PASSWORD: 's3cret', OTHER: 'hunter2'.repeat(10) };
    const refusal = await refusalOf([withSecretsAt({ env: 'OTHER' })], env);
    expect(refusal).toEqual([
      `${file}:`,
      expect.stringContaining(
        "the receiver's password in the environment variable OTHER (receiver.password) must have at most 64 characters",
      ),
      expect.stringContaining(
        'the client certificate in the environment variable OTHER (tls.clientCertificate) must have',
      ),
    ]);
    expect(refusal.join()).not.toContain('hunter2');
  });

  test('those that are not named are not needed', async () => {
    const carrier = carrierOf({ password: { env: 'PASSWORD' }, bindMode: 'transmitter-receiver', tls: true });
    await writeFile(file, JSON.stringify(configOf({ carriers: [carrier] })));
    await expect(readConfig(file, { PASSWORD: 's3cret' })).resolves.toMatchObject({ carriers: [carrier] });
  });
});

test('every fault of a wrong file is told, each in a line', async () => {
  expect(await refusalOf([carrierOf({ window: 0, binds: 0 })])).toEqual([
    `${file}:`,
    '  carriers[0].window: must be a whole number from 1 to 1000, got 0',
    '  carriers[0].binds: must be a whole number from 1 to 100, got 0',
  ]);
});

test('one fault is in the line of the file', async () => {
  expect(await refusalOf([])).toEqual([expect.stringContaining(`${file}: carriers: must be a list`)]);
});
