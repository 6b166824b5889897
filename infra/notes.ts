import { isIPv6 } from 'node:net';
import type { CarrierProfile } from '#contract/carrier.ts';
import { tlsOptionsOf } from '#contract/carrier-tls.ts';

/** What is allowed, and is to be so for a short while at the most: warned of at synth. */
export function warningsOn(carriers: readonly CarrierProfile[]): readonly string[] {
  return carriers.flatMap(unverifiedServers);
}

/** What is allowed, and may all the same not be what was meant: told at synth. */
export function notesOn(carriers: readonly CarrierProfile[]): readonly string[] {
  return [
    ...carriers.flatMap(exampleHosts),
    ...carriers.flatMap(addressesOfIpv6),
    ...carriers.flatMap(unevenRates),
    ...sharedPrefixes(carriers),
  ];
}

function hostsOf({ hosts, receiver }: CarrierProfile): readonly string[] {
  return [...new Set([...hosts, ...(receiver?.hosts ?? [])].map(({ host }) => host))];
}

/** https://www.rfc-editor.org/rfc/rfc2606#section-3 */
const reserved = /(^|\.)example\.(com|net|org)$/;

function exampleHosts(carrier: CarrierProfile): readonly string[] {
  const { name } = carrier;
  return hostsOf(carrier).flatMap((host) =>
    reserved.test(host) ? [`carrier ${name}: ${host} is an example, no SMSC`] : [],
  );
}

function addressesOfIpv6(carrier: CarrierProfile): readonly string[] {
  const { name } = carrier;
  return hostsOf(carrier).flatMap((host) =>
    isIPv6(host) ? [`carrier ${name}: ${host} is out of reach, for the network that is made has IPv4 only`] : [],
  );
}

function unevenRates({ name, binds, messagesPerSecond = 0 }: CarrierProfile): readonly string[] {
  const unused = messagesPerSecond % binds;
  if (unused === 0) return [];
  const share = (messagesPerSecond - unused) / binds;
  return [
    `carrier ${name}: each of ${binds} binds sends at most ${share} a second, so ${unused} of "messagesPerSecond": ${messagesPerSecond} are not used`,
  ];
}

function unverifiedServers({ name, tls }: CarrierProfile): readonly string[] {
  if (!tlsOptionsOf(tls)?.allowUnverifiedServer) return [];
  return [
    `carrier ${name}: "allowUnverifiedServer" lets whoever stands in between read the password and every message`,
  ];
}

function sharedPrefixes(carriers: readonly CarrierProfile[]): readonly string[] {
  const served = carriers.flatMap(({ name, prefixes }) =>
    prefixes.length > 0
      ? prefixes.map((prefix) => ({ name, numbers: `+${prefix}` }))
      : [{ name, numbers: 'all numbers' }],
  );
  return [...Map.groupBy(served, ({ numbers }) => numbers)].flatMap(([numbers, by]) => {
    const names = by.map(({ name }) => name).join(' and ');
    return by.length > 1 ? [`carriers ${names} both serve ${numbers}: each message goes to one that is bound`] : [];
  });
}
