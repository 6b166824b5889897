import * as z from 'zod';

/** How the faults of a request are told: what is allowed and what was given, never at length. */

export function refuse(context: z.core.$RefinementCtx, message: string, path: PropertyKey[] = []): never {
  context.addIssue({ code: 'custom', message, path });
  return z.NEVER;
}

/** A value as an answer quotes it: short, and never more than one level of it. */
export function show(value: unknown): string {
  return typeof value === 'object' ? typeOf(value) : shorten(JSON.stringify(value) ?? 'nothing');
}

export function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

export function shorten(given: string): string {
  const longest = 60;
  return given.length <= longest ? given : `${given.slice(0, longest).toWellFormed()}…`;
}
