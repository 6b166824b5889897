import {
  GetSecretValueCommand,
  type GetSecretValueCommandOutput,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { toError } from '#contract/to-error.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import { usablePassword, withoutLineBreak } from './password.ts';

export interface SecretPasswordOptions {
  readonly secretArn: string;
  /** How long one read may take, with the client's own retries. */
  readonly timeoutMs: number;
  readonly client: Pick<SecretsManagerClient, 'send'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * A carrier's password in Secrets Manager, read anew at each bind, so that a rotated one needs no deploy. While
 * Secrets Manager does not give it, the last one that it gave serves.
 *
 * The secret is the password as it stands, less one line break at its end, or a JSON object with a `password`, as
 * the console makes them. A password that is itself a JSON object cannot be told from that, and is none that a
 * carrier gives out.
 */
export class SecretPassword {
  readonly #options: SecretPasswordOptions;
  #last: string | undefined;
  #lastServes = false;

  constructor(options: SecretPasswordOptions) {
    this.#options = options;
  }

  /** Settles within `timeoutMs`. Rejects with what an operator can do something about, never with a value. */
  async read(): Promise<string> {
    const { secretArn } = this.#options;
    let secret: GetSecretValueCommandOutput;
    try {
      secret = await this.#get();
    } catch (cause) {
      return this.#lastInsteadOf(unreadable(secretArn, toError(cause)));
    }
    this.#lastServes = false;
    this.#last = passwordOf(secret, `the password in the secret ${secretArn}`);
    return this.#last;
  }

  #lastInsteadOf(error: Error): string {
    if (this.#last === undefined) throw error;
    if (!this.#lastServes) {
      this.#options.log.warn('the password cannot be read, the last one that was read serves', {
        error: error.message,
      });
    }
    this.#lastServes = true;
    return this.#last;
  }

  async #get(): Promise<GetSecretValueCommandOutput> {
    const { client, clock, secretArn, timeoutMs } = this.#options;
    const giveUp = new AbortController();
    const { promise: late, reject } = Promise.withResolvers<never>();
    const cancel = clock.after(timeoutMs, () => {
      // Rejects by itself too: the signal does not reach a client that still waits for its credentials.
      reject(timeoutError(timeoutMs));
      giveUp.abort();
    });
    const command = new GetSecretValueCommand({ SecretId: secretArn });
    try {
      return await Promise.race([client.send(command, { abortSignal: giveUp.signal }), late]);
    } finally {
      cancel();
    }
  }
}

function timeoutError(timeoutMs: number): Error {
  const error = new Error(`no answer within ${timeoutMs} ms`);
  error.name = 'TimeoutError';
  return error;
}

/** The stack makes a secret without a value: of all faults the one that everybody meets. */
function unreadable(secretArn: string, error: Error): Error {
  if (error.name === 'ResourceNotFoundException' && error.message.includes('staging label')) {
    const put = `aws secretsmanager put-secret-value --region ${regionOf(secretArn)} --secret-id ${secretArn}`;
    return new Error(`its secret has no value yet: ${put} --secret-string file://password.txt`, { cause: error });
  }
  // What cannot be parsed is quoted by the parser's error, and it may be the secret.
  const message = error.name === 'SyntaxError' ? 'the answer cannot be parsed' : error.message;
  return new Error(`the secret ${secretArn} cannot be read: ${error.name}: ${message}`);
}

/** `arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME`. */
export function regionOf(secretArn: string): string {
  return secretArn.split(':')[3] ?? '';
}

function passwordOf(secret: GetSecretValueCommandOutput, what: string): string {
  const text = secret.SecretString ?? Buffer.from(secret.SecretBinary ?? []).toString('utf8');
  return usablePassword(fieldOf(withoutLineBreak(text), what), what);
}

/** A bind with a whole JSON object could only be refused, and would count as a wrong password (quirk 52). */
function fieldOf(text: string, what: string): string {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return text;
  if ('password' in value && typeof value.password === 'string') return value.password;
  throw new Error(`${what} must be under the key "password" of its JSON object`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
