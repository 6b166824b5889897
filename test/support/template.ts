/** A template of CloudFormation, read the way AWS would: nothing in it refers to anything any more. */

export interface RawResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface RawTemplate {
  readonly Resources: Readonly<Record<string, RawResource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown; readonly Description?: string }>>;
}

export interface Resource {
  /** Logical id. */
  readonly id: string;
  readonly type: string;
  /** With every reference resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** What becomes of it when it leaves the stack. */
  readonly deletion: string;
  /** What becomes of the old one when it is replaced. */
  readonly replacement: string;
}

export const region = 'eu-west-1';
export const account = '123456789012';

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': account,
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::URLSuffix': 'amazonaws.com',
};

export class Template {
  readonly raw: RawTemplate;
  readonly outputs: Readonly<Record<string, string>>;
  readonly resources: readonly Resource[];

  constructor(raw: RawTemplate) {
    this.raw = raw;
    this.resources = Object.entries(raw.Resources).map(([id, resource]) => ({
      id,
      type: resource.Type,
      properties: this.#resolve(resource.Properties ?? {}) as Resource['properties'],
      deletion: resource.DeletionPolicy ?? 'Delete',
      replacement: resource.UpdateReplacePolicy ?? 'Delete',
    }));
    const outputs = Object.entries(raw.Outputs).map(([name, { Value }]) => [name, String(this.#resolve(Value))]);
    this.outputs = Object.fromEntries(outputs);
  }

  /** All of `AWS::type`, those below the construct at `path`. */
  all(type: string, path = ''): Resource[] {
    return this.resources.filter((each) => each.type === `AWS::${type}` && each.id.startsWith(humanPart(path)));
  }

  /** The resource of the construct at `path`, `Gateway/Storage/Messages`. */
  at(path: string): Resource {
    const human = humanPart(path);
    const found = this.resources.filter(
      ({ id }) => id.startsWith(human) && /^[0-9A-F]{8}$/.test(id.slice(human.length)),
    );
    const [only] = found;
    if (only === undefined || found.length > 1) throw new Error(`${path} must be one resource, got ${found.length}`);
    return only;
  }

  arnAt(path: string): string {
    return this.arnOf(this.at(path).id);
  }

  /** Throws for what has none, or none that is known here. */
  arnOf(id: string): string {
    const { resource, name } = this.#find(id);
    const ref = refs[resource.Type]?.(name);
    return ref?.startsWith('arn:') ? ref : this.#attribute(id, 'Arn');
  }

  /** Its physical name or id, its URL, or its ARN: what `Ref` is for its type. */
  refAt(path: string): string {
    return this.#ref(this.at(path).id);
  }

  #resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.#resolve(each));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [[name, argument] = []] = entries;
    if (name === undefined || !/^(Ref|Condition|Fn::\w+)$/.test(name)) {
      return Object.fromEntries(entries.map(([key, each]) => [key, this.#resolve(each)]));
    }
    return this.#call(name, name === 'Fn::Sub' ? argument : this.#resolve(argument));
  }

  #call(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.#ref(argument as string);
      case 'Fn::GetAtt':
        return this.#attribute(...(argument as [string, string]));
      case 'Fn::GetAZs':
        return ['a', 'b', 'c'].map((zone) => `${region}${zone}`);
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, unknown[]];
        return parts.join(separator);
      }
      case 'Fn::Select': {
        const [index, list] = argument as [number, unknown[]];
        return list[index];
      }
      case 'Fn::Split': {
        const [separator, text] = argument as [string, string];
        return text.split(separator);
      }
      case 'Fn::Sub':
        return (argument as string).replace(/\$\{([^}]+)\}/g, (_, of: string) => this.#substitute(of));
      default:
        throw new Error(`${name} is not known here`);
    }
  }

  #substitute(reference: string): string {
    const [id = '', attribute] = reference.split('.');
    return attribute === undefined ? this.#ref(id) : this.#attribute(id, attribute);
  }

  #ref(id: string): string {
    const pseudo = pseudoParameters[id];
    if (pseudo !== undefined) return pseudo;
    const { resource, name } = this.#find(id);
    const ref = refs[resource.Type];
    if (ref === undefined) throw new Error(`Ref of ${resource.Type} is not known here`);
    return ref(name);
  }

  #attribute(id: string, attribute: string): string {
    const { resource, name } = this.#find(id);
    const value = attributes[`${resource.Type}.${attribute}`];
    if (value === undefined) throw new Error(`${attribute} of ${resource.Type} is not known here`);
    return value(name);
  }

  #find(id: string): { resource: RawResource; name: string } {
    const resource = this.raw.Resources[id];
    if (resource === undefined) throw new Error(`the template refers to ${id}, which is not in it`);
    return { resource, name: resource.Properties?.FifoQueue === true ? `${id}.fifo` : id };
  }
}

/** An id is what the construct's path has of letters and digits, and a hash. */
function humanPart(path: string): string {
  return path.replace(/[^A-Za-z0-9]/g, '');
}

const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;
const itself = (name: string) => name;

type OfName = (name: string) => string;

/** Names that AWS gives have the logical id in them; here they are it. */
const refs: Readonly<Record<string, OfName>> = {
  'AWS::ApiGateway::ApiKey': itself,
  'AWS::ApiGateway::Deployment': itself,
  'AWS::ApiGateway::Resource': itself,
  'AWS::ApiGateway::RestApi': itself,
  'AWS::ApiGateway::Stage': () => 'api',
  'AWS::ApiGateway::UsagePlan': itself,
  'AWS::DynamoDB::Table': itself,
  'AWS::EC2::EIP': (name) => `address of ${name}`,
  'AWS::EC2::InternetGateway': itself,
  'AWS::EC2::NatGateway': itself,
  'AWS::EC2::RouteTable': itself,
  'AWS::EC2::Subnet': itself,
  'AWS::EC2::VPC': itself,
  'AWS::ECS::Cluster': itself,
  'AWS::ECS::TaskDefinition': (name) => arn('ecs', `task-definition/${name}:1`),
  'AWS::IAM::Role': itself,
  'AWS::Lambda::Function': itself,
  'AWS::Logs::LogGroup': itself,
  'AWS::SecretsManager::Secret': (name) => arn('secretsmanager', `secret:${name}-AbCdEf`),
  'AWS::SNS::Topic': (name) => arn('sns', name),
  'AWS::SQS::Queue': (name) => `https://sqs.${region}.amazonaws.com/${account}/${name}`,
};

const attributes: Readonly<Record<string, OfName>> = {
  'AWS::ApiGateway::RestApi.RootResourceId': (name) => `root of ${name}`,
  'AWS::DynamoDB::Table.Arn': (name) => arn('dynamodb', `table/${name}`),
  'AWS::EC2::EIP.AllocationId': (name) => `allocation of ${name}`,
  'AWS::EC2::SecurityGroup.GroupId': itself,
  'AWS::Events::Rule.Arn': (name) => arn('events', `rule/${name}`),
  'AWS::IAM::Role.Arn': (name) => `arn:aws:iam::${account}:role/${name}`,
  'AWS::Lambda::Function.Arn': (name) => arn('lambda', `function:${name}`),
  'AWS::Logs::LogGroup.Arn': (name) => arn('logs', `log-group:${name}:*`),
  'AWS::SQS::Queue.Arn': (name) => arn('sqs', name),
};
