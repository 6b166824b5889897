import * as z from 'zod';
import type { TlvDefinition, TlvValue } from '#contract/carrier-tlvs.ts';
import { nearest } from '#contract/config/nearest.ts';
import type { FieldFault } from '#contract/gateway-responses.ts';
import type { OutboundSms } from '#contract/outbound-sms.ts';
import type { Route } from '#contract/routes.ts';
import { faultOfTlv, tlvOctets } from '#contract/tlv-values.ts';
import { refuse, shorten, show, typeOf } from './faults.ts';

/** What a client gives, by the names of the carrier's profile. Whether a carrier takes it is looked at once its routes are known. */
export type GivenTlvs = ReadonlyMap<string, unknown>;
export type LaneTlvs = NonNullable<OutboundSms['tlvs']>;

const maxNames = 100;
const longestName = 64;

/** Not a `z.record`: that drops a key `__proto__` without a word. */
export const givenTlvs = z.unknown().transform((given, context): GivenTlvs => {
  if (typeOf(given) !== 'object') return refuse(context, `must be an object, got ${show(given)}`);
  const entries = Object.entries(given as object);
  if (entries.length <= maxNames) return new Map(entries);
  return refuse(context, `must have at most ${maxNames} names, has ${entries.length}`);
});

/** The TLVs of a message by this route, the carrier's defaults among them, or why it cannot go there. */
export function tlvsBy(route: Route, given: GivenTlvs): { readonly tlvs: LaneTlvs; readonly faults: FieldFault[] } {
  const tlvs: { tag: number; value: string }[] = [];
  const faults = [...given.keys()]
    .filter((name) => !Object.hasOwn(route.tlvs, name))
    .map((name) => fault(name, unknownTo(route, name)));
  for (const [name, definition] of Object.entries(route.tlvs)) {
    const value = given.has(name) ? given.get(name) : definition.default;
    const wrong = faultOf(route, definition, value);
    if (wrong !== undefined) faults.push(fault(name, wrong));
    else if (isTlvValue(value)) tlvs.push({ tag: definition.tag, value: hexOf(definition, value) });
  }
  return { tlvs, faults };
}

function faultOf({ carrier }: Route, definition: TlvDefinition, value: unknown): string | undefined {
  if (value === undefined) return definition.required ? `is missing: carrier ${carrier} requires it` : undefined;
  if (!isTlvValue(value)) return `must be a string or a whole number, got ${show(value)}`;
  const demand = faultOfTlv(definition, value);
  return demand && `${demand}, got ${show(value)}`;
}

function unknownTo({ carrier, tlvs }: Route, name: string): string {
  const names = Object.keys(tlvs);
  if (names.length === 0) return `is not known: carrier ${carrier} has no TLVs`;
  const meant = name.length <= longestName ? nearest(name, names) : undefined;
  const hint = meant === undefined ? '' : `did you mean "${meant}"? `;
  return `is not known; ${hint}allowed: ${shorten(names.join(', '))}`;
}

function fault(name: string, message: string): FieldFault {
  return { field: shorten(`tlvs.${name}`), message };
}

function isTlvValue(value: unknown): value is TlvValue {
  return typeof value === 'string' || typeof value === 'number';
}

function hexOf(definition: TlvDefinition, value: TlvValue): string {
  return Buffer.from(tlvOctets(definition, value)).toString('hex');
}
