import { dirname, join } from 'node:path';
import { accountId, awsEnvironment, region, withoutAws } from '../../../local/aws.ts';
import { run } from './run.ts';

/** The real CDK CLI, with the emulator in place of AWS and a stand-in in place of docker. */

export interface CdkOptions {
  readonly awsEndpoint: string;
  /** Where the CLI may keep things. */
  readonly directory: string;
  /** Environment with `CDK_DOCKER`. */
  readonly docker: NodeJS.ProcessEnv;
}

const root = join(__dirname, '../../..');

export class Cdk {
  readonly #options: CdkOptions;

  constructor(options: CdkOptions) {
    this.#options = options;
  }

  bootstrap(): Promise<string> {
    // Outside of the project it does not synthesize the app first.
    return this.#run(['bootstrap', `aws://${accountId}/${region}`], this.#options.directory);
  }

  /** Writes the cloud assembly of a config. */
  synth(config: string, assembly: string): Promise<string> {
    return this.#run(['synth', '--quiet', '--context', `config=${config}`, '--output', assembly], root);
  }

  /** Deploys a cloud assembly. */
  deploy(assembly: string): Promise<string> {
    return this.#run(['deploy', '--all', '--require-approval', 'never', '--app', assembly], root);
  }

  #run(args: readonly string[], cwd: string): Promise<string> {
    const { awsEndpoint, directory, docker } = this.#options;
    const env = {
      ...withoutAws(process.env),
      ...awsEnvironment(awsEndpoint),
      ...docker,
      // "node" in cdk.json is the one that runs these tests.
      PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
      CDK_HOME: directory,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      // No colours, no progress bar.
      CI: 'true',
    };
    return run(process.execPath, [join(root, 'node_modules/aws-cdk/bin/cdk'), ...args], { cwd, env });
  }
}
