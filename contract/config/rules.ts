import { carrierProfile, defaultPort } from '../carrier.ts';
import { tlvDefinitions } from '../carrier-tlvs.ts';
import { faultOfTlv } from '../tlv-values.ts';
import { mistakeInPrefix } from './mistake-in-prefix.ts';
import { saidOnce } from './said-once.ts';
import { taskSizes } from './task-sizes.ts';
import { entriesAt, type Path, pathText, valueAt } from './tree.ts';

/**
 * What options demand of each other. A rule reads the file as it was given, whatever else is wrong with it, so that what
 * it finds is told together with values that are wrong by themselves. What it can make nothing of it leaves to the schema.
 */

export interface BrokenRule {
  readonly path: Path;
  /** In words that begin with "must". */
  readonly demand: string;
}

const { shape: reconnect } = carrierProfile.shape.reconnect.unwrap();

type Rule = (config: unknown) => readonly BrokenRule[];

/** The same prefix on two carriers breaks none: of equal carriers one that is bound is taken (`lambdas/choose-carrier.ts`). */
export const rules: Readonly<Record<string, Rule>> = {
  'no two carriers have one name': (config) => repeatedNames(entriesOf(config, ['carriers'], 'name')),
  'no two API keys have one name': (config) => repeatedNames(entriesOf(config, ['apiKeys'])),
  'a carrier has a host and port once': ofEachCarrier((config, carrier) =>
    repeatedHosts(config, [...carrier, 'hosts']),
  ),
  'a receiver has a host and port once': ofEachCarrier((config, carrier) =>
    repeatedHosts(config, [...carrier, 'receiver', 'hosts']),
  ),
  'a receiver of its own is for a pair of binds': ofEachCarrier(receiverWithoutPair),
  'authorities are for a server that is verified': ofEachCarrier(caOfUnverified),
  'the first delay is within the highest': ofEachCarrier(firstDelayOverHighest),
  'a refusal of a bind means one thing': ofEachCarrier(statusesOfTwoMeanings),
  'the account’s rate is enough for every bind': ofEachCarrier(rateBelowBinds),
  'an outcome of a submit_sm is said once': ofEachCarrier(outcomesSaidTwice),
  'a delay is for what is tried again': ofEachCarrier(delayOfNoRetry),
  'a carrier has a prefix once': ofEachCarrier((config, carrier) =>
    repeated(entriesOf(config, [...carrier, 'prefixes'])),
  ),
  'a prefix is one that numbers begin with': ofEachCarrier(prefixesOfNoNumber),
  'a task has memory that Fargate has for its CPU': ofEachCarrier(wrongMemory),
  ...Object.fromEntries(Object.entries(saidOnce).map(([name, rule]) => [name, ofEachCarrier(rule)])),
  'a TLV that a carrier sets itself fits': ofEachCarrier(unfitTlvDefaults),
  'a prefix is replaced where there is one': ofEachCarrier(replacementOfNoPrefix),
  'a subnet is named once': (config) => repeated(entriesOf(config, ['vpc', 'subnetIds'])),
  'a zone is named once': (config) => repeated(entriesOf(config, ['availabilityZones'])),
  'an Elastic IP is named once': (config) => repeated(entriesOf(config, ['elasticIpAllocationIds'])),
  'API keys are for auth "api-key"': (config) => besides(config, 'apiKeys', 'auth', 'iam'),
  'a VPC of yours has its own NAT gateways': (config) => besides(config, 'natGateways', 'vpc'),
  'a VPC of yours has its own Elastic IPs': (config) => besides(config, 'elasticIpAllocationIds', 'vpc'),
  'a VPC of yours has its own zones': (config) => besides(config, 'availabilityZones', 'vpc'),
  'NAT gateways are for egress "nat"': (config) => besides(config, 'natGateways', 'egress', 'public-ip'),
  'Elastic IPs are for egress "nat"': (config) => besides(config, 'elasticIpAllocationIds', 'egress', 'public-ip'),
  'each NAT gateway has one Elastic IP': wrongNumberOfElasticIps,
};

export function brokenRules(config: unknown): BrokenRule[] {
  return Object.values(rules).flatMap((rule) => rule(config));
}

function ofEachCarrier(rule: (config: unknown, carrier: Path) => readonly BrokenRule[]): Rule {
  return (config) => entriesAt(config, ['carriers']).flatMap((carrier) => rule(config, carrier));
}

