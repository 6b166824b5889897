import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { maskAssets, synthesize } from '../support/stack.ts';
import type { RawResource, RawTemplate } from '../support/template.ts';

/**
 * An update from any release keeps what holds data, and what others have noted down: `released/` has of each the template,
 * and the config it is of. `released/README.md` says how one is added.
 */

const folder = join(__dirname, 'released');
const releases = readdirSync(folder).flatMap((name) => name.match(/^(.*)\.template\.json$/)?.[1] ?? []);

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}

/** What must not be replaced nor removed, and what would be lost. */
const kept: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::ApiKey': 'the key that a client has',
  'AWS::ApiGateway::RestApi': 'the URL that clients call',
  'AWS::ApiGateway::Stage': 'the URL that clients call',
  'AWS::DynamoDB::Table': 'the messages',
  'AWS::EC2::EIP': 'the address in the allow-lists of carriers',
  'AWS::EC2::NatGateway': 'the way out while it is replaced, whose address the new one cannot take over',
  'AWS::EC2::VPC': 'the network under running tasks',
  'AWS::ECS::Service': 'the limit of binds: the new one starts before the old one stops',
  'AWS::SecretsManager::Secret': 'the password',
  'AWS::SNS::Topic': 'the subscriptions',
  'AWS::SQS::Queue': 'the messages that wait',
};

const harmless = [ResourceImpact.NO_CHANGE, ResourceImpact.WILL_CREATE, ResourceImpact.WILL_UPDATE];

/** `id: WILL_REPLACE`, for all that an update from `before` to `after` does to what must be kept. */
function losses(before: RawTemplate, after: RawTemplate): string[] {
  const found: string[] = [];
  // It changes what it is given.
  const { resources } = fullDiff(structuredClone(before), structuredClone(after));
  resources.forEachDifference((id, { changeImpact }) => {
    if (isKept(before.Resources[id]) && !harmless.includes(changeImpact)) found.push(`${id}: ${changeImpact}`);
  });
  for (const [id, resource] of Object.entries(after.Resources)) {
    const was = before.Resources[id];
    if (isKept(was) && was?.DeletionPolicy === 'Retain' && resource.DeletionPolicy !== 'Retain') {
      found.push(`${id}: is deleted with the stack`);
    }
  }
  return found;
}

function isKept(resource: RawResource | undefined): boolean {
  return resource !== undefined && resource.Type in kept;
}

test.each(releases)('an update from release %s keeps all that must be kept', (release) => {
  const today = synthesize(read(`${release}.config.json`) as object);
  expect(losses(read(`${release}.template.json`) as RawTemplate, today)).toEqual([]);
});

test('a carrier that gets TLS and a pair of binds, with secrets of their own, keeps all that it has', () => {
  const { carriers } = read('0.1.0.config.json') as { carriers: object[] };
  const [acme = {}, ...others] = carriers;
  const source = { file: 'secret' };
  const pair = { bindMode: 'transmitter-receiver', receiver: { password: source }, tls: { clientCertificate: source } };
  const before = synthesize({ carriers });
  const after = synthesize({ carriers: [{ ...acme, ...pair }, ...others] });
  expect(losses(before, after)).toEqual([]);
  expect(losses(after, before)).toEqual([
    expect.stringMatching(/^GatewayCarrieracmeSecretReceiverPassword.*: WILL_ORPHAN$/),
    expect.stringMatching(/^GatewayCarrieracmeSecretClientCertificate.*: WILL_ORPHAN$/),
  ]);
});

test('the releases have all kinds of what must be kept', () => {
  const templates = releases.map((release) => read(`${release}.template.json`) as RawTemplate);
  const types = new Set(templates.flatMap(({ Resources }) => Object.values(Resources)).map(({ Type }) => Type));
  expect(Object.keys(kept).filter((type) => !types.has(type))).toEqual([]);
});

