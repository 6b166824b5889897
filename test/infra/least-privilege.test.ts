import { awsCallsOf } from '../support/aws-calls.ts';
import { carrierOf } from '../support/config-file.ts';
import { decide, grantsOf, type Role, roleAt } from '../support/iam.ts';
import { templateOf } from '../support/stack.ts';
import { account, region, type Template } from '../support/template.ts';

/** What each role may do, decided by a simulation of IAM over the policies of the template. */

const keyArn = `arn:aws:kms:${region}:${account}:key/11111111-2222-3333-4444-555555555555`;
const secretArn = `arn:aws:secretsmanager:${region}:${account}:secret:mine-AbCdEf`;
const receiversArn = secretArn.replace('mine', 'receivers');
const pair = { bindMode: 'transmitter-receiver' };
const carriers = [
  carrierOf({ name: 'acme' }),
  carrierOf({
    name: 'other',
    password: { secretArn },
    ...pair,
    receiver: { password: { secretArn: receiversArn } },
    // Twice in the profile, once in the policy.
    tls: { clientCertificate: { secretArn } },
  }),
  carrierOf({
    name: 'pair',
    ...pair,
    receiver: { password: { env: 'RECEIVER' } },
    tls: { clientCertificate: { file: 'client.pem' } },
  }),
];

const plain = templateOf({ carriers });
const underKey = templateOf({ carriers, encryptionKeyArn: keyArn });

interface Needs {
  /** Resource, by ARN or by the path of its construct, and the actions on it. */
  readonly [resource: string]: readonly string[];
}

interface Job {
  readonly service: string;
  /** Where its calls are in the source; without one they are AWS's own. */
  readonly entry?: string;
  readonly needs: Needs;
  /** Calls that are not in the source: AWS makes them in the name of the role. */
  readonly onBehalf?: readonly string[];
  /** With a key of the user's. */
  readonly withKey?: readonly string[];
}

const writeLog = ['logs:CreateLogStream', 'logs:PutLogEvents'];
const readTable = ['dynamodb:Query'];
const useTable = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:UpdateItem'];

/** To read and to write under a key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html */
const readUnderKey = ['kms:Decrypt', 'kms:DescribeKey'];
const tableUnderKey = ['kms:Encrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo', ...readUnderKey];
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html */
const sendUnderKey = ['kms:Decrypt', 'kms:GenerateDataKey'];

function connector(name: string, ...secrets: string[]): Job {
  const lane = [
    'sqs:ChangeMessageVisibility',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    'sqs:ReceiveMessage',
    'sqs:SendMessage',
  ];
  return {
    service: 'ecs-tasks',
    entry: 'connector/main.ts',
    needs: {
      [`Gateway/Carrier-${name}/Urgent`]: lane,
      [`Gateway/Carrier-${name}/Normal`]: lane,
      [`Gateway/Carrier-${name}/DeadLetters`]: ['sqs:SendMessage'],
      'Gateway/Messaging/Events': ['sqs:SendMessage'],
      'Gateway/Messaging/EventsDeadLetters': ['sqs:SendMessage'],
      'Gateway/Messaging/Inbound': ['sns:Publish'],
      ...Object.fromEntries(secrets.map((secret) => [secret, ['secretsmanager:GetSecretValue']])),
    },
    withKey: sendUnderKey,
  };
}

/** What pulls the image and writes the log of a task. */
function execution(name: string): Job {
  const repository = `arn:aws:ecr:${region}:${account}:repository/cdk-hnb659fds-container-assets-${account}-${region}`;
  return {
    service: 'ecs-tasks',
    needs: {
      [`Gateway/Carrier-${name}/Connector/Log`]: writeLog,
      [repository]: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      '*': ['ecr:GetAuthorizationToken'],
    },
  };
}

