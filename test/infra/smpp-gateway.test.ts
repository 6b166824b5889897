import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '#contract/environment.ts';
import { routes } from '#contract/routes.ts';
import { carrierOf } from '../support/config-file.ts';
import { synthesize, templateOf } from '../support/stack.ts';
import type { RawTemplate, Template } from '../support/template.ts';

const acme = carrierOf({ name: 'acme', prefixes: ['44', '353'], defaultSender: 'Acme' });
const other = carrierOf({ name: 'other', hosts: [{ host: '203.0.113.7', port: 3550 }], binds: 3 });

const template = templateOf({ carriers: [acme, other] });

/** File in `lambdas/`, and the construct of its function. */
const functions = {
  'send-message': 'Gateway/SendMessage',
  'preview-message': 'Gateway/PreviewMessage',
  'get-message': 'Gateway/GetMessage',
  'list-carriers': 'Gateway/ListCarriers',
  'list-inbound': 'Gateway/ListInbound',
  'track-events': 'Gateway/TrackEvents',
  'settle-due': 'Gateway/SettleDue',
  'keep-inbound': 'Gateway/KeepInbound',
};
const entries = Object.keys(functions) as (keyof typeof functions)[];
const behindTheApi = entries.slice(0, 5);

function propertiesOf(entry: keyof typeof functions, of: Template = template): Record<string, unknown> {
  return of.at(functions[entry]).properties;
}

function variablesOf(entry: keyof typeof functions, of: Template = template): Record<string, string> {
  const { Variables } = propertiesOf(entry, of).Environment as { Variables: Record<string, string> };
  return Variables;
}

/** Names of the variables that the source asks `lambdas/config.ts` for. */
function variablesReadBy(entry: string): string[] {
  const source = readFileSync(join(__dirname, '..', '..', 'lambdas', `${entry}.ts`), 'utf8');
  const needed = source.match(/readEnvironment\(\[([^\]]*)\]/)?.[1] ?? '';
  const names = [...`${needed} ${source.match(/readWholeNumber\('\w+'/g)?.join() ?? ''}`.matchAll(/'(\w+)'/g)];
  return names.map(([, name]) => environment[name as keyof typeof environment]);
}

test('there are no functions but ours', () => {
  expect(
    template
      .all('Lambda::Function')
      .map(({ id }) => id)
      .sort(),
  ).toEqual(
    Object.values(functions)
      .map((path) => template.at(path).id)
      .sort(),
  );
});

