import { rootCertificates } from 'node:tls';
import { carrierProfile } from '#contract/carrier.ts';
import { healthCheckCommand } from '#contract/health-check.ts';
import { forcedExitSeconds, stopTimeoutSeconds } from '#contract/stop-times.ts';
import { readConfig } from '../../connector/config.ts';
import { carrierOf } from '../support/config-file.ts';
import { templateOf } from '../support/stack.ts';
import type { Template } from '../support/template.ts';

const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:acme-AbCdEf';
const acme = { name: 'acme', hosts: [{ host: 'smsc.example.com', port: 2776 }], prefixes: ['44'], binds: 2 };

const pair = { bindMode: 'transmitter-receiver' };

const template = templateOf({ carriers: [carrierOf({ ...acme, taskCpu: 512, taskMemoryMiB: 2_048 })] });

interface Container {
  readonly Environment: readonly { readonly Name: string; readonly Value: string }[];
  readonly [property: string]: unknown;
}

function containerOf(of: Template): Container {
  const containers = of.at('Gateway/Carrier-acme/Connector/Task').properties.ContainerDefinitions as Container[];
  const [container] = containers;
  if (container === undefined || containers.length > 1) throw new Error('the task must have one container');
  return container;
}

function environmentOf(of: Template): Record<string, string> {
  return Object.fromEntries(containerOf(of).Environment.map(({ Name, Value }) => [Name, Value]));
}

