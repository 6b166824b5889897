import { rootCertificates } from 'node:tls';
import { rules } from '#contract/config/rules.ts';
import { taskCpus, taskSizes } from '#contract/config/task-sizes.ts';
import { carrierOf, configOf, faultsOfConfig } from '../../support/config-file.ts';

function withCarrier(given: object): object {
  return configOf({ carriers: [carrierOf(given)] });
}

const pair = { bindMode: 'transmitter-receiver' };
const [ca] = rootCertificates;
const vpc = { vpcId: 'vpc-12345678', subnetIds: ['subnet-12345678', 'subnet-12345679'] };
const [first, second] = ['eipalloc-12345678', 'eipalloc-12345679'];

/** For each rule a config that breaks nothing else, what is then told, and one that looks like it and breaks nothing. */
const cases: readonly (readonly [rule: string, broken: object, fault: string, kept: object])[] = [
  [
    'no two carriers have one name',
    configOf({ carriers: [carrierOf({ name: 'a-1' }), carrierOf({ name: 'b' }), carrierOf({ name: 'a-1' })] }),
    'carriers[2].name: must differ from carriers[0].name in more than dashes and capitals, got "a-1"',
    configOf({ carriers: [carrierOf({ name: 'a-1' }), carrierOf({ name: 'a-2' })] }),
  ],
  [
    'no two API keys have one name',
    configOf({ apiKeys: ['billing', 'Billing'] }),
    'apiKeys[1]: must differ from apiKeys[0] in more than dashes and capitals',
    configOf({ apiKeys: ['billing', 'billing2'] }),
  ],
  [
    'a carrier has a host and port once',
    withCarrier({ hosts: [{ host: 'smsc' }, { host: 'SMSC', port: 2775 }] }),
    'carriers[0].hosts[1].host: must differ from carriers[0].hosts[0].host, or have another port, got "SMSC"',
    withCarrier({ hosts: [{ host: 'smsc' }, { host: 'smsc', port: 2776 }] }),
  ],
  [
    'a receiver has a host and port once',
    withCarrier({ ...pair, receiver: { hosts: [{ host: 'rx', port: 2775 }, { host: 'tx' }, { host: 'RX' }] } }),
    'carriers[0].receiver.hosts[2].host: must differ from carriers[0].receiver.hosts[0].host, or have another port, got "RX"',
    withCarrier({ ...pair, receiver: { hosts: [{ host: 'smsc.example.com' }] } }),
  ],
  [
    'a receiver of its own is for a pair of binds',
    withCarrier({ receiver: { systemId: 'rx' } }),
    'carriers[0].receiver: must be left out, or stand with "bindMode": "transmitter-receiver", got an object',
    withCarrier({ ...pair, receiver: { systemId: 'rx' } }),
  ],
  [
    'authorities are for a server that is verified',
    withCarrier({ tls: { ca, allowUnverifiedServer: true } }),
    'carriers[0].tls.ca: must be left out with "allowUnverifiedServer": true, for nothing is held against it',
    withCarrier({ tls: { ca, allowUnverifiedServer: false } }),
  ],
  [
    'the first delay is within the highest',
    withCarrier({ reconnect: { firstDelayMs: 10_000 } }),
    'carriers[0].reconnect.firstDelayMs: must be at most maxDelayMs, which is 8000, got 10000',
    withCarrier({ reconnect: { maxDelayMs: 100 } }),
  ],
  [
    'a refusal of a bind means one thing',
    withCarrier({ reconnect: { wrongCredentialsStatuses: [3, 5] } }),
    'carriers[0].reconnect.wrongCredentialsStatuses[1]: must not be in alreadyBoundStatuses too, which has 5, got 5',
    withCarrier({ reconnect: { wrongCredentialsStatuses: [3, 5], alreadyBoundStatuses: [] } }),
  ],
  [
    'the account’s rate is enough for every bind',
    withCarrier({ binds: 4, messagesPerSecond: 3 }),
    'carriers[0].messagesPerSecond: must be at least binds, which is 4: each bind has its share of it, got 3',
    withCarrier({ binds: 4, messagesPerSecond: 4 }),
  ],
  [
    'an outcome of a submit_sm is said once',
    withCarrier({ throttleStatuses: [20], submitOutcomes: [{ statuses: [8, 20], outcome: 'retry' }] }),
    'carriers[0].submitOutcomes[0].statuses[1]: must differ from carriers[0].throttleStatuses[0], got 20',
    withCarrier({ submitOutcomes: [{ statuses: [8, 20, 88], outcome: 'retry' }] }),
  ],
  [
    'a delay is for what is tried again',
    withCarrier({ submitOutcomes: [{ statuses: [8], outcome: 'reject', afterMs: 100 }] }),
    'carriers[0].submitOutcomes[0].afterMs: must be left out, or stand with "outcome": "retry", got 100',
    withCarrier({ submitOutcomes: [{ statuses: [8], outcome: 'retry', afterMs: 100 }], unanswered: { afterMs: 100 } }),
  ],
  [
    'a carrier has a prefix once',
    withCarrier({ prefixes: ['44', '353', '44'] }),
    'carriers[0].prefixes[2]: must differ from carriers[0].prefixes[0], got "44"',
    configOf({ carriers: [carrierOf({ name: 'a', prefixes: ['44'] }), carrierOf({ name: 'b', prefixes: ['44'] })] }),
  ],
  [
    'a prefix is one that numbers begin with',
    withCarrier({ prefixes: ['44', '4401'] }),
    'carriers[0].prefixes[1]: must be without the 0 after 44, for numbers in E.164 are, got "4401"',
    withCarrier({ prefixes: ['44', '3906'] }),
  ],
  [
    'a task has memory that Fargate has for its CPU',
    withCarrier({ taskCpu: 1_024, taskMemoryMiB: 1_024 }),
    'carriers[0].taskMemoryMiB: must be one of 2048, 3072, 4096, 5120, 6144, 7168, 8192 with "taskCpu": 1024, got 1024',
    withCarrier({ taskCpu: 1_024, taskMemoryMiB: 2_048 }),
  ],
  [
    'an alphabet has one data_coding',
    withCarrier({
      text: {
        encodings: [
          { alphabet: 'ucs2', dataCoding: 8 },
          { alphabet: 'ucs2', dataCoding: 24 },
        ],
      },
    }),
    'carriers[0].text.encodings[1].alphabet: must differ from carriers[0].text.encodings[0].alphabet, got "ucs2"',
    withCarrier({
      text: {
        encodings: [
          { alphabet: 'latin1', dataCoding: 3 },
          { alphabet: 'ucs2', dataCoding: 8 },
        ],
      },
    }),
  ],
  [
    'a data_coding means one alphabet',
    withCarrier({ text: { receivedEncodings: [0, 3, 0].map((dataCoding) => ({ dataCoding, alphabet: 'latin1' })) } }),
    'carriers[0].text.receivedEncodings[2].dataCoding: must differ from carriers[0].text.receivedEncodings[0].dataCoding, got 0',
    withCarrier({ text: { receivedEncodings: [0, 3].map((dataCoding) => ({ dataCoding, alphabet: 'latin1' })) } }),
  ],
  [
    'a language is named once',
    withCarrier({ text: { nationalLanguages: ['turkish', 'turkish'] } }),
    'carriers[0].text.nationalLanguages[1]: must differ from carriers[0].text.nationalLanguages[0], got "turkish"',
    withCarrier({ text: { nationalLanguages: ['turkish', 'spanish'] } }),
  ],
  [
    'a character is replaced by one text',
    withCarrier({ text: { replacements: ['a', 'e'].map((by) => ({ character: 'é', by })) } }),
    'carriers[0].text.replacements[1].character: must differ from carriers[0].text.replacements[0].character, got "é"',
    withCarrier({ text: { replacements: ['é', 'è'].map((character) => ({ character, by: 'e' })) } }),
  ],
  [
    'a word of a receipt means one state',
    withCarrier({
      receipts: {
        statuses: [
          { stats: ['OK'], state: 'delivered' },
          { stats: ['ok'], state: 'accepted' },
        ],
      },
    }),
    'carriers[0].receipts.statuses[1].stats[0]: must differ from carriers[0].receipts.statuses[0].stats[0], got "ok"',
    withCarrier({ receipts: { statuses: [{ stats: ['OK', 'DONE'], state: 'delivered' }] } }),
  ],
  [
    'an error code has one class',
    withCarrier({ receipts: { errors: [{ codes: ['21b', '21B'], class: 'blocked' }] } }),
    'carriers[0].receipts.errors[0].codes[1]: must differ from carriers[0].receipts.errors[0].codes[0], got "21B"',
    withCarrier({ receipts: { errors: [{ codes: ['21b', '21c'], class: 'blocked' }] } }),
  ],
  [
    'a way to tell a receipt is named once',
    withCarrier({ receipts: { detect: ['tlv', 'tlv'] } }),
    'carriers[0].receipts.detect[1]: must differ from carriers[0].receipts.detect[0], got "tlv"',
    withCarrier({ receipts: { detect: ['tlv', 'text'] } }),
  ],
  [
    'a tag has one name',
    withCarrier({ tlvs: { entity: { tag: '0x1400', type: 'cstring' }, template: { tag: 5120, type: 'cstring' } } }),
    'carriers[0].tlvs.template.tag: must differ from carriers[0].tlvs.entity.tag, got 5120',
    withCarrier({ tlvs: { entity: { tag: '0x1400', type: 'cstring' }, template: { tag: 5121, type: 'cstring' } } }),
  ],
  [
    'a TLV that a carrier sets itself fits',
    withCarrier({ tlvs: { route: { tag: '0x1402', type: 'int8', default: 256 } } }),
    'carriers[0].tlvs.route.default: must be a whole number from 0 to 255, got 256',
    withCarrier({ tlvs: { route: { tag: '0x1402', type: 'int16', default: 256 } } }),
  ],
  [
    'a prefix is replaced where there is one',
    withCarrier({ addresses: [{ of: 'recipient', kind: 'international', ton: 2, npi: 1, replacePrefix: '0' }] }),
    'carriers[0].addresses[0].replacePrefix: must be left out, or stand with a "prefix", got "0"',
    withCarrier({
      addresses: [{ of: 'recipient', kind: 'international', prefix: '44', ton: 2, npi: 1, replacePrefix: '0' }],
    }),
  ],
  [
    'a subnet is named once',
    configOf({ vpc: { ...vpc, subnetIds: ['subnet-12345678', 'subnet-12345678'] } }),
    'vpc.subnetIds[1]: must differ from vpc.subnetIds[0], got "subnet-12345678"',
    configOf({ vpc }),
  ],
  [
    'a zone is named once',
    configOf({ availabilityZones: ['eu-west-1a', 'eu-west-1a'] }),
    'availabilityZones[1]: must differ from availabilityZones[0], got "eu-west-1a"',
    configOf({ availabilityZones: ['eu-west-1a', 'eu-west-1c'] }),
  ],
  [
    'an Elastic IP is named once',
    configOf({ natGateways: 2, elasticIpAllocationIds: [first, first] }),
    `elasticIpAllocationIds[1]: must differ from elasticIpAllocationIds[0], got "${first}"`,
    configOf({ natGateways: 2, elasticIpAllocationIds: [first, second] }),
  ],
  [
    'API keys are for auth "api-key"',
    configOf({ auth: 'iam', apiKeys: ['billing'] }),
    'apiKeys: must be left out with "auth": "iam"',
    configOf({ auth: 'api-key', apiKeys: ['billing'] }),
  ],
  [
    'a VPC of yours has its own NAT gateways',
    configOf({ vpc, natGateways: 1 }),
    'natGateways: must be left out with "vpc", got 1',
    configOf({ vpc, egress: 'nat' }),
  ],
  [
    'a VPC of yours has its own Elastic IPs',
    configOf({ vpc, elasticIpAllocationIds: [first] }),
    'elasticIpAllocationIds: must be left out with "vpc", got a list of 1 entry',
    configOf({ vpc, egress: 'public-ip' }),
  ],
  [
    'a VPC of yours has its own zones',
    configOf({ vpc, availabilityZones: ['us-gov-west-1a', 'us-gov-west-1b'] }),
    'availabilityZones: must be left out with "vpc", got a list of 2 entries',
    configOf({ availabilityZones: ['us-gov-west-1a', 'us-gov-west-1b'] }),
  ],
  [
    'NAT gateways are for egress "nat"',
    configOf({ egress: 'public-ip', natGateways: 2 }),
    'natGateways: must be left out with "egress": "public-ip", got 2',
    configOf({ egress: 'nat', natGateways: 2 }),
  ],
  [
    'Elastic IPs are for egress "nat"',
    configOf({ egress: 'public-ip', elasticIpAllocationIds: [first] }),
    'elasticIpAllocationIds: must be left out with "egress": "public-ip", got a list of 1 entry',
    configOf({ egress: 'nat', elasticIpAllocationIds: [first] }),
  ],
  [
    'each NAT gateway has one Elastic IP',
    configOf({ elasticIpAllocationIds: [first, second] }),
    'elasticIpAllocationIds: must have as many entries as there are NAT gateways, which is 1, got a list of 2 entries',
    configOf({ elasticIpAllocationIds: [first] }),
  ],
];

