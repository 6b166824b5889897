import type { CarrierProfileInput } from '#contract/carrier.ts';
import { forcedExitSeconds, stopTimeoutSeconds } from '#contract/stop-times.ts';
import { readConfig } from '../../connector/config.ts';
import { faultsOf } from '../support/faults.ts';

const profile: CarrierProfileInput = {
  name: 'acme',
  hosts: [{ host: 'smsc.example.com' }],
  systemId: 'gateway',
  password: { env: 'ACME_PASSWORD' },
};

function environment(given: Record<string, string | undefined> = {}): Record<string, string | undefined> {
  return {
    CARRIER_PROFILE: JSON.stringify(profile),
    URGENT_QUEUE_URL: 'https://sqs/urgent',
    NORMAL_QUEUE_URL: 'https://sqs/normal',
    OUTBOUND_DEAD_LETTER_QUEUE_URL: 'https://sqs/outbound-dlq',
    EVENTS_QUEUE_URL: 'https://sqs/events',
    EVENTS_DEAD_LETTER_QUEUE_URL: 'https://sqs/events-dlq',
    INBOUND_TOPIC_ARN: 'arn:inbound',
    ...given,
  };
}

test('each variable goes to its place, and what may be absent has its default', () => {
  expect(readConfig({ ...environment(), PATH: '/bin' })).toEqual({
    carrier: expect.objectContaining({ name: 'acme', window: 10 }),
    urgentQueueUrl: 'https://sqs/urgent',
    normalQueueUrl: 'https://sqs/normal',
    outboundDeadLetterQueueUrl: 'https://sqs/outbound-dlq',
    eventsQueueUrl: 'https://sqs/events',
    eventsDeadLetterQueueUrl: 'https://sqs/events-dlq',
    inboundTopicArn: 'arn:inbound',
    healthPort: 8_080,
    pollWaitSeconds: 5,
    drainSeconds: 15,
  });
});

test('a drain that takes all of its time still ends by itself, before it is ended by force, and that before ECS kills it', () => {
  // The wait for the peer to close, and for what is left to tell AWS: `closeWaitMs` and `lastCallsMs`.
  const afterTheDrain = 2 + 4;
  const { drainSeconds } = readConfig(environment());
  expect(drainSeconds + afterTheDrain).toBeLessThan(forcedExitSeconds);
  expect(forcedExitSeconds).toBeLessThan(stopTimeoutSeconds);
});

test('all faults are told at once, each with its variable', () => {
  const faults = faultsOf(() =>
    readConfig({ CARRIER_PROFILE: '{', INBOUND_TOPIC_ARN: '', HEALTH_PORT: '-1', POLL_WAIT_SECONDS: '21' }),
  );
  expect(faults.map((fault) => fault.match(/^\w+/)?.[0])).toEqual([
    'CARRIER_PROFILE',
    'URGENT_QUEUE_URL',
    'NORMAL_QUEUE_URL',
    'OUTBOUND_DEAD_LETTER_QUEUE_URL',
    'EVENTS_QUEUE_URL',
    'EVENTS_DEAD_LETTER_QUEUE_URL',
    'INBOUND_TOPIC_ARN',
    'HEALTH_PORT',
    'POLL_WAIT_SECONDS',
  ]);
});

test('a fault within the profile names its path', () => {
  const env = environment({ CARRIER_PROFILE: JSON.stringify({ ...profile, hosts: [{ host: 'a', port: 0 }] }) });
  expect(faultsOf(() => readConfig(env))).toEqual([expect.stringMatching(/^CARRIER_PROFILE\.hosts\.0\.port\b/)]);
});

test('a profile that does not say where its password is is refused', () => {
  const env = environment({ CARRIER_PROFILE: JSON.stringify({ ...profile, password: undefined }) });
  expect(faultsOf(() => readConfig(env))).toEqual([expect.stringMatching(/^CARRIER_PROFILE\.password must be\b/)]);
});

test('what else the profile says of the bind is read too, and what a receiver has not of its own stays open', () => {
  const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:acme-AbCdEf';
  const of = {
    ...profile,
    bindMode: 'transmitter-receiver',
    receiver: { hosts: [{ host: 'rx.example.com' }] },
    tls: { clientCertificate: { secretArn } },
    maxMessagesPerSession: 1_000,
  };
  expect(readConfig(environment({ CARRIER_PROFILE: JSON.stringify(of) })).carrier).toMatchObject({
    ...of,
    receiver: { hosts: [{ host: 'rx.example.com', port: 2_775 }] },
    tls: { clientCertificate: { secretArn }, minVersion: 'TLSv1.2', allowUnverifiedServer: false },
  });
});

test.each<[string, object]>([
  ["a receiver's password", { receiver: { password: 'hunter2' } }],
  ['a client certificate', { tls: { clientCertificate: 'hunter2' } }],
  ['a private key in place of who may sign', { tls: { ca: 'hunter2' } }],
])('%s that was put into the profile is refused and not repeated', (_, given) => {
  const env = environment({ CARRIER_PROFILE: JSON.stringify({ ...profile, ...given }) });
  const faults = faultsOf(() => readConfig(env));
  expect(faults).toEqual([expect.stringMatching(/^CARRIER_PROFILE\.\w/)]);
  expect(faults.join()).not.toContain('hunter2');
});

test('a password that was put into the profile is refused and not repeated', () => {
  const env = environment({ CARRIER_PROFILE: JSON.stringify({ ...profile, password: 'hunter2' }) });
  const faults = faultsOf(() => readConfig(env));
  expect(faults).toEqual([expect.stringMatching(/^CARRIER_PROFILE\.password\b/)]);
  expect(faults.join()).not.toContain('hunter2');
});

test.each(['', ' 8080', '8080.5', '8e3', '0x50', '65536'])('a health port of "%s" is refused', (port) => {
  const faults = faultsOf(() => readConfig(environment({ HEALTH_PORT: port })));
  expect(faults).toEqual([expect.stringMatching(/^HEALTH_PORT\b/)]);
});

test('port 0 and a poll of one second are allowed', () => {
  expect(readConfig(environment({ HEALTH_PORT: '0', POLL_WAIT_SECONDS: '1' }))).toMatchObject({
    healthPort: 0,
    pollWaitSeconds: 1,
  });
});
