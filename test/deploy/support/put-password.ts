import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientOptions } from '../../../local/aws.ts';
import type { DeployedStack } from './deployed-stack.ts';
import { deployment } from './deployment.ts';

/** Does what the output says that one has to do after the first deploy. */
export async function putPassword(stack: DeployedStack, carrier: string, password: string): Promise<void> {
  const command = stack.output(`PutPassword${carrier[0]?.toUpperCase()}${carrier.slice(1)}`);
  const [, SecretId] = /^aws secretsmanager put-secret-value .*--secret-id (\S+) --secret-string /.exec(command) ?? [];
  if (SecretId === undefined) throw new Error(`the output names no secret: ${command}`);
  const client = new SecretsManagerClient(clientOptions(deployment().awsEndpoint));
  await client.send(new PutSecretValueCommand({ SecretId, SecretString: password }));
  client.destroy();
}