/** Something that must be there once. */
interface Entry {
  readonly path: Path;
  readonly value: unknown;
}

/** The entries of a list, or that field of each. */
function entriesOf(config: unknown, list: Path, ...field: readonly string[]): Entry[] {
  return entriesAt(config, list).map((entry) => {
    const path = [...entry, ...field];
    return { path, value: valueAt(config, path) };
  });
}

function repeated(entries: readonly Entry[], how = ''): BrokenRule[] {
  const first = new Map<unknown, Path>();
  return entries.flatMap(({ path, value }) => {
    if (typeof value !== 'string') return [];
    const earlier = first.get(value);
    if (earlier !== undefined) return [{ path, demand: `must differ from ${pathText(earlier)}${how}` }];
    first.set(value, path);
    return [];
  });
}

/** The stack's outputs are called after them, in letters and digits only. */
function repeatedNames(entries: readonly Entry[]): BrokenRule[] {
  const plain = (name: unknown) => (typeof name === 'string' ? name.replaceAll('-', '').toLowerCase() : name);
  return repeated(
    entries.map(({ path, value }) => ({ path, value: plain(value) })),
    ' in more than dashes and capitals',
  );
}

function repeatedHosts(config: unknown, list: Path): BrokenRule[] {
  const hosts = entriesAt(config, list).map((entry) => {
    const path = [...entry, 'host'];
    const host = valueAt(config, path);
    const port = valueAt(config, [...entry, 'port']) ?? defaultPort;
    return { path, value: typeof host === 'string' ? `${host.toLowerCase()} ${port}` : undefined };
  });
  return repeated(hosts, ', or have another port');
}

function receiverWithoutPair(config: unknown, carrier: Path): BrokenRule[] {
  const path = [...carrier, 'receiver'];
  const mode = carrierProfile.shape.bindMode.safeParse(valueAt(config, [...carrier, 'bindMode'])).data;
  if (mode !== 'transceiver' || valueAt(config, path) === undefined) return [];
  return [{ path, demand: 'must be left out, or stand with "bindMode": "transmitter-receiver"' }];
}

function caOfUnverified(config: unknown, carrier: Path): BrokenRule[] {
  const path = [...carrier, 'tls', 'ca'];
  const isUnverified = valueAt(config, [...carrier, 'tls', 'allowUnverifiedServer']) === true;
  if (!isUnverified || valueAt(config, path) === undefined) return [];
  return [{ path, demand: 'must be left out with "allowUnverifiedServer": true, for nothing is held against it' }];
}

/** A highest delay below the default of the first one is meant: it is every delay's. */
function firstDelayOverHighest(config: unknown, carrier: Path): BrokenRule[] {
  const path = [...carrier, 'reconnect', 'firstDelayMs'];
  const first = valueAt(config, path);
  const highest = reconnect.maxDelayMs.safeParse(valueAt(config, [...carrier, 'reconnect', 'maxDelayMs'])).data;
  if (typeof first !== 'number' || highest === undefined || first <= highest) return [];
  return [{ path, demand: `must be at most maxDelayMs, which is ${highest}` }];
}

/** Told of the list that the user wrote, for the other may have its default. */
function statusesOfTwoMeanings(config: unknown, carrier: Path): BrokenRule[] {
  const listAt = (key: string) => [...carrier, 'reconnect', key];
  const isWritten = valueAt(config, listAt('wrongCredentialsStatuses')) !== undefined;
  const [own, other] = isWritten
    ? (['wrongCredentialsStatuses', 'alreadyBoundStatuses'] as const)
    : (['alreadyBoundStatuses', 'wrongCredentialsStatuses'] as const);
  const others = reconnect[other].safeParse(valueAt(config, listAt(other))).data ?? [];
  return entriesAt(config, listAt(own))
    .filter((path) => others.some((status) => status === valueAt(config, path)))
    .map((path) => ({ path, demand: `must not be in ${other} too, which has ${others.join(', ')}` }));
}

/** A bind's share is in whole submit_sm per second: with less than one of them, all binds together would send too much. */
function rateBelowBinds(config: unknown, carrier: Path): BrokenRule[] {
  const path = [...carrier, 'messagesPerSecond'];
  const rate = valueAt(config, path);
  const binds = carrierProfile.shape.binds.safeParse(valueAt(config, [...carrier, 'binds'])).data;
  if (typeof rate !== 'number' || binds === undefined || rate >= binds) return [];
  return [{ path, demand: `must be at least binds, which is ${binds}: each bind has its share of it` }];
}

