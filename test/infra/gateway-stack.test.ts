import { CfnResource } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { carrierOf } from '../support/config-file.ts';
import { maskAssets, readStack, synthesize, templateOf } from '../support/stack.ts';

const allSecrets = {
  bindMode: 'transmitter-receiver',
  receiver: { password: { env: 'RECEIVER' } },
  tls: { clientCertificate: { file: 'client.pem' } },
};

/** Not `gateway.config.json`, which is the user's to change. */
test('the whole template', () => {
  expect(maskAssets(synthesize())).toMatchSnapshot();
});

test('the same config gives the same template', () => {
  expect(JSON.stringify(synthesize())).toBe(JSON.stringify(synthesize()));
});

test('what may not be meant is noted, and what is to be so for a short while warned of', () => {
  const tls = { allowUnverifiedServer: true };
  const said = readStack({ carriers: [carrierOf({ name: 'acme', tls })] }, ({ node }) =>
    node.metadata
      .filter(({ type }) => /^aws:cdk:(info|warning)$/.test(type))
      .map(({ type, data }) => `${type} ${data}`),
  );
  expect(said).toEqual([
    'aws:cdk:info carrier acme: smsc.example.com is an example, no SMSC',
    expect.stringMatching(/^aws:cdk:warning carrier acme: "allowUnverifiedServer" lets /),
  ]);
});

