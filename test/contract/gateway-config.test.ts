import fc from 'fast-check';
import { carrierProfile } from '#contract/carrier.ts';
import { gatewayConfig, parseGatewayConfig } from '#contract/gateway-config.ts';
import { carrierOf, configOf, faultsOfConfig } from '../support/config-file.ts';
import { faultsOf } from '../support/faults.ts';

test('carriers keep their order and get their defaults', () => {
  const config = configOf({ $schema: './schema.json', carriers: [carrierOf({ name: 'b' }), carrierOf({ name: 'a' })] });
  expect(parseGatewayConfig(JSON.stringify(config)).carriers).toMatchObject([
    { name: 'b', window: 10, binds: 1 },
    { name: 'a', window: 10, binds: 1 },
  ]);
});

const carrierOptions = [Object.keys(carrierProfile.shape).join(', '), 'preset'].join(', ');
const passwordForms = '{"secretArn": "arn:..."}, {"env": "VARIABLE"} or {"file": "path"}';

describe('a fault tells where it is, what is allowed and what was given:', () => {
  test.each<[string, unknown, string]>([
    ['a list in place of the config', [], 'must be an object, got an empty list'],
    ['a string in place of the config', 'carriers', 'must be an object, got a string'],
    ['nothing', {}, 'carriers: must be set (a list of at least 1 entry, each an object)'],
    ['no carrier', { carriers: [] }, 'carriers: must be a list of at least 1 entry, each an object, got an empty list'],
    [
      'carriers that are no list',
      { carriers: { a: carrierOf() } },
      'carriers: must be a list of at least 1 entry, each an object, got an object',
    ],
    ['a carrier that is a number', { carriers: [7] }, 'carriers[0]: must be an object, got 7'],
    ['a choice that there is not', configOf({ auth: 'none' }), 'auth: must be one of "api-key", "iam", got "none"'],
    [
      'a number that is none of a few',
      configOf({ logRetentionDays: 2 }),
      'logRetentionDays: must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 3653, got 2',
    ],
    [
      'a name of a TLV that is none',
      configOf({ carriers: [carrierOf({ tlvs: { 'entity id': { tag: '0x1400', type: 'cstring' } } })] }),
      'carriers[0].tlvs: must be 1 to 32 letters, digits and "_", beginning with a letter, got "entity id"',
    ],
    [
      'a field of a TLV',
      configOf({ carriers: [carrierOf({ tlvs: { entityId: { tag: '0x1400', type: 'text' } } })] }),
      'carriers[0].tlvs.entityId.type: must be one of "cstring", "string", "int8", "int16", "int32", "hex", got "text"',
    ],
    [
      'a list that is too long',
      configOf({
        vpc: { vpcId: 'vpc-12345678', subnetIds: Array.from({ length: 17 }, (_, n) => `subnet-${10000000 + n}`) },
      }),
      'vpc.subnetIds: must be a list of 1 to 16 entries, each the id of a subnet, "subnet-...", got a list of 17 entries',
    ],
    ['null', configOf({ vpc: null }), 'vpc: must be an object, got null'],
  ])('%s', (_, config, fault) => {
    expect(faultsOfConfig(config)).toEqual([fault]);
  });

  test.each<[string, object, string]>([
    ['a bind count of 0', { binds: 0 }, 'binds: must be a whole number from 1 to 100, got 0'],
    ['a window over the most', { window: 1_001 }, 'window: must be a whole number from 1 to 1000, got 1001'],
    ['a fraction', { window: 2.5 }, 'window: must be a whole number from 1 to 1000, got 2.5'],
    ['a number as a string', { window: '10' }, 'window: must be a whole number from 1 to 1000, got "10"'],
    ['true as a number', { window: true }, 'window: must be a whole number from 1 to 1000, got true'],
    [
      'a name that no queue could have',
      { name: 'Acme_1' },
      'name: must be 1 to 32 of a-z, 0-9 and "-", beginning with a letter, got "Acme_1"',
    ],
    [
      'a system_id that is missing',
      { systemId: undefined },
      'systemId: must be set (a string of 1 to 64 printable ASCII characters)',
    ],
    [
      'a system_id with a line break, in one line',
      { systemId: 'a\nb' },
      'systemId: must be a string of 1 to 64 printable ASCII characters, got "a\\nb"',
    ],
    [
      'a long value, not at length',
      { systemType: 'x'.repeat(100) },
      `systemType: must be a string of at most 64 printable ASCII characters, got "${'x'.repeat(59)}…`,
    ],
    [
      'a prefix with "+"',
      { prefixes: ['44', '+353'] },
      'prefixes[1]: must be a string of 1 to 15 digits, without "+", got "+353"',
    ],
    [
      'an IPv4 address that is none',
      { hosts: [{ host: '10.0.0.256' }] },
      'hosts[0].host: must be a host name or an IP address, without scheme and port, got "10.0.0.256"',
    ],
    [
      'an IPv4 address with a leading zero, which some read as octal',
      { hosts: [{ host: '010.0.0.1' }] },
      'hosts[0].host: must be a host name or an IP address, without scheme and port, got "010.0.0.1"',
    ],
    [
      'a URL as a host, without the account in it',
      { hosts: [{ host: 'smpp://me:geheim@smsc.example.com' }] },
      'hosts[0].host: must be a host name or an IP address, without scheme and port, got "smpp://…@smsc.example.com"',
    ],
    [
      'an account before a host, without it',
      { hosts: [{ host: 'me:geheim@smsc.example.com' }] },
      'hosts[0].host: must be a host name or an IP address, without scheme and port, got "…@smsc.example.com"',
    ],
    [
      'a port behind a host',
      { hosts: [{ host: 'smsc.example.com:2776' }] },
      'hosts[0].host: must be a host name or an IP address, without scheme and port, got "smsc.example.com:2776"',
    ],
    [
      'a port behind an address',
      { hosts: [{ host: '203.0.113.7:2776' }] },
      'hosts[0].host: must be a host name or an IP address, without scheme and port, got "203.0.113.7:2776"',
    ],
    [
      "a port behind a receiver's host, which might be read as hexadecimal",
      { bindMode: 'transmitter-receiver', receiver: { hosts: [{ host: 'abc:2776' }] } },
      'receiver.hosts[0].host: must be a host name or an IP address, without scheme and port, got "abc:2776"',
    ],
    [
      'an IPv6 address in brackets',
      { hosts: [{ host: '[2001:db8::1]' }] },
      'hosts[0].host: must be a host name or an IP address, without scheme and port, got "[2001:db8::1]"',
    ],
    [
      'a sender that none can be',
      { defaultSender: '' },
      'defaultSender: must be a phone number in E.164 with "+", 3 to 8 digits, or 1 to 11 letters, digits and spaces with a letter, got ""',
    ],
    [
      'a status that refuses nothing',
      { throttleStatuses: [0] },
      'throttleStatuses[0]: must be a whole number from 1 to 4294967295 (0 is ESME_ROK, which accepts), got 0',
    ],
    [
      'TLS that is neither on nor off',
      { tls: 'yes' },
      'tls: must be true, false or an object of TLS options, got a string',
    ],
    ['TLS that is a number', { tls: 1 }, 'tls: must be true, false or an object of TLS options, got 1'],
    [
      'a version of TLS that is too old',
      { tls: { minVersion: 'TLSv1.1' } },
      'tls.minVersion: must be one of "TLSv1.2", "TLSv1.3", got "TLSv1.1"',
    ],
    [
      'a switch that is no boolean',
      { tls: { allowUnverifiedServer: 'no' } },
      'tls.allowUnverifiedServer: must be true or false, got "no"',
    ],
    [
      'a server name that is an address',
      { tls: { servername: '203.0.113.7' } },
      'tls.servername: must be a host name, without a wildcard, got "203.0.113.7"',
    ],
    [
      'a server name with a wildcard, as it stands in the certificate',
      { tls: { servername: '*.example.com' } },
      'tls.servername: must be a host name, without a wildcard, got "*.example.com"',
    ],
    [
      'who may sign, by the name of a file',
      { tls: { ca: 'ca.pem' } },
      'tls.ca: must be whole certificates in PEM, each beginning in a line of its own, with at most 32768 characters together, has no "-----BEGIN CERTIFICATE-----": what stands in the file belongs here, not its name',
    ],
    [
      'a mode of the bind that there is not',
      { bindMode: 'trx' },
      'bindMode: must be one of "transceiver", "transmitter-receiver", got "trx"',
    ],
    [
      "a receiver's host that is missing",
      { bindMode: 'transmitter-receiver', receiver: { hosts: [{}] } },
      'receiver.hosts[0].host: must be set (a host name or an IP address, without scheme and port)',
    ],
    [
      'a limit of a session that is 0',
      { maxMessagesPerSession: 0 },
      'maxMessagesPerSession: must be a whole number from 1 to 1000000000, got 0',
    ],
    [
      'a delay that is negative',
      { reconnect: { minDelayMs: -1 } },
      'reconnect.minDelayMs: must be a whole number from 0 to 3600000, got -1',
    ],
  ])('%s', (_, options, fault) => {
    expect(faultsOfConfig(configOf({ carriers: [carrierOf(options)] }))).toEqual([`carriers[0].${fault}`]);
  });

  test('every fault within TLS, each where it is', () => {
    const tls = { ca: 5, sni: true, minVersion: 1.2, clientCertificate: 'x', allowUnverifiedServer: null };
    const faults = faultsOfConfig(configOf({ carriers: [carrierOf({ tls })] }));
    expect(faults.map((fault) => fault.replace(/: .*/, ''))).toEqual([
      'carriers[0].tls.ca',
      'carriers[0].tls',
      'carriers[0].tls.minVersion',
      'carriers[0].tls.clientCertificate',
      'carriers[0].tls.allowUnverifiedServer',
    ]);
  });
});

