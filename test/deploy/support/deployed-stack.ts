import {
  CloudFormationClient,
  DescribeStacksCommand,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { clientOptions } from '../../../local/aws.ts';
import { deployment, stackName } from './deployment.ts';

export interface DeployedResource {
  readonly type: string;
  readonly physicalId: string;
}

/** The stack as CloudFormation tells of it. */
export class DeployedStack {
  /** By logical id. */
  readonly resources: ReadonlyMap<string, DeployedResource>;
  readonly #outputs: ReadonlyMap<string, string>;

  static async read(): Promise<DeployedStack> {
    const client = new CloudFormationClient(clientOptions(deployment().awsEndpoint));
    const resources = new Map<string, DeployedResource>();
    for await (const page of paginateListStackResources({ client }, { StackName: stackName })) {
      for (const {
        LogicalResourceId = '',
        ResourceType = '',
        PhysicalResourceId = '',
      } of page.StackResourceSummaries ?? []) {
        resources.set(LogicalResourceId, { type: ResourceType, physicalId: PhysicalResourceId });
      }
    }
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    client.destroy();
    const outputs = (stack?.Outputs ?? []).map(
      ({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue] as const,
    );
    return new DeployedStack(resources, new Map(outputs));
  }

  private constructor(resources: DeployedStack['resources'], outputs: ReadonlyMap<string, string>) {
    this.resources = resources;
    this.#outputs = outputs;
  }

  output(name: string): string {
    const value = this.#outputs.get(name);
    if (value === undefined)
      throw new Error(`there is no output ${name}, only ${[...this.#outputs.keys()].join(', ')}`);
    return value;
  }

  /** Physical ids. */
  ofType(type: string): readonly string[] {
    return [...this.resources.values()].filter((each) => each.type === type).map(({ physicalId }) => physicalId);
  }

  /** The physical id of the only one of its type. */
  only(type: string): string {
    const [found, ...more] = this.ofType(type);
    if (found === undefined || more.length > 0) throw new Error(`expected one ${type}, found ${1 + more.length}`);
    return found;
  }
}
