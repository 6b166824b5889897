import { devNull } from 'node:os';

export const region = 'eu-west-1';
/** The one account that the emulators know. */
export const accountId = '000000000000';

/** What the emulators take for credentials; nobody checks them. */
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** For the SDK clients of `local/` itself. */
export function clientOptions(endpoint: string) {
  return { endpoint, region, credentials };
}

/**
 * Environment in which an SDK client knows the emulators and nothing else: no profile, config file or
 * instance role of the user's can lead it to a real account.
 */
export function awsEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** `variables` without those that AWS SDK clients read. */
export function withoutAws(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !name.startsWith('AWS_')));
}