describe('a key that is not known is told with those that are, and with the one it was meant to be:', () => {
  test.each<[string, object, string]>([
    [
      'a letter too many',
      { windoww: 10 },
      `carriers[0]: "windoww" is not known; did you mean "window"? known are ${carrierOptions}`,
    ],
    ['nothing like it', { colour: 'red' }, `carriers[0]: "colour" is not known; known are ${carrierOptions}`],
    [
      'within a group',
      { enquireLink: { idleMS: 5 } },
      'carriers[0].enquireLink: "idleMS" is not known; did you mean "idleMs"? known are idleMs, timeoutMs',
    ],
    [
      'within TLS',
      { tls: { serverName: 'smsc.example.com' } },
      'carriers[0].tls: "serverName" is not known; did you mean "servername"? known are ca, servername, clientCertificate, minVersion, allowUnverifiedServer',
    ],
    [
      'of a receiver',
      { bindMode: 'transmitter-receiver', receiver: { binds: 1 } },
      'carriers[0].receiver: "binds" is not known; known are hosts, systemId, password, systemType',
    ],
  ])('%s', (_, options, fault) => {
    expect(faultsOfConfig(configOf({ carriers: [carrierOf(options)] }))).toEqual([fault]);
  });

  test('in the file itself', () => {
    expect(faultsOfConfig({ carrier: [carrierOf()] })).toEqual([
      `"carrier" is not known; did you mean "carriers"? known are ${Object.keys(gatewayConfig.shape).join(', ')}`,
      'carriers: must be set (a list of at least 1 entry, each an object)',
    ]);
  });

  test('even where JavaScript has something of that name', () => {
    const config = JSON.stringify(configOf()).replace('{', '{"__proto__":{"auth":"iam"},"toString":1,');
    expect(faultsOf(() => parseGatewayConfig(config))).toEqual([
      expect.stringMatching(/^"__proto__" is not known; known are/),
      expect.stringMatching(/^"toString" is not known; known are/),
    ]);
  });
});

