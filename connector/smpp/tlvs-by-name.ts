import type { TlvDefinitions } from '#contract/carrier-tlvs.ts';
import type { Tlv } from './codec/pdu.ts';
import { tlvName } from './codec/tables.ts';

/** More of a receipt or a response would not be what an SMSC means to tell, and its event has an end. */
const maxOctetsOfEvent = 20_000;
/** Beside name and value, in JSON. */
const punctuation = '"":"",'.length;

export type NameOfTag = (tag: number) => string;

/** What events call a TLV: as the carrier's profile does, else as SMPP 3.4 does, else `0x1400` (quirk 43). Made once per carrier. */
export function tagNames(definitions: TlvDefinitions): NameOfTag {
  const own = new Map(Object.entries(definitions).map(([name, { tag }]) => [tag, name]));
  return (tag) => own.get(tag) ?? tlvName(tag) ?? `0x${tag.toString(16).padStart(4, '0')}`;
}

/**
 * TLVs as events have them: their values in hex, by name; one that comes again is `name#2`. At most `maxOctets` of JSON: what is
 * too much is left out, the largest first.
 */
export function tlvsByName(
  tlvs: readonly Tlv[],
  nameOf: NameOfTag,
  maxOctets = maxOctetsOfEvent,
): Record<string, string> {
  const times = new Map<string, number>();
  const entries = tlvs.map(({ tag, value }): readonly [string, string] => {
    const name = nameOf(tag);
    const time = (times.get(name) ?? 0) + 1;
    times.set(name, time);
    return [time === 1 ? name : `${name}#${time}`, Buffer.from(value).toString('hex')];
  });
  return Object.fromEntries(smallest(entries, maxOctets));
}

/** In the order in which they came. */
function smallest(entries: readonly (readonly [string, string])[], maxOctets: number) {
  const sizeOf = ([name, value]: readonly [string, string]) => name.length + value.length + punctuation;
  const total = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (total <= maxOctets) return entries;
  const kept = new Set<readonly [string, string]>();
  let left = maxOctets;
  for (const entry of entries.toSorted((a, b) => sizeOf(a) - sizeOf(b))) {
    left -= sizeOf(entry);
    if (left < 0) break;
    kept.add(entry);
  }
  return entries.filter((entry) => kept.has(entry));
}