describe.each(entries)('%s', (entry) => {
  test('runs on ARM64', () => {
    expect(propertiesOf(entry).Architectures).toEqual(['arm64']);
  });

  test('runs on Node 24', () => {
    expect(propertiesOf(entry).Runtime).toBe('nodejs24.x');
  });

  test('has a role of its own', () => {
    expect(propertiesOf(entry).Role).toBe(template.arnAt(`${functions[entry]}Role`));
  });

  test('writes to a log of its own', () => {
    expect(propertiesOf(entry).LoggingConfig).toEqual({ LogGroup: template.refAt(`${functions[entry]}Log`) });
  });

  test('is given what it reads, and nothing else', () => {
    const read = variablesReadBy(entry);
    expect(read).toContain('TABLE_NAME');
    expect(Object.keys(variablesOf(entry)).sort()).toEqual(read.sort());
  });

  test('is given the table', () => {
    expect(variablesOf(entry).TABLE_NAME).toBe(template.refAt('Gateway/Storage/Messages'));
  });

  test('is not in a VPC, where it would need a way out', () => {
    expect(propertiesOf(entry)).not.toHaveProperty('VpcConfig');
  });
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const apiGatewaySeconds = 29;
/** `leaseMs` in lambdas/claims.ts: who has lost the claim must not be running any more. */
const leaseSeconds = 30;

test.each(behindTheApi)('%s ends before API Gateway gives up', (entry) => {
  expect(propertiesOf(entry).Timeout).toBeLessThan(apiGatewaySeconds);
});

test('send-message ends before its claim of an Idempotency-Key lapses', () => {
  expect(readFileSync(join(__dirname, '..', '..', 'lambdas', 'claims.ts'), 'utf8')).toContain(
    `const leaseMs = ${leaseSeconds}_000;`,
  );
  expect(propertiesOf('send-message').Timeout).toBeLessThan(leaseSeconds);
});

test('send-message has the config’s limits', () => {
  const limited = templateOf({ maxSegments: 3, retainTextDays: 7 });
  expect(variablesOf('send-message', limited)).toMatchObject({ MAX_SEGMENTS: '3', RETAIN_TEXT_DAYS: '7' });
});

test.each(['list-inbound', 'keep-inbound'] as const)('%s forgets texts when the config says so', (entry) => {
  expect(variablesOf(entry, templateOf({ retainTextDays: 7 }))).toMatchObject({ RETAIN_TEXT_DAYS: '7' });
});

test.each(['send-message', 'preview-message', 'list-carriers'] as const)(
  '%s is told the routes, in the order of the config',
  (entry) => {
    const told: unknown = JSON.parse(variablesOf(entry).ROUTES ?? '');
    expect(routes.safeParse(told).success).toBe(true);
    expect(told).toEqual([
      {
        carrier: 'acme',
        urgentQueueUrl: template.refAt('Gateway/Carrier-acme/Urgent'),
        normalQueueUrl: template.refAt('Gateway/Carrier-acme/Normal'),
        prefixes: ['44', '353'],
        defaultSender: 'Acme',
      },
      {
        carrier: 'other',
        urgentQueueUrl: template.refAt('Gateway/Carrier-other/Urgent'),
        normalQueueUrl: template.refAt('Gateway/Carrier-other/Normal'),
        prefixes: [],
      },
    ]);
  },
);

test.each(['track-events', 'settle-due'] as const)('%s publishes to the status topic', (entry) => {
  expect(variablesOf(entry).STATUS_TOPIC_ARN).toBe(template.refAt('Gateway/Messaging/Status'));
});

test('track-events sends what it cannot read to the dead-letter queue of the events', () => {
  expect(variablesOf('track-events').EVENTS_DEAD_LETTER_QUEUE_URL).toBe(
    template.refAt('Gateway/Messaging/EventsDeadLetters'),
  );
});

const sources = template.all('Lambda::EventSourceMapping');

test('there are two event sources', () => {
  expect(sources).toHaveLength(2);
});

describe.each([
  { queue: 'Events', by: 'TrackEvents', atOnce: 5 },
  { queue: 'InboundKept', by: 'KeepInbound', atOnce: 2 },
])('the event source of $by', ({ queue, by, atOnce }) => {
  const arn = template.arnAt(`Gateway/Messaging/${queue}`);
  const source = sources.find(({ properties }) => properties.EventSourceArn === arn)?.properties ?? {};

  test(`leads to it from the queue ${queue}`, () => {
    expect(source.FunctionName).toBe(template.refAt(`Gateway/${by}`));
    expect(source.Enabled ?? true).toBe(true);
  });

  test('lets the function fail one record, not all of them', () => {
    expect(source.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
  });

  test('gives ten records at a time, without waiting for them', () => {
    expect(source.BatchSize).toBe(10);
    expect(source.MaximumBatchingWindowInSeconds ?? 0).toBe(0);
  });

  test('leaves the API its share of a new account’s ten executions', () => {
    expect(source.ScalingConfig).toEqual({ MaximumConcurrency: atOnce });
  });
});

describe('the schedule', () => {
  const [rule, ...more] = template.all('Events::Rule');

  test('is the only one, every minute', () => {
    expect(more).toEqual([]);
    expect(rule?.properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
  });

  test('calls settle-due, and does not try again: the next minute does what this one did not', () => {
    expect(rule?.properties.Targets).toEqual([
      {
        Id: 'Target0',
        Arn: template.arnAt('Gateway/SettleDue'),
        RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
      },
    ]);
  });

  test('may call it', () => {
    const permissions = template.all('Lambda::Permission').map(({ properties }) => properties);
    expect(permissions.filter(({ Principal }) => Principal === 'events.amazonaws.com')).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: template.arnAt('Gateway/SettleDue'),
        Principal: 'events.amazonaws.com',
        SourceArn: template.arnAt('Gateway/EveryMinute'),
      },
    ]);
  });
});

describe('of two carriers', () => {
  test.each([
    'Urgent',
    'Normal',
    'DeadLetters',
    'Secret/Password',
    'Connector/Log',
    'Connector/Service',
    'Connector/Task',
  ])('each has its own %s', (part) => {
    const ids = ['acme', 'other'].map((name) => template.at(`Gateway/Carrier-${name}/${part}`).id);
    expect(new Set(ids).size).toBe(2);
  });

  test('the lanes give up into the carrier’s own dead-letter queue', () => {
    for (const name of ['acme', 'other']) {
      const { RedrivePolicy } = template.at(`Gateway/Carrier-${name}/Normal`).properties;
      expect(RedrivePolicy).toMatchObject({
        deadLetterTargetArn: template.arnAt(`Gateway/Carrier-${name}/DeadLetters`),
      });
    }
  });

  test('the services share a cluster and an image', () => {
    expect(template.all('ECS::Cluster')).toHaveLength(1);
    const images = template.all('ECS::TaskDefinition').map(({ properties }) => {
      const [container] = properties.ContainerDefinitions as { Image: string }[];
      return container?.Image;
    });
    expect(images).toHaveLength(2);
    expect(new Set(images).size).toBe(1);
  });
});

describe('when a second carrier comes, or goes again,', () => {
  const alone = synthesize({ carriers: [acme] });
  const both = synthesize({ carriers: [acme, other] });
  const otherFirst = synthesize({ carriers: [other, acme] });

  /** Whose properties, or anything else of theirs, differ. */
  const changed = (from: RawTemplate, to: RawTemplate) =>
    Object.keys(from.Resources)
      .filter((id) => id in to.Resources)
      .filter((id) => JSON.stringify(from.Resources[id]) !== JSON.stringify(to.Resources[id]))
      .map((id) => id.replace(/[0-9A-F]{8}$/, ''));

  test('nothing of the first goes', () => {
    expect(Object.keys(alone.Resources).filter((id) => !(id in both.Resources))).toEqual([]);
  });

  test('all that comes is the second’s', () => {
    const added = Object.keys(both.Resources).filter((id) => !(id in alone.Resources));
    expect(added.filter((id) => !id.startsWith('GatewayCarrierother'))).toEqual([]);
  });

  test('only the routes change, and to what send-message may send', () => {
    expect(changed(alone, both)).toEqual([
      'GatewaySendMessageRoleDefaultPolicy',
      'GatewaySendMessage',
      'GatewayPreviewMessage',
      'GatewayListCarriers',
    ]);
  });

  test('the outputs of the first stay', () => {
    expect(both.Outputs).toMatchObject(alone.Outputs);
  });

  test('their order changes only the routes', () => {
    expect(
      changed(both, otherFirst).filter((id) => !/^Gateway(SendMessage|PreviewMessage|ListCarriers)$/.test(id)),
    ).toEqual([]);
    expect(Object.keys(otherFirst.Resources).sort()).toEqual(Object.keys(both.Resources).sort());
  });
});