describe('a password in the file', () => {
  const create = '`aws secretsmanager create-secret --name smpp-acme --secret-string file://password.txt`';

  test.each<[string, unknown]>([
    ['by itself', 'geheim'],
    ['that is a number', 4711],
    ['in an object', { password: 'geheim' }],
    ['beside its source', { env: 'ACME_PASSWORD', password: 'geheim' }],
    ['as a key', { env: 'ACME_PASSWORD', geheim: true }],
    ['in place of a name', { env: { value: 'geheim' } }],
    ['in a list', ['geheim']],
  ])('%s is refused with the command that makes a secret, and not repeated', (_, password) => {
    const faults = faultsOfConfig(configOf({ carriers: [carrierOf({ password })] }));
    expect(faults).toEqual([
      expect.stringMatching(/^carriers\[0\]\.password: must be .*, never the password itself; create a secret with /),
    ]);
    expect(faults[0]).toContain(passwordForms);
    expect(faults[0]).toContain(create);
    expect(faults[0]).not.toMatch(/geheim|4711/);
  });

  test('under a key that is misspelt is not repeated either', () => {
    const faults = faultsOfConfig(configOf({ carriers: [carrierOf({ passwordd: 'geheim' })] }));
    expect(faults).toEqual([
      expect.stringMatching(/^carriers\[0\]: "passwordd" is not known; did you mean "password"\? known are /),
    ]);
    expect(faults[0]).toContain(create);
    expect(faults[0]).not.toContain('geheim');
  });

  test('is read from one secret: an ARN with a wildcard would grant the task more', () => {
    const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:*-AbCdEf';
    expect(faultsOfConfig(configOf({ carriers: [carrierOf({ password: { secretArn } })] }))).toHaveLength(1);
  });

  test('in place of an ARN is not repeated', () => {
    expect(faultsOfConfig(configOf({ carriers: [carrierOf({ password: { secretArn: 'geheim' } })] }))).toEqual([
      'carriers[0].password.secretArn: must be the whole ARN of a secret, "arn:aws:secretsmanager:...-AbCdEf"',
    ]);
  });

  test('of a carrier without a name that could be in a command gets one to fill in', () => {
    const [name, password] = faultsOfConfig(
      configOf({ carriers: [carrierOf({ name: '$(reboot)', password: 'geheim' })] }),
    );
    expect(name).toMatch(/^carriers\[0\]\.name: /);
    expect(password).toContain('--name smpp-<carrier> --secret-string');
  });

  test('under a key of the file itself gets a command without a name that may be part of it', () => {
    const [fault] = faultsOfConfig({ ...configOf(), password: { name: 'geheim' } });
    expect(fault).toContain('--name smpp-<carrier> --secret-string');
    expect(fault).not.toContain('geheim');
  });

  test('within a string that should be a list is not repeated', () => {
    expect(faultsOfConfig({ carriers: '[{"password":"geheim"}]' })).toEqual([
      'carriers: must be a list of at least 1 entry, each an object, got a string',
    ]);
  });
});

