import { isIPv6 } from 'node:net';
import type { CarrierProfile } from '#contract/carrier.ts';

/** What is allowed, and may all the same not be what was meant: told at synth. */
export function notesOn(carriers: readonly CarrierProfile[]): readonly string[] {
  return [...carriers.flatMap(exampleHosts), ...carriers.flatMap(addressesOfIpv6), ...sharedPrefixes(carriers)];
}

/** https://www.rfc-editor.org/rfc/rfc2606#section-3 */
const reserved = /(^|\.)example\.(com|net|org)$/;

function exampleHosts({ name, hosts }: CarrierProfile): readonly string[] {
  return hosts.flatMap(({ host }) => (reserved.test(host) ? [`carrier ${name}: ${host} is an example, no SMSC`] : []));
}

function addressesOfIpv6({ name, hosts }: CarrierProfile): readonly string[] {
  return hosts.flatMap(({ host }) =>
    isIPv6(host) ? [`carrier ${name}: ${host} is out of reach, for the network that is made has IPv4 only`] : [],
  );
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