describe('of an update', () => {
  const before = maskAssets(synthesize(read('0.1.0.config.json') as object));
  const idOf = (prefix: string) =>
    Object.keys(before.Resources).find(
      (id) => /^[0-9A-F]{8}$/.test(id.slice(prefix.length)) && id.startsWith(prefix),
    ) ?? '';

  const lane = idOf('GatewayCarrieracmeNormal');
  const table = idOf('GatewayStorageMessages');
  const secret = idOf('GatewayCarrieracmeSecretPassword');
  const address = idOf('GatewayNetworkAddress1');
  const topic = idOf('GatewayMessagingInbound');
  const api = idOf('GatewayApiRestApi');
  const stage = idOf('GatewayApiRestApiDeploymentStageapi');
  const service = idOf('GatewayCarrieracmeConnectorService');
  const key = idOf('GatewayApiKeyshop');
  const code = idOf('GatewaySendMessage');

  type Edit = (resources: Record<string, RawResource>) => void;

  function lossesBy(edit: Edit): string[] {
    const after = structuredClone(before) as { Resources: Record<string, RawResource> } & RawTemplate;
    edit(after.Resources);
    return losses(before, after);
  }

  function set(id: string, properties: object): Edit {
    return (resources) => {
      const resource = resources[id];
      if (resource === undefined) throw new Error(`${id} is not in the template`);
      resources[id] = { ...resource, Properties: { ...resource.Properties, ...properties } };
    };
  }

  function remove(id: string): Edit {
    return (resources) => {
      if (!(id in resources)) throw new Error(`${id} is not in the template`);
      delete resources[id];
    };
  }

  function rename(id: string): Edit {
    return (resources) => {
      const resource = resources[id];
      remove(id)(resources);
      if (resource !== undefined) resources[`${id}2`] = resource;
    };
  }

  test.each<[string, Edit, string]>([
    ['another logical id of a queue', rename(lane), `${lane}: WILL_ORPHAN`],
    ['another logical id of a topic', rename(topic), `${topic}: WILL_DESTROY`],
    ['another logical id of the API', rename(api), `${api}: WILL_DESTROY`],
    ['another logical id of a service', rename(service), `${service}: WILL_DESTROY`],
    ['the end of the table', remove(table), `${table}: WILL_ORPHAN`],
    ['the end of an address', remove(address), `${address}: WILL_ORPHAN`],
    ['the end of an API key', remove(key), `${key}: WILL_DESTROY`],
    [
      'another key of the table',
      set(table, { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }] }),
      `${table}: WILL_REPLACE`,
    ],
    ['a queue that is FIFO no more', set(lane, { FifoQueue: false }), `${lane}: WILL_REPLACE`],
    ['a queue with a name', set(lane, { QueueName: 'lane.fifo' }), `${lane}: WILL_REPLACE`],
    ['a topic with a name', set(topic, { TopicName: 'inbound' }), `${topic}: WILL_REPLACE`],
    ['a secret with a name', set(secret, { Name: 'password' }), `${secret}: WILL_REPLACE`],
    ['another stage', set(stage, { StageName: 'v1' }), `${stage}: WILL_REPLACE`],
    [
      'a table that is deleted with the stack',
      (resources) => {
        const { DeletionPolicy, ...rest } = resources[table] as RawResource;
        resources[table] = rest;
      },
      `${table}: is deleted with the stack`,
    ],
  ])('%s is seen', (_, edit, loss) => {
    expect(lossesBy(edit)).toContain(loss);
  });

  test.each<[string, Edit]>([
    ['nothing', () => {}],
    ['another visibility timeout', set(lane, { VisibilityTimeout: 300 })],
    ['another retention', set(lane, { MessageRetentionPeriod: 60 })],
    ['other code of a function', set(code, { Code: { S3Bucket: 'assets', S3Key: 'other.zip' } })],
    ['another number of tasks', set(service, { DesiredCount: 5 })],
    ['another task', set(service, { TaskDefinition: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/other:1' })],
    [
      'another attribute for expiry',
      set(table, { TimeToLiveSpecification: { AttributeName: 'until', Enabled: true } }),
    ],
    ['another key of KMS', set(table, { SSESpecification: { SSEEnabled: true } })],
    ['one queue more', (resources) => Object.assign(resources, { More: { Type: 'AWS::SQS::Queue' } })],
  ])('%s is no loss', (_, edit) => {
    expect(lossesBy(edit)).toEqual([]);
  });
});