function outcomesSaidTwice(config: unknown, carrier: Path): BrokenRule[] {
  const listed = entriesAt(config, [...carrier, 'throttleStatuses']);
  const told = entriesAt(config, [...carrier, 'submitOutcomes']).flatMap((entry) =>
    entriesAt(config, [...entry, 'statuses']),
  );
  const first = new Map<unknown, Path>();
  return [...listed, ...told].flatMap((path) => {
    const status = valueAt(config, path);
    const earlier = first.get(status);
    if (earlier !== undefined) return [{ path, demand: `must differ from ${pathText(earlier)}` }];
    first.set(status, path);
    return [];
  });
}

function delayOfNoRetry(config: unknown, carrier: Path): BrokenRule[] {
  const rules = [...entriesAt(config, [...carrier, 'submitOutcomes']), [...carrier, 'unanswered']];
  return rules.flatMap((rule) => {
    const outcome = valueAt(config, [...rule, 'outcome']) ?? 'retry';
    const path = [...rule, 'afterMs'];
    if (outcome === 'retry' || valueAt(config, path) === undefined) return [];
    return [{ path, demand: 'must be left out, or stand with "outcome": "retry"' }];
  });
}

/** As it would be refused in a message. */
function unfitTlvDefaults(config: unknown, carrier: Path): BrokenRule[] {
  const definitions = tlvDefinitions.safeParse(valueAt(config, [...carrier, 'tlvs'])).data ?? {};
  return Object.entries(definitions).flatMap(([name, definition]) => {
    const demand = definition.default === undefined ? undefined : faultOfTlv(definition, definition.default);
    return demand === undefined ? [] : [{ path: [...carrier, 'tlvs', name, 'default'], demand }];
  });
}

function replacementOfNoPrefix(config: unknown, carrier: Path): BrokenRule[] {
  return entriesAt(config, [...carrier, 'addresses']).flatMap((rule) => {
    const path = [...rule, 'replacePrefix'];
    if (valueAt(config, path) === undefined || valueAt(config, [...rule, 'prefix']) !== undefined) return [];
    return [{ path, demand: 'must be left out, or stand with a "prefix"' }];
  });
}

function prefixesOfNoNumber(config: unknown, carrier: Path): BrokenRule[] {
  return entriesAt(config, [...carrier, 'prefixes']).flatMap((path) => {
    const prefix = carrierProfile.shape.prefixes.unwrap().element.safeParse(valueAt(config, path)).data;
    const demand = prefix === undefined ? undefined : mistakeInPrefix(prefix);
    return demand === undefined ? [] : [{ path, demand }];
  });
}

function wrongMemory(config: unknown, carrier: Path): BrokenRule[] {
  const { taskCpu, taskMemoryMiB } = carrierProfile.shape;
  const path = [...carrier, 'taskMemoryMiB'];
  const given = valueAt(config, path);
  const cpu = taskCpu.safeParse(valueAt(config, [...carrier, 'taskCpu']));
  const memory = taskMemoryMiB.safeParse(given);
  if (!cpu.success || !memory.success || taskSizes[cpu.data].includes(memory.data)) return [];
  const demand = given === undefined ? 'must be set to' : 'must be';
  return [{ path, demand: `${demand} one of ${taskSizes[cpu.data].join(', ')} with "taskCpu": ${cpu.data}` }];
}

/** `option` beside `other`, or beside that value of it. */
function besides(config: unknown, option: string, other: string, value?: string): BrokenRule[] {
  const given = valueAt(config, [other]);
  const stands = value === undefined ? given !== undefined : given === value;
  if (!stands || valueAt(config, [option]) === undefined) return [];
  return [{ path: [option], demand: `must be left out with "${other}"${value === undefined ? '' : `: "${value}"`}` }];
}

function wrongNumberOfElasticIps(config: unknown): BrokenRule[] {
  const path = ['elasticIpAllocationIds'];
  const ids = valueAt(config, path);
  const gateways = valueAt(config, ['natGateways']) ?? 1;
  if (!Array.isArray(ids) || typeof gateways !== 'number' || ids.length === gateways) return [];
  return [{ path, demand: `must have as many entries as there are NAT gateways, which is ${gateways}` }];
}
