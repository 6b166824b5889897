import { expiresAtAttribute, tableDefinition } from '#contract/table.ts';
import { carrierOf } from '../support/config-file.ts';
import { templateOf } from '../support/stack.ts';

/** Where messages and passwords are: the table, the queues, the topics and the secrets. */

const days = 24 * 60 * 60;
const keyArn = 'arn:aws:kms:eu-west-1:123456789012:key/11111111-2222-3333-4444-555555555555';
const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:acme-AbCdEf';

/** A carrier whose every secret is at `source`. */
const withSecretsAt = (source: object) =>
  carrierOf({
    password: source,
    bindMode: 'transmitter-receiver',
    receiver: { password: source },
    tls: { clientCertificate: source },
  });
const carriers = [withSecretsAt({ env: 'SECRET' })];
const secrets = ['Password', 'ReceiverPassword', 'ClientCertificate'];

const template = templateOf({ carriers });
const underKey = templateOf({ encryptionKeyArn: keyArn, carriers });

describe('the table', () => {
  const table = template.at('Gateway/Storage/Messages');

  test.each(['AttributeDefinitions', 'KeySchema', 'BillingMode', 'GlobalSecondaryIndexes'] as const)(
    'has the %s of the contract',
    (property) => {
      expect(table.properties[property]).toEqual(tableDefinition[property]);
    },
  );

  test('forgets what has expired', () => {
    expect(table.properties.TimeToLiveSpecification).toEqual({ AttributeName: expiresAtAttribute, Enabled: true });
  });

  test('can be restored to any second of the last weeks', () => {
    expect(table.properties.PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
  });

  test('cannot be deleted by accident', () => {
    expect(table.properties.DeletionProtectionEnabled).toBe(true);
  });

  test('is the only one', () => {
    expect(template.all('DynamoDB::Table')).toEqual([table]);
  });
});

describe.each(['Urgent', 'Normal'])('the lane %s', (lane) => {
  const { properties } = template.at(`Gateway/Carrier-acme/${lane}`);

  test('keeps the order of each recipient', () => {
    expect(properties.FifoQueue).toBe(true);
  });

  test('has the throughput of its message groups, not of one queue', () => {
    expect(properties).toMatchObject({
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    });
  });

  test('keeps a message for as long as SQS can', () => {
    expect(properties.MessageRetentionPeriod).toBe(14 * days);
  });

  test('gives a message up only after more receives than giving it back takes', () => {
    expect(properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: template.arnAt('Gateway/Carrier-acme/DeadLetters'),
      maxReceiveCount: 1_000,
    });
  });

  test('takes the id of a message for what it is, not a hash of its body', () => {
    expect(properties.ContentBasedDeduplication ?? false).toBe(false);
  });
});

test('the dead-letter queue of the lanes is FIFO as they are', () => {
  expect(template.at('Gateway/Carrier-acme/DeadLetters').properties.FifoQueue).toBe(true);
});

test.each(['Carrier-acme/DeadLetters', 'Messaging/EventsDeadLetters', 'Messaging/InboundDeadLetters'])(
  '%s keeps what is in it for as long as SQS can',
  (path) => {
    expect(template.at(`Gateway/${path}`).properties.MessageRetentionPeriod).toBe(14 * days);
  },
);

describe('the events queue', () => {
  const { properties } = template.at('Gateway/Messaging/Events');

  test('keeps an event for a week', () => {
    expect(properties.MessageRetentionPeriod).toBe(7 * days);
  });

  test('hides what was received for six times as long as the function may take', () => {
    const { Timeout } = template.at('Gateway/TrackEvents').properties;
    expect(properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Number(Timeout));
  });

  test('does not use an event up by a passing fault', () => {
    const { deadLetterTargetArn, maxReceiveCount } = properties.RedrivePolicy as Record<string, unknown>;
    expect(deadLetterTargetArn).toBe(template.arnAt('Gateway/Messaging/EventsDeadLetters'));
    expect(maxReceiveCount).toBeGreaterThanOrEqual(100);
  });

  test('has no order, which would hold a carrier up for one event', () => {
    expect(properties.FifoQueue ?? false).toBe(false);
  });
});

describe('the queue of received messages', () => {
  const path = 'Gateway/Messaging/InboundKept';
  const { properties } = template.at(path);

  test('has what the inbound topic publishes, as it is', () => {
    expect(template.all('SNS::Subscription').map(({ properties: subscription }) => subscription)).toEqual([
      {
        TopicArn: template.refAt('Gateway/Messaging/Inbound'),
        Protocol: 'sqs',
        Endpoint: template.arnAt(path),
        RawMessageDelivery: true,
        RedrivePolicy: { deadLetterTargetArn: template.arnAt('Gateway/Messaging/InboundDeadLetters') },
      },
    ]);
  });

  test('keeps a message for two weeks', () => {
    expect(properties.MessageRetentionPeriod).toBe(14 * days);
  });

  test('hides what was received for six times as long as the function may take', () => {
    const { Timeout } = template.at('Gateway/KeepInbound').properties;
    expect(properties.VisibilityTimeout).toBeGreaterThanOrEqual(6 * Number(Timeout));
  });

  test('gives up what cannot be kept, and keeps it aside', () => {
    const deadLetterTargetArn = template.arnAt('Gateway/Messaging/InboundDeadLetters');
    expect(properties.RedrivePolicy).toEqual({ deadLetterTargetArn, maxReceiveCount: 100 });
  });
});

test('the queues are two for events, two for received messages and three for each carrier', () => {
  const two = templateOf({ carriers: [carrierOf({ name: 'acme' }), carrierOf({ name: 'other' })] });
  expect(template.all('SQS::Queue')).toHaveLength(4 + 3);
  expect(two.all('SQS::Queue')).toHaveLength(4 + 2 * 3);
});

