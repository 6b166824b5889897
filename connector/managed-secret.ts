import {
  GetSecretValueCommand,
  type GetSecretValueCommandOutput,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { toError } from '#contract/to-error.ts';
import type { Clock } from './clock.ts';
import { withoutLineBreak } from './local-secret.ts';
import type { Log } from './log.ts';
import type { SecretKind } from './secret-kinds.ts';

export interface ManagedSecretOptions {
  readonly secretArn: string;
  readonly kind: SecretKind;
  /** How long one read may take, with the client's own retries. */
  readonly timeoutMs: number;
  readonly client: Pick<SecretsManagerClient, 'send'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * A secret of a carrier in Secrets Manager, read anew at each bind, so that a new one needs no deploy. While Secrets
 * Manager does not give it, the last one that it gave serves.
 *
 * It is there as it stands, less one line break at its end, or in a JSON object under its key, as the console makes
 * them. A password that is itself a JSON object cannot be told from that, and is none that a carrier gives out.
 */
export class ManagedSecret {
  readonly #options: ManagedSecretOptions;
  #last: string | undefined;
  #lastServes = false;

  constructor(options: ManagedSecretOptions) {
    this.#options = options;
  }

  /** Settles within `timeoutMs`. Rejects with what an operator can do something about, never with a value. */
  async read(): Promise<string> {
    const { secretArn, kind } = this.#options;
    let secret: GetSecretValueCommandOutput;
    try {
      secret = await this.#get();
    } catch (cause) {
      return this.#lastInsteadOf(unreadable(this.#options, toError(cause)));
    }
    this.#lastServes = false;
    this.#last = textOf(secret, kind, `${kind.what} in the secret ${secretArn}`);
    return this.#last;
  }

  #lastInsteadOf(error: Error): string {
    if (this.#last === undefined) throw error;
    if (!this.#lastServes) {
      const { log, kind } = this.#options;
      log.warn(`${kind.what} cannot be read, the last one that was read serves`, { error: error.message });
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
function unreadable({ secretArn, kind }: ManagedSecretOptions, error: Error): Error {
  if (error.name === 'ResourceNotFoundException' && error.message.includes('staging label')) {
    const put = `aws secretsmanager put-secret-value --region ${regionOf(secretArn)} --secret-id ${secretArn}`;
    return new Error(`its secret has no value yet: ${put} --secret-string file://${kind.file}`, { cause: error });
  }
  // What cannot be parsed is quoted by the parser's error, and it may be the secret.
  const message = error.name === 'SyntaxError' ? 'the answer cannot be parsed' : error.message;
  return new Error(`the secret ${secretArn} cannot be read: ${error.name}: ${message}`);
}

/** `arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME`. */
export function regionOf(secretArn: string): string {
  return secretArn.split(':')[3] ?? '';
}

function textOf(secret: GetSecretValueCommandOutput, { key, check }: SecretKind, what: string): string {
  const text = secret.SecretString ?? Buffer.from(secret.SecretBinary ?? []).toString('utf8');
  return check(fieldOf(withoutLineBreak(text), key, what), what);
}

/** A bind with a whole JSON object could only be refused, and would count as a wrong password (quirk 52). */
function fieldOf(text: string, key: string, what: string): string {
  const object = parsed(text);
  if (typeof object !== 'object' || object === null || Array.isArray(object)) return text;
  const value: unknown = Object.hasOwn(object, key) ? object[key as keyof typeof object] : undefined;
  if (typeof value === 'string') return value;
  throw new Error(`${what} must be under the key "${key}" of its JSON object`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
