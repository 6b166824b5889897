import { rootCertificates } from 'node:tls';
import { type CarrierProfileInput, carrierProfile } from '#contract/carrier.ts';
import { mistakeInCa, tlsOptionsOf } from '#contract/carrier-tls.ts';

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
    tls: false,
    bindMode: 'transceiver',
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
    bindTimeoutMs: 8_000,
    responseTimeoutMs: 30_000,
    enquireLink: { idleMs: 20_000, timeoutMs: 10_000 },
    reconnect: {
      firstDelayMs: 250,
      maxDelayMs: 8_000,
      minDelayMs: 0,
      healthyAfterMs: 10_000,
      alreadyBoundStatuses: [0x05],
      alreadyBoundMaxDelayMs: 30_000,
      wrongCredentialsStatuses: [0x0e, 0x0f, 0x53],
      wrongCredentialsDelayMs: 300_000,
      returnAfterMs: 300_000,
    },
    throttleStatuses: [0x14, 0x58],
    submitOutcomes: [],
    unanswered: { outcome: 'retry' },
    text: {
      encodings: [
        { alphabet: 'gsm7', dataCoding: 0 },
        { alphabet: 'ucs2', dataCoding: 8 },
      ],
      gsm7: 'unpacked',
      nationalLanguages: [],
      longMessages: 'udh8',
      partOrder: 'forward',
      segmentSizes: {
        gsm7: { alone: 160, part: 153 },
        latin1: { alone: 140, part: 134 },
        ucs2: { alone: 70, part: 67 },
      },
      replacements: [],
      nulTerminated: false,
      receivedEncodings: [],
    },
    receipts: {
      parts: 'all',
      rollUp: 'all',
      timeoutSeconds: 259_200,
      detect: ['esm-class', 'tlv'],
      patterns: [],
      statuses: [],
      errors: [],
      dateFormat: 'auto',
      utcOffset: '+00:00',
      idFormat: 'auto',
    },
    addresses: [],
    tlvs: {},
    assemblySeconds: 600,
    validityPeriod: 'relative',
    userMessageReference: false,
    deliverRetryStatus: 0x58,
  });
});

test('of a group of settings one may be set alone', () => {
  const { enquireLink } = carrierProfile.parse({ ...smallest, enquireLink: { idleMs: 5_000 } });
  expect(enquireLink).toEqual({ idleMs: 5_000, timeoutMs: 10_000 });
});

test('of TLS one option may be set alone', () => {
  const { tls } = carrierProfile.parse({ ...smallest, tls: { servername: 'smsc.example.com' } });
  expect(tls).toEqual({ servername: 'smsc.example.com', minVersion: 'TLSv1.2', allowUnverifiedServer: false });
});

test('TLS that is only switched on has the defaults of its options', () => {
  const { tls } = carrierProfile.parse({ ...smallest, tls: {} });
  expect(tlsOptionsOf(true)).toEqual(tls);
  expect(tlsOptionsOf(tls)).toBe(tls);
  expect(tlsOptionsOf(false)).toBeUndefined();
});

test('a receiver has of its own only what is set', () => {
  const { receiver } = carrierProfile.parse({ ...smallest, receiver: { hosts: [{ host: 'rx.example.com' }] } });
  expect(receiver).toEqual({ hosts: [{ host: 'rx.example.com', port: 2775 }] });
});

test.each<[string, object]>([
  ['TLS with every option at its default', { tls: true }],
  ['a pair of binds that differ in nothing else', { bindMode: 'transmitter-receiver' }],
  ['a receiver with a password of its own', { receiver: { password: { file: 'receiver.txt' } } }],
  ['a client certificate', { tls: { clientCertificate: { env: 'CLIENT_PEM' } } }],
  ['an SMSC that is not verified', { tls: { allowUnverifiedServer: true } }],
  ['no status that means "bound already"', { reconnect: { alreadyBoundStatuses: [] } }],
  ['an IPv6 address', { hosts: [{ host: '2001:db8::7' }, { host: '::ffff:203.0.113.7' }] }],
  ['no delay, and no return', { reconnect: { minDelayMs: 0, returnAfterMs: 0 } }],
  ['a session of one message', { maxMessagesPerSession: 1 }],
])('%s is allowed', (_, fields) => {
  expect(faultsOf({ ...smallest, ...fields })).toEqual([]);
});

test.each<[string, string, object]>([
  ['a name that no queue could have', 'name', { name: 'Acme_1' }],
  ['a name over 32 characters', 'name', { name: 'a'.repeat(33) }],
  ['no host', 'hosts', { hosts: [] }],
  ['an IPv6 address of nine groups', 'hosts.0.host', { hosts: [{ host: '1:2:3:4:5:6:7:8:9' }] }],
  ['port 0', 'hosts.0.port', { hosts: [{ host: 'a', port: 0 }] }],
  ['a system_id with a NUL', 'systemId', { systemId: 'gate\0way' }],
  ['a window of 0', 'window', { window: 0 }],
  ['a window over 1000', 'window', { window: 1_001 }],
  ['a time-out of 0 ms', 'responseTimeoutMs', { responseTimeoutMs: 0 }],
  ['a prefix with "+"', 'prefixes.0', { prefixes: ['+44'] }],
  ['a status over 32 bits', 'throttleStatuses.0', { throttleStatuses: [2 ** 32] }],
  ['a password in clear', 'password', { password: 'hunter2' }],
  ['a password from two places', 'password', { password: { env: 'A', file: 'b' } }],
  ['a mode of the bind that there is not', 'bindMode', { bindMode: 'receiver' }],
  ['an option of TLS in clear', 'tls', { tls: 'yes' }],
  ['a server name that is an address', 'tls.servername', { tls: { servername: '203.0.113.7' } }],
  ['a receiver without a host', 'receiver.hosts', { receiver: { hosts: [] } }],
  ['a receiver without a system_id', 'receiver.systemId', { receiver: { systemId: '' } }],
  ["a receiver's password in clear", 'receiver.password', { receiver: { password: 'hunter2' } }],
  ['a session of no message', 'maxMessagesPerSession', { maxMessagesPerSession: 0 }],
  ['a delay below 0', 'reconnect.minDelayMs', { reconnect: { minDelayMs: -1 } }],
  ['a delay of more than an hour', 'reconnect.returnAfterMs', { reconnect: { returnAfterMs: 3_600_001 } }],
  [
    'no delay after wrong credentials',
    'reconnect.wrongCredentialsDelayMs',
    { reconnect: { wrongCredentialsDelayMs: 0 } },
  ],
  ['ESME_ROK as a refusal', 'reconnect.alreadyBoundStatuses.0', { reconnect: { alreadyBoundStatuses: [0] } }],
])('%s is refused where it stands', (_, path, fields) => {
  expect(faultsOf({ ...smallest, ...fields })).toEqual([path]);
});