describe('without a key of the user’s', () => {
  test('queues are under keys of SQS, under which SNS can deliver', () => {
    for (const { properties } of template.all('SQS::Queue')) {
      expect(properties).toMatchObject({ SqsManagedSseEnabled: true });
      expect(properties).not.toHaveProperty('KmsMasterKeyId');
    }
  });

  test('topics are under the key that AWS keeps for SNS', () => {
    for (const { properties } of template.all('SNS::Topic')) {
      expect(properties.KmsMasterKeyId).toBe('alias/aws/sns');
    }
  });
});

describe('a key of the user’s is', () => {
  test('of every queue but those into which SNS delivers', () => {
    const paths = ['Messaging/InboundKept', 'Messaging/InboundDeadLetters'];
    const delivered = paths.map((path) => underKey.at(`Gateway/${path}`));
    for (const { properties } of delivered) expect(properties).toMatchObject({ SqsManagedSseEnabled: true });
    const others = underKey.all('SQS::Queue').filter(({ id }) => !delivered.some((queue) => queue.id === id));
    expect(others.map(({ properties }) => properties.KmsMasterKeyId)).toEqual(Array(5).fill(keyArn));
  });

  test('of every topic', () => {
    expect(underKey.all('SNS::Topic').map(({ properties }) => properties.KmsMasterKeyId)).toEqual([keyArn, keyArn]);
  });

  test('of the table', () => {
    expect(underKey.at('Gateway/Storage/Messages').properties.SSESpecification).toEqual({
      SSEEnabled: true,
      SSEType: 'KMS',
      KMSMasterKeyId: keyArn,
    });
  });

  test.each(secrets)('of the secret %s', (secret) => {
    expect(underKey.at(`Gateway/Carrier-acme/Secret/${secret}`).properties.KmsKeyId).toBe(keyArn);
  });

  test('not made by the stack, which could take it away', () => {
    expect(underKey.all('KMS::Key')).toEqual([]);
  });
});

test('there is a topic for what comes in and one for statuses', () => {
  expect(template.all('SNS::Topic').map(({ properties }) => properties.FifoTopic ?? false)).toEqual([false, false]);
});

test.each(secrets)(
  'the secret %s of a carrier has no value from the stack: a made-up password may lock the account',
  (secret) => {
    expect(Object.keys(template.at(`Gateway/Carrier-acme/Secret/${secret}`).properties)).toEqual(['Description']);
  },
);

test('each secret of a carrier says which it is', () => {
  expect(secrets.map((secret) => template.at(`Gateway/Carrier-acme/Secret/${secret}`).properties.Description)).toEqual([
    'SMPP password of the carrier acme',
    'SMPP password for the receiver of the carrier acme',
    'TLS client certificate, with its private key, of the carrier acme',
  ]);
});

test('no secret is made where the user has one', () => {
  expect(templateOf({ carriers: [withSecretsAt({ secretArn })] }).all('SecretsManager::Secret')).toEqual([]);
});

test('only the password is made where the carrier has no other secret', () => {
  expect(templateOf().all('SecretsManager::Secret')).toHaveLength(1);
  const pair = { bindMode: 'transmitter-receiver', receiver: { systemId: 'rx' }, tls: { servername: 'a' } };
  expect(templateOf({ carriers: [carrierOf(pair)] }).all('SecretsManager::Secret')).toHaveLength(1);
});

test.each([{ env: 'ACME_SECRET_VARIABLE' }, { file: '/home/me/acme-secret.txt' }])(
  'what is found locally by %p is in a secret of the stack’s own, and the template does not say where it was',
  (source) => {
    const local = templateOf({ carriers: [withSecretsAt(source)] });
    expect(local.all('SecretsManager::Secret')).toHaveLength(secrets.length);
    expect(JSON.stringify(local.raw)).not.toContain(Object.values(source)[0]);
  },
);

test.each([
  ['DynamoDB::Table', 'Retain', 'whatever becomes of the deployment that makes it'],
  ['SQS::Queue', 'Retain', 'whatever becomes of the deployment that makes it'],
  ['SecretsManager::Secret', 'RetainExceptOnCreate', 'but not a deployment that fails and made it: it is empty'],
  ['EC2::EIP', 'RetainExceptOnCreate', 'but not a deployment that fails and made it: each try would leave one'],
])('every %s outlives the stack, and its own replacement (%s: %s)', (type, deletion) => {
  const found = template.all(type);
  expect(found).not.toEqual([]);
  for (const each of found) expect(each).toMatchObject({ deletion, replacement: 'Retain' });
});

/** Under a name of its own it could not be replaced, nor the stack deployed twice. */
test.each([
  ['DynamoDB::Table', 'TableName'],
  ['ECS::Cluster', 'ClusterName'],
  ['ECS::Service', 'ServiceName'],
  ['IAM::Role', 'RoleName'],
  ['Lambda::Function', 'FunctionName'],
  ['Logs::LogGroup', 'LogGroupName'],
  ['SNS::Topic', 'TopicName'],
  ['SQS::Queue', 'QueueName'],
  ['SecretsManager::Secret', 'Name'],
])('the name of every %s is AWS’s choice', (type, name) => {
  const found = template.all(type);
  expect(found).not.toEqual([]);
  for (const { properties } of found) expect(properties).not.toHaveProperty(name);
});

test.each([undefined, 3, 365])('every log group forgets after logRetentionDays %p', (logRetentionDays) => {
  const groups = templateOf(logRetentionDays === undefined ? {} : { logRetentionDays }).all('Logs::LogGroup');
  expect(groups).toHaveLength(11);
  for (const { properties } of groups) expect(properties.RetentionInDays).toBe(logRetentionDays ?? 30);
});