describe('a secret in place of the name of its place', () => {
  const key = '-----BEGIN PRIVATE KEY-----\ngeheim\n-----END PRIVATE KEY-----\n';
  const variable = 'the name of an environment variable (letters, digits and "_"), not its value';
  const file = 'the path of a file (one line of at most 4096 characters), not what is in it';

  test.each<[string, object, string]>([
    ['a password', { env: 'geheim-S3cr3t!' }, `env: must be ${variable}`],
    ['a key', { env: key }, `env: must be ${variable}`],
    ['a name that begins with a digit', { env: '1geheim' }, `env: must be ${variable}`],
    ['nothing', { env: '' }, `env: must be ${variable}`],
    ['a key in place of its file', { file: key }, `file: must be ${file}`],
    ['a key in one line', { file: key.replaceAll('\n', ' ') }, `file: must be ${file}`],
    ['a key behind a path', { file: `client.pem ${key}` }, `file: must be ${file}`],
    ['more than a path can have', { file: 'geheim'.repeat(700) }, `file: must be ${file}`],
    ['a NUL', { file: 'geheim\0' }, `file: must be ${file}`],
    ['no path', { file: '' }, `file: must be ${file}`],
  ])('%s is refused, and not repeated', (_, source, fault) => {
    const options = { bindMode: 'transmitter-receiver', password: source, receiver: { password: source } };
    expect(
      faultsOfConfig(configOf({ carriers: [carrierOf({ ...options, tls: { clientCertificate: source } })] })),
    ).toEqual([
      `carriers[0].password.${fault}`,
      `carriers[0].receiver.password.${fault}`,
      `carriers[0].tls.clientCertificate.${fault}`,
    ]);
  });

  test.each(['_', 'acme_password', 'A1'])('%s is the name of a variable', (env) => {
    expect(faultsOfConfig(configOf({ carriers: [carrierOf({ password: { env } })] }))).toEqual([]);
  });

  test.each(['a', 'C:\\secrets\\acme password.txt', '/run/sécrets/-----acme'])('%s is a path', (path) => {
    expect(faultsOfConfig(configOf({ carriers: [carrierOf({ password: { file: path } })] }))).toEqual([]);
  });
});

