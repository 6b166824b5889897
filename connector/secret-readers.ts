import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type CarrierSecret, secretSourcesOf } from '#contract/carrier-secrets.ts';
import type { SecretSource } from '#contract/secret-source.ts';
import { callLimits } from './call-limits.ts';
import type { Clock } from './clock.ts';
import type { TaskProfile } from './config.ts';
import { readLocalSecret } from './local-secret.ts';
import type { Log } from './log.ts';
import { ManagedSecret, regionOf } from './managed-secret.ts';
import { secretKinds } from './secret-kinds.ts';
import type { Role } from './smpp/account.ts';

export interface SecretReaders {
  readonly readPassword: (role: Role) => Promise<string>;
  readonly readClientCertificate?: () => Promise<string>;
}

interface SecretReaderDeps {
  readonly env: Record<string, string | undefined>;
  readonly clock: Clock;
  readonly log: Log;
}

/** How the carrier's secrets are read, each at every connection: from Secrets Manager, or from where they are locally. */
export function secretReaders(carrier: TaskProfile, deps: SecretReaderDeps): SecretReaders {
  const { password, receiverPassword, clientCertificate } = secretSourcesOf(carrier);
  // The bind's time runs while they are read, one after the other, and it has to connect yet.
  const timeoutMs = Math.min(5_000, carrier.bindTimeoutMs / (clientCertificate === undefined ? 2 : 4));
  const reader = (secret: CarrierSecret, source: SecretSource) => secretReader(secret, source, { ...deps, timeoutMs });
  const ofCarrier = reader('password', password);
  const ofReceiver = receiverPassword === undefined ? ofCarrier : reader('receiverPassword', receiverPassword);
  return {
    readPassword: (role) => (role === 'receiver' ? ofReceiver() : ofCarrier()),
    ...(clientCertificate && { readClientCertificate: reader('clientCertificate', clientCertificate) }),
  };
}

function secretReader(
  name: CarrierSecret,
  source: SecretSource,
  { env, timeoutMs, clock, log }: SecretReaderDeps & { readonly timeoutMs: number },
): () => Promise<string> {
  const kind = secretKinds[name];
  if (!('secretArn' in source)) return () => readLocalSecret(source, kind, env);
  const { secretArn } = source;
  const client = new SecretsManagerClient({
    region: regionOf(secretArn),
    // Leaves time for a second try.
    requestHandler: callLimits(2_000, 2_000),
  });
  const secret = new ManagedSecret({ secretArn, kind, timeoutMs, client, clock, log });
  return () => secret.read();
}
