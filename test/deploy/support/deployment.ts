/** What the global set-up deployed and started, for the tests: they run in contexts of their own. */
export interface Deployment {
  readonly awsEndpoint: string;
  readonly region: string;
  /** For whatever a test writes; gone afterwards. */
  readonly directory: string;
  /** What was deployed: a cloud assembly. */
  readonly assembly: string;
  /** Environment for the CDK's CLI. */
  readonly docker: NodeJS.ProcessEnv;
  /** Of the SMSC: where it listens, its control API, and what it lets bind. */
  readonly smsc: {
    readonly port: number;
    readonly control: string;
    readonly systemId: string;
    readonly password: string;
  };
  /** Environment in which podman has the image; undefined when the image was not built. */
  readonly containerStore: NodeJS.ProcessEnv | undefined;
  /** Why the image was not built, if it was not, and how it can be. */
  readonly missingForContainers: string | undefined;
}

export const stackName = 'SmppGateway';

const variable = 'TEST_DEPLOYMENT';

export function publishDeployment(deployment: Deployment): void {
  process.env[variable] = JSON.stringify(deployment);
}

export function deployment(): Deployment {
  const json = process.env[variable];
  if (json === undefined) throw new Error('nothing is deployed: these tests run by npm run test:deploy');
  return JSON.parse(json) as Deployment;
}
