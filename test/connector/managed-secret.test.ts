import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ManagedSecret } from '../../connector/managed-secret.ts';
import { type SecretKind, secretKinds } from '../../connector/secret-kinds.ts';
import { certificate } from '../../local/certificates.ts';
import { recordedLog } from '../support/connector-factories.ts';
import { fakeAws } from '../support/fake-aws.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { notePersonal } from '../support/log-watch.ts';

const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:acme-AbCdEf';

interface Secret {
  readonly SecretString?: string;
  readonly SecretBinary?: Uint8Array;
}

type Answer = Secret | Error | Promise<never>;

/** Reads a password from a Secrets Manager that gives each answer in turn, the last one again for all further reads. */
function secretOf(...answers: readonly Answer[]) {
  return secretOfKind(secretKinds.password, answers);
}

function secretOfKind(kind: SecretKind, answers: readonly Answer[]) {
  const clock = new FakeClock();
  const log = recordedLog();
  let asked = 0;
  const { client, calls } = fakeAws<SecretsManagerClient>(() => {
    const answer = answers[asked] ?? answers.at(-1);
    asked += 1;
    if (answer instanceof Error) throw answer;
    return answer;
  });
  const secret = new ManagedSecret({ secretArn, kind, timeoutMs: 5_000, client, clock, log });
  return { read: () => secret.read(), clock, log, calls };
}

function fault(name: string, message = 'no'): Error {
  return Object.assign(new Error(message), { name });
}

/** As Secrets Manager answers for a secret that was made without a value. */
const noValue = fault(
  'ResourceNotFoundException',
  "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
);

async function faultOf(reading: Promise<string>): Promise<string> {
  const result = await reading.catch((cause: unknown) => cause);
  if (!(result instanceof Error)) throw new Error('it was read');
  return result.message;
}

describe('the password in a secret', () => {
  test('is read anew each time', async () => {
    const { read, calls } = secretOf({ SecretString: 'old' }, { SecretString: 'new' });
    expect([await read(), await read()]).toEqual(['old', 'new']);
    expect(calls).toEqual(new Array(2).fill({ command: 'GetSecretValueCommand', input: { SecretId: secretArn } }));
  });

  test.each<[string, Secret, string]>([
    ['a string', { SecretString: 's3cret' }, 's3cret'],
    ['a string from a file with a line break at its end', { SecretString: 's3cret\r\n' }, 's3cret'],
    ['octets', { SecretBinary: Buffer.from('s3cret\n') }, 's3cret'],
    ['a field of the JSON object that the console makes', { SecretString: '{"password":"s3cret"}' }, 's3cret'],
    ['a field beside others', { SecretString: '{"username":"me","password":"s3cret"}\n' }, 's3cret'],
    ['a string that is JSON, but no object', { SecretString: '12345678' }, '12345678'],
    ['a string in quotes', { SecretString: '"s3cret"' }, '"s3cret"'],
    ['a string that is almost JSON', { SecretString: '{s3cret}' }, '{s3cret}'],
  ])('may be %s', async (_, secret, password) => {
    await expect(secretOf(secret).read()).resolves.toBe(password);
  });

  test.each<[string, Secret, RegExp]>([
    ['is empty', { SecretString: '' }, /is empty$/],
    ['has neither string nor octets', {}, /is empty$/],
    ['is too long', { SecretString: 'hunter2'.repeat(10) }, /at most 64 characters, has 70$/],
    ['has NUL in it', { SecretString: 'hunter2\0' }, /printable ASCII, has another character at position 8$/],
    ['is not UTF-8', { SecretBinary: Buffer.from('hunter2\xff', 'latin1') }, /printable ASCII/],
    ['is in a JSON object under another key', { SecretString: '{"Passwort":"hunter2"}' }, /the key "password"/],
    ['is in a JSON object and no string', { SecretString: '{"password":["hunter2"]}' }, /the key "password"/],
  ])('that %s is told with the secret it is in, and not repeated', async (_, secret, expected) => {
    const message = await faultOf(secretOf(secret).read());
    expect(message).toMatch(expected);
    expect(message).toContain(secretArn);
    expect(message).not.toContain('hunter2');
  });
});

describe('a client certificate in a secret', () => {
  let pem: string;
  beforeAll(async () => {
    pem = (await certificate({})).pem.trimEnd();
  });
  const read = (...answers: Answer[]) => secretOfKind(secretKinds.clientCertificate, answers).read();

  test.each<[string, () => Secret]>([
    ['PEM', () => ({ SecretString: `${pem}\n` })],
    ['PEM in octets', () => ({ SecretBinary: Buffer.from(pem) })],
    ['a field of a JSON object', () => ({ SecretString: JSON.stringify({ clientCertificate: pem }) })],
    [
      'a field beside the password',
      () => ({ SecretString: JSON.stringify({ password: 'hunter3', clientCertificate: pem }) }),
    ],
  ])('may be %s', async (_, secret) => {
    await expect(read(secret())).resolves.toBe(pem);
  });

  test.each<[string, Secret, RegExp]>([
    [
      'is a password',
      { SecretString: 'hunter2' },
      /must have "-----BEGIN CERTIFICATE-----" in a line of its own, has none$/,
    ],
    [
      'is in a JSON object under another key',
      { SecretString: JSON.stringify({ pem: 'hunter2' }) },
      /the key "clientCertificate"/,
    ],
  ])('that %s is told with the secret it is in, and not repeated', async (_, secret, expected) => {
    const message = await faultOf(read(secret));
    expect(message).toMatch(expected);
    expect(message).toContain(`the client certificate in the secret ${secretArn}`);
    expect(message).not.toContain('hunter2');
  });

  test('that was not put there yet comes with the command for its file', async () => {
    expect(await faultOf(read(noValue))).toMatch(
      /its secret has no value yet: .* --secret-string file:\/\/client\.pem$/,
    );
  });

  test('that cannot be read any more is called so in the log', async () => {
    const { read, log } = secretOfKind(secretKinds.clientCertificate, [{ SecretString: pem }, fault('Throttled')]);
    notePersonal(pem.split('\n').at(-2) ?? '');
    expect([await read(), await read()]).toEqual([pem, pem]);
    expect(log.lines.map(({ message }) => message)).toEqual([
      'the client certificate cannot be read, the last one that was read serves',
    ]);
  });
});