describe.each<[string, string, (value: unknown) => object, string, string]>([
  [
    "a receiver's password",
    'carriers[0].receiver.password',
    (password) => ({ bindMode: 'transmitter-receiver', receiver: { password } }),
    'never the receiver\'s password itself; create a secret with `aws secretsmanager create-secret --name smpp-acme-receiver --secret-string file://receiver-password.txt` and name its ARN, or write {"file": "receiver-password.txt"}',
    'PutReceiverPassword...',
  ],
  [
    'a client certificate',
    'carriers[0].tls.clientCertificate',
    (clientCertificate) => ({ tls: { clientCertificate } }),
    'never the client certificate itself; create a secret with `aws secretsmanager create-secret --name smpp-acme-client-certificate --secret-string file://client.pem` and name its ARN, or write {"file": "client.pem"}',
    'PutClientCertificate...',
  ],
])('%s in the file', (_name, path, optionsWith, remedy, output) => {
  test.each<[string, unknown]>([
    ['by itself', 'geheim'],
    ['in PEM', '-----BEGIN PRIVATE KEY-----\ngeheim\n-----END PRIVATE KEY-----\n'],
    ['that is a number', 4711],
    ['beside its source', { env: 'SECRET', value: 'geheim' }],
    ['as a key', { geheim: true }],
  ])('%s is refused with what to do instead, and not repeated', (_, value) => {
    const [fault = '', ...more] = faultsOfConfig(configOf({ carriers: [carrierOf(optionsWith(value))] }));
    expect(more).toEqual([]);
    expect(fault).toMatch(`${path}: must be ${passwordForms}, ${remedy}`);
    expect(fault).toContain(`the command in the stack's output "${output}"`);
    expect(fault).not.toMatch(/geheim|4711|BEGIN/);
  });

  test.each([
    { env: 'SECRET' },
    { file: '/run/secrets/acme' },
    { secretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:smpp/acme-a1B2c3' },
  ])('may be at %j', (source) => {
    expect(faultsOfConfig(configOf({ carriers: [carrierOf(optionsWith(source))] }))).toEqual([]);
  });
});

describe('a private key in the file is not repeated', () => {
  const key = '-----BEGIN PRIVATE KEY-----\ngeheim\n-----END PRIVATE KEY-----\n';

  test.each<[string, unknown, string]>([
    ['in place of TLS', key, 'carriers[0].tls: must be true, false or an object of TLS options, got a string'],
    ['in place of who may sign', { ca: key }, 'carriers[0].tls.ca: must be whole certificates in PEM'],
    ['in a list of who may sign', { ca: [key] }, 'carriers[0].tls.ca: must be whole certificates in PEM'],
    ['beside other options', { key }, 'carriers[0].tls: "key" is not known; known are ca, servername'],
    ['as a key', { [key]: true }, 'carriers[0].tls: a string is not known; known are ca, servername'],
    [
      'as a name',
      { servername: key },
      'carriers[0].tls.servername: must be a host name, without a wildcard, got a string',
    ],
    [
      'as a version',
      { minVersion: key },
      'carriers[0].tls.minVersion: must be one of "TLSv1.2", "TLSv1.3", got a string',
    ],
  ])('%s', (_, tls, expected) => {
    const [fault, ...more] = faultsOfConfig(configOf({ carriers: [carrierOf({ tls })] }));
    expect(more).toEqual([]);
    expect(fault).toContain(expected);
    expect(fault).not.toMatch(/geheim|BEGIN/);
  });

  test.each(['key', 'cert', 'pfx', 'passphrase'])(
    'under "%s", where other programs have it, with what to do',
    (name) => {
      const [fault] = faultsOfConfig(configOf({ carriers: [carrierOf({ tls: { [name]: key } })] }));
      expect(fault).toContain('; should it be the client certificate: create a secret with');
    },
  );
});

test.each([
  { env: 'ACME_PASSWORD' },
  { file: '/run/secrets/acme' },
  { secretArn: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:smpp/acme-a1B2c3' },
  undefined,
])('%j is a source of a password', (password) => {
  expect(faultsOfConfig(configOf({ carriers: [carrierOf({ password })] }))).toEqual([]);
});

test('an ARN without its suffix, which the task could not read, is refused', () => {
  const secretArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:acme';
  expect(faultsOfConfig(configOf({ carriers: [carrierOf({ password: { secretArn } })] }))).toHaveLength(1);
});

test('ten faults are told at once, in the order of the file', () => {
  const file = {
    requestsPerSecond: 0,
    carriers: [
      {
        window: '10',
        name: 'acme',
        hosts: [{ host: 'smsc.example.com', port: 0 }, { host: 'smsc.example.com' }, { host: 'SMSC.example.com' }],
        systemid: 'gateway',
        password: 'geheim',
        taskCpu: 1_024,
        taskMemoryMiB: 512,
      },
      { ...carrierOf(), prefixes: ['44', '44'] },
    ],
    auth: 'apikey',
  };
  const faults = faultsOfConfig(file);
  expect(faults.map((fault) => fault.split(':')[0])).toEqual([
    'requestsPerSecond',
    'carriers[0].window',
    'carriers[0].hosts[0].port',
    'carriers[0].hosts[2].host',
    'carriers[0]',
    'carriers[0].password',
    'carriers[0].taskMemoryMiB',
    'carriers[0].systemId',
    'carriers[1].name',
    'carriers[1].prefixes[1]',
    'auth',
  ]);
});

const planted = 'pl4nted-S3cret';

const plantings = fc.oneof(
  fc.constantFrom<unknown>(planted, [planted], { [planted]: 1 }, { secretArn: planted }, { env: [planted] }),
  fc.jsonValue().map((value) => ({ password: planted, value })),
);
const secretKeys = fc.constantFrom('password', 'passwordd', 'Password', 'bindPassword', 'secret', 'token', 'apiKeys');
const groups = fc.constantFrom('tls', 'receiver');
const inGroups = fc.oneof(
  fc.constantFrom<unknown>(planted, [planted]),
  fc.dictionary(fc.constantFrom('ca', 'clientCertificate', 'password', 'key', 'pwd'), plantings, { maxKeys: 3 }),
);

/** An object with some of the options that there are, well or badly set, and with a password under a key like one. */
function configLike(schema: typeof gatewayConfig | typeof carrierProfile, good: object, more: fc.Arbitrary<object>) {
  const badly = fc.dictionary(fc.constantFrom(...Object.keys(schema.shape), 'other'), fc.jsonValue(), { maxKeys: 4 });
  const well = fc.subarray(Object.entries(good)).map((entries) => Object.fromEntries(entries));
  const withPlanted = fc.dictionary(secretKeys, plantings, { maxKeys: 2 });
  const inGroup = fc.dictionary(groups, inGroups, { maxKeys: 2 });
  return fc.tuple(badly, well, more, withPlanted, inGroup).map((parts): object => Object.assign({}, ...parts));
}

const carriers = fc.array(configLike(carrierProfile, carrierOf(), fc.constant({})), { maxLength: 3 });
const configs = configLike(
  gatewayConfig,
  configOf({ natGateways: 1, apiKeys: ['one'], auth: 'iam' }),
  carriers.map((all) => ({ carriers: all })),
);

test('any JSON is a config or has faults, each in a line and none with a password', () => {
  fc.assert(
    fc.property(fc.oneof({ weight: 9, arbitrary: configs }, { weight: 1, arbitrary: fc.jsonValue() }), (config) => {
      const isShaped = gatewayConfig.safeParse(JSON.parse(JSON.stringify(config))).success;
      const faults = faultsOfConfig(config);
      if (!isShaped) expect(faults).not.toEqual([]);
      for (const fault of faults) expect(fault).not.toMatch(/\n|pl4nted/);
    }),
    { numRuns: 300 },
  );
});

test('any text is a config or has faults', () => {
  const json = configs.map((config) => JSON.stringify(config));
  const damaged = fc.tuple(json, fc.nat(), fc.string({ maxLength: 2 })).map(([text, at, put]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + put + text.slice(place + 1);
  });
  fc.assert(
    fc.property(fc.oneof(fc.string(), damaged), (text) => {
      for (const fault of faultsOf(() => parseGatewayConfig(text))) expect(fault).not.toMatch(/\n|pl4nted/);
    }),
    { numRuns: 300 },
  );
});

test.each(['1a2b3c4d-0000-4000-8000-1234567890ab', 'mrk-1234abcd12ab34cd56ef1234567890ab'])(
  'a KMS key may have the id %s: one region or several',
  (id) => {
    const encryptionKeyArn = `arn:aws:kms:eu-west-1:123456789012:key/${id}`;
    expect(faultsOfConfig(configOf({ encryptionKeyArn }))).toEqual([]);
  },
);