test('a setting that is misspelt is refused, at any depth', () => {
  expect(faultsOf({ ...smallest, windwo: 5 })).toHaveLength(1);
  expect(faultsOf({ ...smallest, reconnect: { maxDelay: 5 } })).toEqual(['reconnect']);
});

describe('the certificates of who may sign', () => {
  const [certificate = '', other = ''] = rootCertificates;
  const isTaken = (ca: string) => {
    const taken = faultsOf({ ...smallest, tls: { ca } }).length === 0;
    // Told in no time either.
    if (!taken) expect(mistakeInCa(ca)).toMatch(/^(is|has) .{1,100}$/);
    return taken;
  };
  /** Certificates of some 2,000 characters, more than 100,000 of them. */
  const tooMany = rootCertificates.slice(0, 80).join('\n');

  test.each<[string, string]>([
    ['one', certificate],
    ['one with a line break after it', `${certificate}\n`],
    ['several', `${certificate}\n${other}\n`],
    ['several with empty lines between them', `\n${certificate}\n\n\n${other}\n\n`],
    ['with the line ends of Windows', `${certificate}\n${other}\n`.replaceAll('\n', '\r\n')],
    ['in one line but for its ends', certificate.replaceAll(/(?<![-])\n(?!-)/g, '')],
  ])('may be %s', (_, ca) => {
    expect(isTaken(ca)).toBe(true);
  });

  const noCertificate = 'has no "-----BEGIN CERTIFICATE-----": what stands in the file belongs here, not its name';
  const cutOff = 'has one that cannot be read';
  const privateKey = 'has a private key in it, which is to be in no config';
  const withinOthers = 'has text before, between or after them';
  const notInItsLine = 'has one that does not begin in a line of its own';

  test.each<[string, string, string]>([
    ['nothing', '', 'is empty'],
    ['something else', 'smsc.example.com', noCertificate],
    ['a name of a file', '/etc/ssl/certs/smsc.pem', noCertificate],
    ['cut off', certificate.slice(0, -30), 'has one that is cut off, or something else in PEM'],
    ['cut off within', certificate.replace(/\n[^\n]*\n[^\n]*\n/, '\n'), cutOff],
    ['cut off within after a whole one', `${certificate}\n${other.replace(/\n[^\n]*\n[^\n]*\n/, '\n')}`, cutOff],
    ['without line breaks', certificate.replaceAll('\n', ' '), cutOff],
    [
      'with line breaks that were escaped once too often',
      certificate.replaceAll('\n', '\\n'),
      'has line breaks that were escaped twice',
    ],
    ['indented, so that TLS would pass over it', `  ${certificate}`, notInItsLine],
    ['two without a line break between them', `${certificate}${other}`, notInItsLine],
    ['among other text', `# the SMSC's\n${certificate}`, withinOthers],
    ['a private key', certificate.replaceAll('CERTIFICATE', 'PRIVATE KEY'), privateKey],
    ['a private key beside it', `${certificate}\n${other.replaceAll('CERTIFICATE', 'RSA PRIVATE KEY')}`, privateKey],
    ['more than a task definition has room for', tooMany, `has ${tooMany.length}`],
  ])('may not be %s, and it is said why', (_, ca, mistake) => {
    expect(isTaken(ca)).toBe(false);
    expect(mistakeInCa(ca)).toBe(mistake);
  });

  const begin = '-----BEGIN CERTIFICATE-----';
  const end = '-----END CERTIFICATE-----';
  const long = 100_000;

  test.each<[string, string]>([
    ['line breaks', '\n'.repeat(long)],
    ['line breaks after one', `${certificate}${'\n'.repeat(long)}x`],
    ['spaces after one', `${certificate}${' '.repeat(long)}x`],
    ['base64 without an end', begin + 'A'.repeat(long)],
    ['beginnings', begin.repeat(long / begin.length)],
    ['empty ones', `${begin}\n${end}\n`.repeat(long / 60)],
    ['ones without a certificate in them', `${begin}\nA\n${end}\n`.repeat(long / 60)],
    ['ends and spaces', `${begin}\nA\n${end} \n \n`.repeat(long / 60)],
  ])('are refused in no time where 100,000 characters of %s are given', (_, ca) => {
    const before = process.cpuUsage();
    expect(isTaken(ca)).toBe(false);
    const { user, system } = process.cpuUsage(before);
    expect(user + system).toBeLessThan(500_000);
  });
});