describe('a secret that cannot be read', () => {
  test('because it has no value yet says how to give it one', async () => {
    expect(await faultOf(secretOf(noValue).read())).toContain(
      `aws secretsmanager put-secret-value --region eu-west-1 --secret-id ${secretArn} --secret-string file://password.txt`,
    );
  });

  test.each([
    ['is not there', fault('ResourceNotFoundException', "Secrets Manager can't find the specified secret.")],
    ['is not for us', fault('AccessDeniedException', 'User: arn:... is not authorized to perform: ...')],
    ['cannot be decrypted', fault('DecryptionFailure', 'no key')],
    ['is asked for too often', fault('ThrottlingException', 'Rate exceeded')],
    ['is out of reach', fault('Error', 'getaddrinfo ENOTFOUND')],
  ])('because it %s is told with what AWS says', async (_, error) => {
    const message = await faultOf(secretOf(error).read());
    expect(message).toContain(secretArn);
    expect(message).toContain(`${error.name}: ${error.message}`);
    expect(message).not.toContain('put-secret-value');
  });

  test('leaves the last password that was read, and that is logged once until it can be read again', async () => {
    const answers = [{ SecretString: 'hunter2' }, noValue, noValue, { SecretString: 'hunter3' }, noValue];
    const { read, log } = secretOf(...answers);
    notePersonal('hunter2', 'hunter3');
    const passwords: string[] = [];
    while (passwords.length < answers.length) passwords.push(await read());
    expect(passwords).toEqual(['hunter2', 'hunter2', 'hunter2', 'hunter3', 'hunter3']);
    expect(log.lines.map(({ level, message }) => [level, message])).toEqual(
      new Array(2).fill(['warn', expect.stringContaining('last one')]),
    );
  });

  test('and hangs is given up, with the last password if there is one', async () => {
    const hanging = new Promise<never>(() => {});
    const fresh = secretOf(hanging);
    const message = faultOf(fresh.read());
    await fresh.clock.advance(5_000);
    expect(await message).toContain('no answer within 5000 ms');

    const { read, clock } = secretOf({ SecretString: 's3cret' }, hanging);
    await read();
    const again = read();
    await clock.advance(5_000);
    await expect(again).resolves.toBe('s3cret');
    expect(clock.pending).toBe(0);
  });
});

test('a new password that cannot be used is told, and the one before it is not used in its place', async () => {
  const { read } = secretOf({ SecretString: 'old' }, { SecretString: 'new\0' });
  await read();
  expect(await faultOf(read())).toContain('printable ASCII');
});

describe('over the SDK', () => {
  let server: Server;
  let client: SecretsManagerClient;
  let answer: { readonly status: number; readonly body: string } | 'none';
  let asked: PromiseWithResolvers<Socket>;

  beforeEach(async () => {
    asked = Promise.withResolvers();
    server = createServer(({ socket }, response) => {
      asked.resolve(socket);
      if (answer === 'none') return;
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.1' }).end(answer.body);
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    client = new SecretsManagerClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    });
  });

  afterEach(async () => {
    client.destroy();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  function read(clock = new FakeClock()): Promise<string> {
    const kind = secretKinds.password;
    return new ManagedSecret({ secretArn, kind, timeoutMs: 5_000, client, clock, log: recordedLog() }).read();
  }

  test('a string and octets are read', async () => {
    answer = { status: 200, body: JSON.stringify({ ARN: secretArn, SecretString: 's3cret' }) };
    await expect(read()).resolves.toBe('s3cret');
    answer = { status: 200, body: JSON.stringify({ SecretBinary: Buffer.from('0ctets').toString('base64') }) };
    await expect(read()).resolves.toBe('0ctets');
  });

  test('a secret without a value is known as such', async () => {
    answer = { status: 400, body: JSON.stringify({ __type: noValue.name, Message: noValue.message }) };
    expect(await faultOf(read())).toContain('put-secret-value');
  });

  test('an answer that cannot be parsed is not quoted', async () => {
    answer = { status: 200, body: '{"SecretString":hunter2}' };
    const message = await faultOf(read());
    expect(message).toContain('cannot be parsed');
    expect(message).not.toContain('hunter2');
  });

  test('a call without an answer is cut off', async () => {
    answer = 'none';
    const clock = new FakeClock();
    const reading = faultOf(read(clock));
    const connection = await asked.promise;
    const cutOff = once(connection, 'close');
    await clock.advance(5_000);
    expect(await reading).toContain('no answer within 5000 ms');
    await cutOff;
  });
});