describe('an update keeps, by its logical id,', () => {
  const template = templateOf({
    carriers: [carrierOf({ name: 'acme', ...allSecrets })],
    natGateways: 2,
    apiKeys: ['default', 'shop'],
  });
  /**
   * By hand, and never changed: under another id CloudFormation makes another one, and leaves this one behind with all
   * that is in it. A carrier must change its allow-list, a client its URL or key.
   */
  const pinned = {
    'DynamoDB::Table': ['GatewayStorageMessages77D866A7'],
    'SQS::Queue': [
      'GatewayCarrieracmeDeadLetters83D5FB9B',
      'GatewayCarrieracmeNormal4DD8B98D',
      'GatewayCarrieracmeUrgentCF9C1436',
      'GatewayMessagingEvents354EF1B7',
      'GatewayMessagingEventsDeadLetters3C4D1851',
      'GatewayMessagingInboundDeadLettersADCCA7FA',
      'GatewayMessagingInboundKept61FF3F75',
    ],
    'SNS::Topic': ['GatewayMessagingInbound2203C89C', 'GatewayMessagingStatus236CE2AF'],
    'SecretsManager::Secret': [
      'GatewayCarrieracmeSecretClientCertificateF5A9297F',
      'GatewayCarrieracmeSecretPassword27916206',
      'GatewayCarrieracmeSecretReceiverPasswordFF7EED2A',
    ],
    'EC2::EIP': ['GatewayNetworkAddress1D21E90AE', 'GatewayNetworkAddress276D6E2E9'],
    'ApiGateway::RestApi': ['GatewayApiRestApi04D7CB04'],
    'ApiGateway::Stage': ['GatewayApiRestApiDeploymentStageapi48C38CCF'],
    'ApiGateway::ApiKey': ['GatewayApiKeydefaultF42F77CF', 'GatewayApiKeyshopBBD5FE3A'],
    // Another service would be started before this one is stopped: a bind too many.
    'ECS::Service': ['GatewayCarrieracmeConnectorService73191C85'],
  };

  test.each(Object.entries(pinned))('each %s', (type, ids) => {
    expect(
      template
        .all(type)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(ids);
  });
});

test('a carrier and a key have their ids from their names, not from their places in the config', () => {
  const ids = (carriers: object[], apiKeys: string[]) =>
    Object.keys(synthesize({ carriers: carriers.map(carrierOf), apiKeys }).Resources).sort();
  expect(ids([{ name: 'b' }, { name: 'a' }], ['y', 'x'])).toEqual(ids([{ name: 'a' }, { name: 'b' }], ['x', 'y']));
});

describe('the outputs', () => {
  const template = templateOf({ carriers: [carrierOf({ name: 'acme-uk' })], apiKeys: ['shop', 'front-desk'] });
  const { outputs } = template;

  test('are what the user needs next', () => {
    expect(Object.keys(outputs)).toEqual([
      'ApiUrl',
      'ApiKeyShop',
      'ApiKeyFrontDesk',
      'InboundTopicArn',
      'StatusTopicArn',
      'TableName',
      'EgressAddresses',
      'PutPasswordAcmeUk',
      'LogAcmeUk',
    ]);
  });

  test('have the URL under which the API is called', () => {
    const api = template.refAt('Gateway/Api/RestApi');
    expect(outputs.ApiUrl).toBe(`https://${api}.execute-api.eu-west-1.amazonaws.com/api/v1`);
  });

  test('have a command for each API key', () => {
    expect(outputs.ApiKeyFrontDesk).toBe(
      `aws apigateway get-api-key --region eu-west-1 --api-key ${template.refAt('Gateway/Api/Key-front-desk')} --include-value --query value --output text`,
    );
  });

  test('have a command for the password of each carrier', () => {
    expect(outputs.PutPasswordAcmeUk).toBe(
      `aws secretsmanager put-secret-value --region eu-west-1 --secret-id ${template.refAt('Gateway/Carrier-acme-uk/Secret/Password')} --secret-string file://password.txt`,
    );
  });

  test('have a command for each other secret of a carrier that has one', () => {
    const of = templateOf({ carriers: [carrierOf({ name: 'acme-uk', ...allSecrets })] });
    const put = (secret: string, file: string) =>
      `aws secretsmanager put-secret-value --region eu-west-1 --secret-id ${of.refAt(`Gateway/Carrier-acme-uk/Secret/${secret}`)} --secret-string file://${file}`;
    expect(of.outputs).toMatchObject({
      PutPasswordAcmeUk: put('Password', 'password.txt'),
      PutReceiverPasswordAcmeUk: put('ReceiverPassword', 'receiver-password.txt'),
      PutClientCertificateAcmeUk: put('ClientCertificate', 'client.pem'),
    });
    const { PutReceiverPasswordAcmeUk, PutClientCertificateAcmeUk } = of.raw.Outputs;
    expect([PutReceiverPasswordAcmeUk, PutClientCertificateAcmeUk].map((output) => output?.Description)).toEqual([
      'Sets the receiver\'s password of the carrier "acme-uk"; read at each bind',
      'Sets the client certificate of the carrier "acme-uk"; read at each bind',
    ]);
  });

  test('have no command for a secret of the user’s: it may have more in it, which would be gone', () => {
    const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:mine-AbCdEf';
    const of = templateOf({ carriers: [carrierOf({ name: 'acme-uk', tls: { clientCertificate: { secretArn } } })] });
    expect(Object.keys(of.outputs).filter((name) => name.startsWith('Put'))).toEqual(['PutPasswordAcmeUk']);
  });

  test('have what else is there by name', () => {
    expect(outputs).toMatchObject({
      InboundTopicArn: template.refAt('Gateway/Messaging/Inbound'),
      StatusTopicArn: template.refAt('Gateway/Messaging/Status'),
      TableName: template.refAt('Gateway/Storage/Messages'),
      LogAcmeUk: template.refAt('Gateway/Carrier-acme-uk/Connector/Log'),
    });
  });

  test('have no key where callers sign', () => {
    expect(Object.keys(templateOf({ auth: 'iam' }).outputs).filter((name) => /^ApiKey/.test(name))).toEqual([]);
  });

  test('and all else in the template have no secret: none is looked up by it', () => {
    expect(JSON.stringify(template.raw)).not.toContain('{{resolve:');
  });

  test('say what they are', () => {
    for (const { Description } of Object.values(template.raw.Outputs)) expect(Description).toMatch(/\w/);
  });
});

/** The key under which the CDK notes them: `Validations.ACKNOWLEDGED_RULES_METADATA_KEY`. */
const acknowledgedRules = 'aws:cdk:acknowledged-rules';

interface Acknowledged {
  readonly rule: string;
  readonly reason: string;
  /** Path of the construct. */
  readonly on: string;
  /** Of the one resource that the construct is: `AWS::SQS::Queue`. */
  readonly type: string | undefined;
}

function acknowledgedIn(options: object): Acknowledged[] {
  return readStack(options, ({ node }) => node.root.node.findAll().flatMap(acknowledgedOn));
}

function acknowledgedOn(construct: IConstruct): Acknowledged[] {
  const { metadata, path: on, defaultChild } = construct.node;
  const resource = [construct, defaultChild].find(CfnResource.isCfnResource) as CfnResource | undefined;
  const noted = metadata
    .filter(({ type }) => type === acknowledgedRules)
    .map(({ data }) => data as Record<string, string>);
  return noted
    .flatMap(Object.entries<string>)
    .map(([rule, reason]) => ({ rule, reason, on, type: resource?.cfnResourceType }));
}

function countBy(found: readonly Acknowledged[]): Record<string, number> {
  const groups = Map.groupBy(found, ({ on, type }) => type ?? on);
  return Object.fromEntries([...groups].map(([name, { length }]) => [name, length]));
}

describe('of the findings of the static checks', () => {
  /** What is acknowledged by the CDK itself, and not by infra/acknowledged.ts. */
  const theirs = ['CloudFormation-Validate::W3010', 'CloudFormation-Validate::F3002', 'CloudFormation-Validate::F3003'];
  const ours = acknowledgedIn({}).filter(({ rule }) => !theirs.includes(rule));

  test('so many are acknowledged, by type of resource', () => {
    expect(countBy(ours)).toEqual({
      'AWS::ApiGateway::Method': 5 * 3,
      'AWS::ApiGateway::RestApi': 1,
      'AWS::ApiGateway::Stage': 5,
      'AWS::DynamoDB::Table': 1,
      'AWS::ECS::Cluster': 2,
      'AWS::ECS::TaskDefinition': 1,
      'AWS::Events::Rule': 1,
      'AWS::IAM::Role': 2,
      'AWS::Lambda::EventInvokeConfig': 1,
      'AWS::Lambda::EventSourceMapping': 2,
      'AWS::Lambda::Function': 8 * 3,
      'AWS::Logs::LogGroup': 11 * 2,
      'AWS::SQS::Queue': 3 * 2,
      'AWS::SecretsManager::Secret': 1,
    });
  });

  test('none is acknowledged for more than a resource', () => {
    expect(ours.filter(({ type }) => type === undefined)).toEqual([]);
  });

  test('each is acknowledged with a reason', () => {
    expect(ours.filter(({ reason }) => reason.length < 20)).toEqual([]);
  });

  test.each<[string, object, object]>([
    ['public addresses', { egress: 'public-ip' }, { 'AWS::ECS::Service': 1 }],
    [
      'subnets of the user’s',
      { vpc: { vpcId: 'vpc-12345678', subnetIds: ['subnet-11111111', 'subnet-22222222'] } },
      { 'SmppGateway/subnet-11111111': 1, 'SmppGateway/subnet-22222222': 1 },
    ],
  ])('some more are acknowledged for %s', (_, options, expected) => {
    const usual = new Set(ours.map(({ rule }) => rule));
    const more = acknowledgedIn(options).filter(({ rule }) => ![...theirs, ...usual].includes(rule));
    expect(countBy(more)).toEqual(expected);
  });
});