describe('the task', () => {
  const task = template.at('Gateway/Carrier-acme/Connector/Task').properties;

  test('runs on ARM64', () => {
    expect(task.RuntimePlatform).toEqual({ CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' });
  });

  test('has the carrier’s CPU and memory', () => {
    expect(task).toMatchObject({ Cpu: '512', Memory: '2048' });
  });

  test('may use all of its memory in its one container', () => {
    expect(containerOf(template).Memory).toBe(2_048);
  });

  test('calls AWS by another role than the one by which it is started', () => {
    expect(task.TaskRoleArn).toBe(template.arnAt('Gateway/Carrier-acme/Connector/Task/TaskRole'));
    expect(task.ExecutionRoleArn).toBe(template.arnAt('Gateway/Carrier-acme/Connector/Task/ExecutionRole'));
  });

  test('is for Fargate', () => {
    expect(task).toMatchObject({ RequiresCompatibilities: ['FARGATE'], NetworkMode: 'awsvpc' });
  });
});

describe('the container', () => {
  const container = containerOf(template);

  test('cannot write to its file system', () => {
    expect(container.ReadonlyRootFilesystem).toBe(true);
  });

  test('is not run by root', () => {
    expect(container.User).toBe('1000:1000');
  });

  test('has no capability of the kernel', () => {
    expect(container.LinuxParameters).toEqual({ Capabilities: { Drop: ['ALL'] } });
  });

  test('is not killed before it has ended itself', () => {
    expect(container.StopTimeout).toBe(stopTimeoutSeconds);
    expect(stopTimeoutSeconds).toBeGreaterThan(forcedExitSeconds);
  });

  test('is asked for its health without a shell', () => {
    const { Command } = container.HealthCheck as { Command: string[] };
    expect(Command).toEqual([...healthCheckCommand]);
    expect(Command[0]).toBe('CMD');
  });

  test('has time to answer for its health, and to start', () => {
    expect(container.HealthCheck).toMatchObject({ Interval: 30, Timeout: 5, Retries: 3, StartPeriod: 30 });
  });

  test('drops lines of its log where CloudWatch is slow, rather than its bind', () => {
    expect(container.LogConfiguration).toMatchObject({ LogDriver: 'awslogs', Options: { mode: 'non-blocking' } });
  });

  test('writes to the log of its carrier', () => {
    const group = template.refAt('Gateway/Carrier-acme/Connector/Log');
    expect(container.LogConfiguration).toMatchObject({ Options: { 'awslogs-group': group } });
  });

  test('listens on no port', () => {
    expect(container.PortMappings ?? []).toEqual([]);
  });
});

describe('the environment of the container', () => {
  const config = readConfig(environmentOf(template));

  test('is what the connector reads, and nothing else', () => {
    expect(Object.keys(environmentOf(template)).sort()).toEqual([
      'CARRIER_PROFILE',
      'EVENTS_DEAD_LETTER_QUEUE_URL',
      'EVENTS_QUEUE_URL',
      'INBOUND_TOPIC_ARN',
      'NORMAL_QUEUE_URL',
      'OUTBOUND_DEAD_LETTER_QUEUE_URL',
      'URGENT_QUEUE_URL',
    ]);
  });

  test('names the queues of the carrier, and the queues and the topic of all', () => {
    expect(config).toMatchObject({
      urgentQueueUrl: template.refAt('Gateway/Carrier-acme/Urgent'),
      normalQueueUrl: template.refAt('Gateway/Carrier-acme/Normal'),
      outboundDeadLetterQueueUrl: template.refAt('Gateway/Carrier-acme/DeadLetters'),
      eventsQueueUrl: template.refAt('Gateway/Messaging/Events'),
      eventsDeadLetterQueueUrl: template.refAt('Gateway/Messaging/EventsDeadLetters'),
      inboundTopicArn: template.refAt('Gateway/Messaging/Inbound'),
    });
  });

  test('has the profile as the user wrote it, with its defaults, but for what is not of the bind', () => {
    const written = carrierProfile.parse(carrierOf(acme));
    const { password, ...rest } = config.carrier;
    expect(rest).toEqual({ ...written, binds: 1, prefixes: [] });
  });

  test('has how the bind is made', () => {
    const bind = {
      tls: { ca: rootCertificates[0], servername: 'smsc.example.com' },
      bindMode: 'transmitter-receiver',
      receiver: { hosts: [{ host: 'rx.example.com', port: 2_777 }], systemId: 'rx', systemType: 'RX' },
      maxMessagesPerSession: 1_000,
      reconnect: { minDelayMs: 45_000, alreadyBoundStatuses: [5, 6] },
    };
    const of = templateOf({ carriers: [carrierOf({ ...acme, ...bind })] });
    expect(readConfig(environmentOf(of)).carrier).toMatchObject(bind);
  });

  test('names no secret for what the carrier has none of its own', () => {
    const of = templateOf({ carriers: [carrierOf({ ...acme, ...pair, receiver: { systemId: 'rx' }, tls: {} })] });
    const { receiver, tls } = JSON.parse(environmentOf(of).CARRIER_PROFILE ?? '');
    expect(receiver).toEqual({ systemId: 'rx' });
    expect(tls).toEqual({ minVersion: 'TLSv1.2', allowUnverifiedServer: false });
  });

  test.each<[string, object, (of: Template) => Record<'password' | 'receiver' | 'certificate', string>]>([
    [
      'the stack made',
      { env: 'X' },
      (of) => ({
        password: of.refAt('Gateway/Carrier-acme/Secret/Password'),
        receiver: of.refAt('Gateway/Carrier-acme/Secret/ReceiverPassword'),
        certificate: of.refAt('Gateway/Carrier-acme/Secret/ClientCertificate'),
      }),
    ],
    [
      'the user named',
      { secretArn },
      (of) => ({
        password: of.refAt('Gateway/Carrier-acme/Secret/Password'),
        receiver: secretArn,
        certificate: secretArn,
      }),
    ],
  ])('names each secret that %s, by itself', (_, source, arnsIn) => {
    const options = { ...pair, receiver: { password: source }, tls: { clientCertificate: source } };
    const of = templateOf({ carriers: [carrierOf({ ...acme, ...options })] });
    const { password, receiver, certificate } = arnsIn(of);
    expect(readConfig(environmentOf(of)).carrier).toMatchObject({
      password: { secretArn: password },
      receiver: { password: { secretArn: receiver } },
      tls: { clientCertificate: { secretArn: certificate } },
    });
    expect(environmentOf(of).CARRIER_PROFILE).not.toContain('"env"');
  });

  test.each<[string, object]>([
    ['prefixes', { prefixes: ['353'] }],
    ['default sender', { defaultSender: 'Acme' }],
    ['binds', { binds: 3 }],
  ])('stays as it is when the carrier’s %s changes, so that no bind is interrupted', (_, change) => {
    const before = templateOf({ carriers: [carrierOf(acme)] });
    const after = templateOf({ carriers: [carrierOf({ ...acme, ...change })] });
    expect(after.at('Gateway/Carrier-acme/Connector/Task')).toEqual(before.at('Gateway/Carrier-acme/Connector/Task'));
  });

  test('knows of how many it is one where the account has a rate, and so its share', () => {
    const of = templateOf({ carriers: [carrierOf({ ...acme, messagesPerSecond: 30 })] });
    expect(JSON.parse(environmentOf(of).CARRIER_PROFILE ?? '')).toMatchObject({ binds: 2, messagesPerSecond: 30 });
  });

  test.each<[string, object, string]>([
    ['the stack made', {}, 'the secret of the stack'],
    [
      'the stack made, where the config has a place that is only there locally',
      { env: 'X' },
      'the secret of the stack',
    ],
    ['the user named', { secretArn }, secretArn],
  ])('names the secret that %s', (_, password, expected) => {
    const carriers = [carrierOf({ ...acme, ...(Object.keys(password).length > 0 && { password }) })];
    const of = templateOf({ carriers });
    const named = expected === secretArn ? secretArn : of.refAt('Gateway/Carrier-acme/Secret/Password');
    expect(readConfig(environmentOf(of)).carrier.password).toEqual({ secretArn: named });
  });

  test('has text that JSON escapes as it was', () => {
    const systemType = 'a"b\\c';
    const of = templateOf({ carriers: [carrierOf({ ...acme, systemType })] });
    expect(readConfig(environmentOf(of)).carrier.systemType).toBe(systemType);
  });
});

describe('the service', () => {
  const service = template.at('Gateway/Carrier-acme/Connector/Service').properties;

  test('goes back to what ran before when new tasks do not come up', () => {
    const { DeploymentCircuitBreaker } = service.DeploymentConfiguration as Record<string, unknown>;
    expect(DeploymentCircuitBreaker).toEqual({ Enable: true, Rollback: true });
  });

  test('never starts a task before it has stopped one, to balance zones', () => {
    expect(service.AvailabilityZoneRebalancing).toBe('DISABLED');
  });

  test('has no load balancer: nobody calls it', () => {
    expect(service.LoadBalancers ?? []).toEqual([]);
    expect(template.resources.filter(({ type }) => type.startsWith('AWS::ElasticLoadBalancing'))).toEqual([]);
  });

  test('is on Fargate', () => {
    expect(service.LaunchType).toBe('FARGATE');
  });

  test('lets nobody into its containers', () => {
    expect(service.EnableExecuteCommand ?? false).toBe(false);
  });

  test('is not scaled by anybody: the carrier gives out binds', () => {
    expect(template.resources.filter(({ type }) => type.startsWith('AWS::ApplicationAutoScaling'))).toEqual([]);
  });
});

interface Deployment {
  readonly MinimumHealthyPercent: number;
  readonly MaximumPercent: number;
}

const counts = [1, 2, 3, 5, 7, 100];
const carriers = counts.map((binds) => carrierOf({ name: `binds-${binds}`, binds }));
const many = templateOf({ carriers });

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html: the one rounds down, the other up */
function limitsOf(tasks: number, { MinimumHealthyPercent, MaximumPercent }: Deployment) {
  return {
    most: Math.floor((tasks * MaximumPercent) / 100),
    fewest: Math.ceil((tasks * MinimumHealthyPercent) / 100),
  };
}

describe.each(counts)('a carrier with %p binds', (binds) => {
  const service = many.at(`Gateway/Carrier-binds-${binds}/Connector/Service`).properties;
  const { most, fewest } = limitsOf(binds, service.DeploymentConfiguration as Deployment);

  test('has as many tasks', () => {
    expect(service.DesiredCount).toBe(binds);
  });

  test('has never more tasks than that, not even during a deployment', () => {
    expect(most).toBe(binds);
  });

  test('changes one task at a time, so that a deployment gets on and the other binds stay', () => {
    expect(fewest).toBe(binds - 1);
  });
});

describe('the security group', () => {
  const rulesOf = (hosts: object[], of: object = {}) =>
    templateOf({ carriers: [carrierOf({ hosts, ...of })] }).at('Gateway/Carrier-acme/Connector/SecurityGroup')
      .properties.SecurityGroupEgress as { CidrIp: string; FromPort: number; ToPort: number; IpProtocol: string }[];
  const outOf = (hosts: object[], of: object = {}) =>
    rulesOf(hosts, of).map(({ CidrIp, FromPort, ToPort, IpProtocol }) =>
      FromPort === ToPort ? `${IpProtocol} ${CidrIp}:${FromPort}` : `${IpProtocol} ${CidrIp}:${FromPort}-${ToPort}`,
    );
  const aws = 'tcp 0.0.0.0/0:443';

  test('lets nothing in', () => {
    const group = template.at('Gateway/Carrier-acme/Connector/SecurityGroup').properties;
    expect(group.SecurityGroupIngress ?? []).toEqual([]);
    expect(template.all('EC2::SecurityGroupIngress')).toEqual([]);
  });

  test('has all of its rules in itself', () => {
    expect(template.all('EC2::SecurityGroupEgress')).toEqual([]);
  });

  test.each<[string, object[], string[]]>([
    ['the port of a name, wherever that leads', [{ host: 'smsc.example.com' }], ['tcp 0.0.0.0/0:2775']],
    ['the address alone', [{ host: '203.0.113.7', port: 3000 }], ['tcp 203.0.113.7/32:3000']],
    [
      'every host',
      [{ host: '203.0.113.7' }, { host: 'smsc.example.com', port: 3550 }],
      ['tcp 203.0.113.7/32:2775', 'tcp 0.0.0.0/0:3550'],
    ],
    [
      'the port that two names share, once',
      [{ host: 'a.example.com' }, { host: 'b.example.com' }],
      ['tcp 0.0.0.0/0:2775'],
    ],
    ['no more where the SMSC has the port of AWS', [{ host: 'smsc.example.com', port: 443 }], []],
  ])('lets out to AWS and to %s', (_, hosts, expected) => {
    expect(outOf(hosts)).toEqual([aws, ...expected]);
  });

  test.each<[string, object[], string[]]>([
    ['has no host of its own, to the carrier’s', [], ['tcp 0.0.0.0/0:2775']],
    [
      'has another port and another address, to these too',
      [{ host: 'smsc.example.com', port: 2776 }, { host: '203.0.113.7' }],
      ['tcp 0.0.0.0/0:2775', 'tcp 0.0.0.0/0:2776', 'tcp 203.0.113.7/32:2775'],
    ],
    ['is where the transmitter is, once', [{ host: 'smsc.example.com' }], ['tcp 0.0.0.0/0:2775']],
    ['is elsewhere on the same port, once', [{ host: 'rx.example.com' }], ['tcp 0.0.0.0/0:2775']],
  ])('lets out, where a receiver %s', (_, hosts, expected) => {
    const receiver = hosts.length > 0 ? { hosts } : {};
    expect(outOf([{ host: 'smsc.example.com' }], { ...pair, receiver })).toEqual([aws, ...expected]);
  });

  test('is of the service', () => {
    const service = template.at('Gateway/Carrier-acme/Connector/Service').properties;
    const group = template.at('Gateway/Carrier-acme/Connector/SecurityGroup').id;
    expect(service.NetworkConfiguration).toMatchObject({ AwsvpcConfiguration: { SecurityGroups: [group] } });
  });
});
