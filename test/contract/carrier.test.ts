import { type CarrierProfileInput, carrierProfile } from '#contract/carrier.ts';

const smallest: CarrierProfileInput = {
  name: 'acme',
  hosts: [{ host: 'smsc.example.com' }],
  systemId: 'gateway',
  password: { env: 'ACME_PASSWORD' },
};

function faultsOf(profile: unknown): string[] {
  const result = carrierProfile.safeParse(profile);
  return result.success ? [] : result.error.issues.map(({ path }) => path.join('.'));
}

test('four fields make a carrier; the rest suits a standard SMSC', () => {
  expect(carrierProfile.parse(smallest)).toEqual({
    name: 'acme',
    hosts: [{ host: 'smsc.example.com', port: 2775 }],
    systemId: 'gateway',
    password: { env: 'ACME_PASSWORD' },
    binds: 1,
    taskCpu: 256,
    taskMemoryMiB: 512,
    systemType: '',
    interfaceVersion: 0x34,
    addressRange: '',
    bindTon: 0,
    bindNpi: 0,
    prefixes: [],
    window: 10,
    bindTimeoutMs: 15_000,
    responseTimeoutMs: 30_000,
    enquireLink: { idleMs: 20_000, timeoutMs: 10_000 },
    reconnect: { firstDelayMs: 250, maxDelayMs: 8_000, healthyAfterMs: 10_000 },
    throttleStatuses: [0x14, 0x58],
    deliverRetryStatus: 0x58,
  });
});

test('of a group of settings one may be set alone', () => {
  const { enquireLink } = carrierProfile.parse({ ...smallest, enquireLink: { idleMs: 5_000 } });
  expect(enquireLink).toEqual({ idleMs: 5_000, timeoutMs: 10_000 });
});

test.each<[string, string, object]>([
  ['a name that no queue could have', 'name', { name: 'Acme_1' }],
  ['a name over 32 characters', 'name', { name: 'a'.repeat(33) }],
  ['no host', 'hosts', { hosts: [] }],
  ['port 0', 'hosts.0.port', { hosts: [{ host: 'a', port: 0 }] }],
  ['a system_id with a NUL', 'systemId', { systemId: 'gate\0way' }],
  ['a window of 0', 'window', { window: 0 }],
  ['a window over 1000', 'window', { window: 1_001 }],
  ['a time-out of 0 ms', 'responseTimeoutMs', { responseTimeoutMs: 0 }],
  ['a prefix with "+"', 'prefixes.0', { prefixes: ['+44'] }],
  ['a status over 32 bits', 'throttleStatuses.0', { throttleStatuses: [2 ** 32] }],
  ['a password in clear', 'password', { password: 'hunter2' }],
  ['a password from two places', 'password', { password: { env: 'A', file: 'b' } }],
])('%s is refused where it stands', (_, path, fields) => {
  expect(faultsOf({ ...smallest, ...fields })).toEqual([path]);
});

test('a setting that is misspelt is refused, at any depth', () => {
  expect(faultsOf({ ...smallest, windwo: 5 })).toHaveLength(1);
  expect(faultsOf({ ...smallest, reconnect: { maxDelay: 5 } })).toEqual(['reconnect']);
});