const jobs: Readonly<Record<string, Job>> = {
  'Gateway/SendMessageRole': {
    service: 'lambda',
    entry: 'lambdas/send-message.ts',
    onBehalf: writeLog,
    needs: {
      'Gateway/SendMessageLog': writeLog,
      'Gateway/Storage/Messages': useTable,
      'Gateway/Carrier-acme/Urgent': ['sqs:SendMessage'],
      'Gateway/Carrier-acme/Normal': ['sqs:SendMessage'],
      'Gateway/Carrier-other/Urgent': ['sqs:SendMessage'],
      'Gateway/Carrier-other/Normal': ['sqs:SendMessage'],
      'Gateway/Carrier-pair/Urgent': ['sqs:SendMessage'],
      'Gateway/Carrier-pair/Normal': ['sqs:SendMessage'],
    },
    withKey: tableUnderKey,
  },
  'Gateway/PreviewMessageRole': {
    service: 'lambda',
    entry: 'lambdas/preview-message.ts',
    onBehalf: writeLog,
    needs: { 'Gateway/PreviewMessageLog': writeLog, 'Gateway/Storage/Messages': readTable },
    withKey: readUnderKey,
  },
  'Gateway/GetMessageRole': {
    service: 'lambda',
    entry: 'lambdas/get-message.ts',
    onBehalf: writeLog,
    needs: { 'Gateway/GetMessageLog': writeLog, 'Gateway/Storage/Messages': readTable },
    withKey: readUnderKey,
  },
  'Gateway/ListCarriersRole': {
    service: 'lambda',
    entry: 'lambdas/list-carriers.ts',
    onBehalf: writeLog,
    needs: { 'Gateway/ListCarriersLog': writeLog, 'Gateway/Storage/Messages': readTable },
    withKey: readUnderKey,
  },
  'Gateway/ListInboundRole': {
    service: 'lambda',
    entry: 'lambdas/list-inbound.ts',
    onBehalf: writeLog,
    needs: { 'Gateway/ListInboundLog': writeLog, 'Gateway/Storage/Messages': readTable },
    withKey: readUnderKey,
  },
  'Gateway/KeepInboundRole': {
    service: 'lambda',
    entry: 'lambdas/keep-inbound.ts',
    needs: {
      'Gateway/KeepInboundLog': writeLog,
      'Gateway/Storage/Messages': ['dynamodb:PutItem'],
      'Gateway/Messaging/InboundKept': ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    },
    onBehalf: [...writeLog, 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    withKey: tableUnderKey,
  },
  'Gateway/TrackEventsRole': {
    service: 'lambda',
    entry: 'lambdas/track-events.ts',
    needs: {
      'Gateway/TrackEventsLog': writeLog,
      'Gateway/Storage/Messages': useTable,
      'Gateway/Messaging/Status': ['sns:Publish'],
      'Gateway/Messaging/Inbound': ['sns:Publish'],
      'Gateway/Messaging/EventsDeadLetters': ['sqs:SendMessage'],
      // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-lambda-function-trigger.html
      'Gateway/Messaging/Events': ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    },
    onBehalf: [...writeLog, 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
    withKey: tableUnderKey,
  },
  'Gateway/SettleDueRole': {
    service: 'lambda',
    entry: 'lambdas/settle-due.ts',
    onBehalf: writeLog,
    needs: {
      'Gateway/SettleDueLog': writeLog,
      'Gateway/Storage/Messages': useTable,
      'Gateway/Storage/Messages/index/due': ['dynamodb:Query'],
      'Gateway/Messaging/Status': ['sns:Publish'],
      'Gateway/Messaging/Inbound': ['sns:Publish'],
    },
    withKey: tableUnderKey,
  },
  'Gateway/Carrier-acme/Connector/Task/TaskRole': connector('acme', 'Gateway/Carrier-acme/Secret/Password'),
  'Gateway/Carrier-other/Connector/Task/TaskRole': connector('other', secretArn, receiversArn),
  'Gateway/Carrier-pair/Connector/Task/TaskRole': connector(
    'pair',
    'Gateway/Carrier-pair/Secret/Password',
    'Gateway/Carrier-pair/Secret/ReceiverPassword',
    'Gateway/Carrier-pair/Secret/ClientCertificate',
  ),
  'Gateway/Carrier-acme/Connector/Task/ExecutionRole': execution('acme'),
  'Gateway/Carrier-other/Connector/Task/ExecutionRole': execution('other'),
  'Gateway/Carrier-pair/Connector/Task/ExecutionRole': execution('pair'),
  'Gateway/Network/Vpc/Rejected/IAMRole': {
    service: 'vpc-flow-logs',
    needs: { 'Gateway/Network/RejectedLog': [...writeLog, 'logs:DescribeLogStreams'] },
  },
  // By a policy of AWS's own, since API Gateway takes no other.
  'Gateway/Api/RestApi/CloudWatchRole': { service: 'apigateway', needs: {} },
};

const paths = Object.keys(jobs);

function jobOf(path: string): Job {
  const job = jobs[path];
  if (job === undefined) throw new Error(`${path} has no job`);
  return job;
}

function arnIn(template: Template, resource: string): string {
  if (/^(arn:|\*)/.test(resource)) return resource;
  const [path = '', index] = resource.split('/index/');
  return index === undefined ? template.arnAt(path) : `${template.arnAt(path)}/index/${index}`;
}

interface Pair {
  readonly action: string;
  readonly on: string;
}

function pairs(template: Template, needs: Needs): Pair[] {
  return Object.entries(needs).flatMap(([resource, actions]) =>
    actions.map((action) => ({ action, on: arnIn(template, resource) })),
  );
}

function needsOf(path: string, template: Template): Pair[] {
  const { needs, withKey = [] } = jobOf(path);
  return pairs(template, { ...needs, ...(template === underKey && { [keyArn]: withKey }) });
}

const inWords = ({ action, on }: Pair) => `${action} on ${on}`;

test('every role has a job', () => {
  const roles = plain.all('IAM::Role').map(({ id }) => id);
  expect(paths.map((path) => plain.at(path).id).sort()).toEqual(roles.sort());
});

test.each(paths)('%s is taken by its service alone', (path) => {
  expect(roleAt(plain, path).service).toBe(`${jobOf(path).service}.amazonaws.com`);
});

/** What nobody who takes one part over may do to another part, to another carrier, or to anything else in the account. */
const tempting: Needs = {
  ...Object.fromEntries(
    [
      'Gateway/Carrier-acme/Urgent',
      'Gateway/Carrier-other/Normal',
      'Gateway/Carrier-other/DeadLetters',
      'Gateway/Messaging/Events',
      'Gateway/Messaging/EventsDeadLetters',
      'Gateway/Messaging/InboundKept',
      'Gateway/Messaging/InboundDeadLetters',
      `arn:aws:sqs:${region}:${account}:of-somebody-else`,
    ].map((queue) => [
      queue,
      [
        'sqs:AddPermission',
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:DeleteQueue',
        'sqs:GetQueueAttributes',
        'sqs:PurgeQueue',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
        'sqs:SetQueueAttributes',
      ],
    ]),
  ),
  'Gateway/Messaging/Inbound': ['sns:DeleteTopic', 'sns:Publish', 'sns:SetTopicAttributes', 'sns:Subscribe'],
  'Gateway/Messaging/Status': ['sns:DeleteTopic', 'sns:Publish', 'sns:SetTopicAttributes', 'sns:Subscribe'],
  'Gateway/Storage/Messages': [
    'dynamodb:BatchGetItem',
    'dynamodb:BatchWriteItem',
    'dynamodb:DeleteItem',
    'dynamodb:DeleteTable',
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'dynamodb:Scan',
    'dynamodb:UpdateItem',
    'dynamodb:UpdateTable',
  ],
  'Gateway/Storage/Messages/index/due': ['dynamodb:Query', 'dynamodb:Scan'],
  ...Object.fromEntries(
    [
      'Gateway/Carrier-acme/Secret/Password',
      'Gateway/Carrier-pair/Secret/ReceiverPassword',
      'Gateway/Carrier-pair/Secret/ClientCertificate',
      secretArn,
      receiversArn,
      secretArn.replace('mine', 'of-somebody-else'),
    ].map((secret) => [
      secret,
      [
        'secretsmanager:DeleteSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecret',
      ],
    ]),
  ),
  [keyArn]: ['kms:CreateGrant', 'kms:Decrypt', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'],
  [keyArn.replace('key/1', 'key/2')]: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
  'Gateway/SendMessage': ['lambda:InvokeFunction', 'lambda:UpdateFunctionCode'],
  'Gateway/SettleDueRole': ['iam:PassRole', 'iam:PutRolePolicy', 'sts:AssumeRole'],
  'Gateway/SendMessageLog': ['logs:CreateLogStream', 'logs:DeleteLogGroup', 'logs:PutLogEvents'],
  'Gateway/Carrier-other/Connector/Log': ['logs:CreateLogStream', 'logs:PutLogEvents'],
  'arn:aws:s3:::of-somebody-else/object': ['s3:GetObject', 's3:PutObject'],
  [`arn:aws:ssm:${region}:${account}:parameter/of-somebody-else`]: ['ssm:GetParameter'],
  [`arn:aws:apigateway:${region}::/apikeys/of-somebody-else`]: ['apigateway:GET'],
  '*': ['ec2:DescribeInstances', 'iam:ListRoles', 'ecr:GetAuthorizationToken', 'secretsmanager:ListSecrets'],
};

describe.each([
  ['with keys of AWS’s own', plain],
  ['with a key of the user’s', underKey],
])('%s', (_, template) => {
  test.each(paths)('%s may do its job', async (path) => {
    const role = roleAt(template, path);
    const denied: string[] = [];
    for (const pair of needsOf(path, template)) {
      if ((await decide({ role, ...pair })) !== 'Allowed') denied.push(inWords(pair));
    }
    expect(denied).toEqual([]);
  });

  test.each(paths)('%s is granted nothing else', (path) => {
    expect(grantsOf(roleAt(template, path))).toEqual(needsOf(path, template).map(inWords).sort());
  });

  test.each(paths)('%s may do nothing that is not its job', async (path) => {
    const role = roleAt(template, path);
    const needed = new Set(needsOf(path, template).map(inWords));
    const allowed: string[] = [];
    for (const pair of pairs(template, tempting)) {
      if ((await decide({ role, ...pair })) !== 'ImplicitlyDenied') allowed.push(inWords(pair));
    }
    expect(allowed.filter((pair) => !needed.has(pair))).toEqual([]);
  });
});

const withSource = paths.filter((path) => jobOf(path).entry !== undefined);

test.each(withSource)('%s needs what the source calls, and what AWS does in its name', (path) => {
  const { entry = '', needs, onBehalf = [] } = jobOf(path);
  expect(new Set(Object.values(needs).flat())).toEqual(new Set([...awsCallsOf(entry), ...onBehalf]));
});

function withoutHash(id: string): string {
  return id.replace(/[0-9A-F]{8}$/, '');
}

describe('in all policies of roles', () => {
  const grants = plain.all('IAM::Role').flatMap(({ id }) => grantsOf(roleAt(plain, withoutHash(id))));
  const actionOf = (grant: string) => grant.replace(/ on .*/, '');

  test('no action has a wildcard', () => {
    expect(grants.map(actionOf).filter((action) => action.includes('*'))).toEqual([]);
  });

  test('the only action on everything is the one that has no resource', () => {
    const onAll = grants.filter((grant) => grant.endsWith(' on *')).map(actionOf);
    expect(new Set(onAll)).toEqual(new Set(['ecr:GetAuthorizationToken']));
  });

  test('the only other wildcard is for the streams of a log', () => {
    const others = grants.filter((grant) => /\*/.test(grant) && !grant.endsWith(' on *'));
    expect(others.filter((grant) => !/^logs:\w+ on arn:aws:logs:[^*]*:log-group:[^*]*:\*$/.test(grant))).toEqual([]);
  });

  test('the only one of AWS’s own is the one for which API Gateway takes no other', () => {
    const managed = paths.flatMap((path) => roleAt(plain, path).managed);
    expect(managed).toEqual(['arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs']);
  });

  test.each(['IAM::ManagedPolicy', 'IAM::User', 'IAM::Group'])('none is hidden in an %s', (type) => {
    expect(plain.all(type)).toEqual([]);
  });
});

const administrator: Role = {
  arn: `arn:aws:iam::${account}:role/administrator`,
  service: 'ec2.amazonaws.com',
  policies: [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }],
  managed: [],
};

const guarded = [
  ...plain.all('SQS::Queue').map(({ id }) => ({ path: withoutHash(id), action: 'sqs:ReceiveMessage' })),
  ...plain.all('SNS::Topic').map(({ id }) => ({ path: withoutHash(id), action: 'sns:Publish' })),
];

/** Of a queue or topic. */
function policyOf(path: string): unknown {
  const policies = [...plain.all('SQS::QueuePolicy'), ...plain.all('SNS::TopicPolicy')];
  const found = policies.filter(({ properties: { Queues, Topics } }) =>
    [Queues ?? Topics].flat().includes(plain.refAt(path)),
  );
  if (found.length !== 1) throw new Error(`${path} must have one policy, got ${found.length}`);
  return found[0]?.properties.PolicyDocument;
}

describe.each(guarded)('$path', ({ path, action }) => {
  const call = { action, on: plain.arnAt(path), resourcePolicy: policyOf(path) };

  test('refuses anybody who does not call over TLS', async () => {
    expect(await decide({ ...call, role: administrator, overTls: false })).toBe('ExplicitlyDenied');
  });

  test('refuses nobody else', async () => {
    expect(await decide({ ...call, role: administrator })).toBe('Allowed');
  });

  test('lets nobody in who has no policy for it', async () => {
    expect(await decide({ ...call, role: { ...administrator, policies: [] } })).toBe('ImplicitlyDenied');
  });
});