test.each(cases)('%s', (_, broken, fault, kept) => {
  expect(faultsOfConfig(broken)).toEqual([fault]);
  expect(faultsOfConfig(kept)).toEqual([]);
});

test('every rule is tried', () => {
  expect(cases.map(([rule]) => rule)).toEqual(Object.keys(rules));
});

test.each([
  ['a-1', 'a1'],
  ['ab', 'a-b'],
  ['a-b', 'a--b'],
])('carriers "%s" and "%s" would have outputs of one name, and are refused', (one, other) => {
  const carriers = [carrierOf({ name: one }), carrierOf({ name: other })];
  expect(faultsOfConfig(configOf({ carriers }))).toEqual([expect.stringMatching(/^carriers\[1\]\.name: must differ/)]);
});

test.each(taskCpus)('a task of %i CPU units has the memory that Fargate has for it, and no other', (taskCpu) => {
  const all = Array.from({ length: 60 }, (_, index) => (index + 1) * 512);
  const taken = all.filter((taskMemoryMiB) => faultsOfConfig(withCarrier({ taskCpu, taskMemoryMiB })).length === 0);
  expect(taken).toEqual(taskSizes[taskCpu]);
});

test('a CPU for which the default memory is too little asks for memory', () => {
  expect(faultsOfConfig(withCarrier({ taskCpu: 512 }))).toEqual([
    'carriers[0].taskMemoryMiB: must be set to one of 1024, 2048, 3072, 4096 with "taskCpu": 512',
  ]);
});

test('a status that means two things is told of the list that was written', () => {
  expect(faultsOfConfig(withCarrier({ reconnect: { alreadyBoundStatuses: [5, 14] } }))).toEqual([
    'carriers[0].reconnect.alreadyBoundStatuses[1]: must not be in wrongCredentialsStatuses too, which has 14, 15, 83, got 14',
  ]);
});

test('the first delay may be the highest, whatever that is', () => {
  expect(faultsOfConfig(withCarrier({ reconnect: { firstDelayMs: 60_000, maxDelayMs: 60_000 } }))).toEqual([]);
});

test('a receiver beside another mode than one of the two is no second fault', () => {
  expect(faultsOfConfig(withCarrier({ bindMode: 'receiver', receiver: {} }))).toEqual([
    'carriers[0].bindMode: must be one of "transceiver", "transmitter-receiver", got "receiver"',
  ]);
});

test('rules leave to the schema what they can make nothing of', () => {
  const faults = faultsOfConfig({
    carriers: [
      null,
      { name: 7, hosts: 'smsc', prefixes: { a: 1 }, taskCpu: '256' },
      carrierOf({ hosts: [null, null] }),
      carrierOf({ name: 'd', ...pair, tls: { ca: 5, allowUnverifiedServer: 1 }, receiver: { hosts: 5 } }),
      carrierOf({ name: 'e', reconnect: { firstDelayMs: '9', maxDelayMs: '8', alreadyBoundStatuses: 5 } }),
    ],
    apiKeys: 'billing',
    vpc: 'vpc-12345678',
    natGateways: '2',
    elasticIpAllocationIds: [first, 5],
  });
  const places = faults.map((fault) => fault.replace(/: .*/, ''));
  expect(places).toEqual([
    'carriers[0]',
    'carriers[1].name',
    'carriers[1].hosts',
    'carriers[1].prefixes',
    'carriers[1].taskCpu',
    'carriers[1].systemId',
    'carriers[2].hosts[0]',
    'carriers[2].hosts[1]',
    'carriers[3].tls.ca',
    'carriers[3].tls.allowUnverifiedServer',
    'carriers[3].receiver.hosts',
    'carriers[4].reconnect.firstDelayMs',
    'carriers[4].reconnect.maxDelayMs',
    'carriers[4].reconnect.alreadyBoundStatuses',
    'apiKeys',
    'vpc',
    'natGateways',
    'natGateways',
    'elasticIpAllocationIds',
    'elasticIpAllocationIds[1]',
  ]);
});
