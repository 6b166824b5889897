import type * as z from 'zod';
import { carrierName } from '../carrier-name.ts';
import { nearest } from './nearest.ts';
import { allowedBy, fieldsOf, type Option, optionWithin } from './options.ts';
import type { BrokenRule } from './rules.ts';
import { type Path, pathText, valueAt } from './tree.ts';

/**
 * How the faults of a config file are told: where, what is allowed, what was given. Faults of messages (`parse.ts`) quote
 * nothing, for messages are other people's; a config file is its reader's own, but for the secrets in it.
 */

export interface Faulty {
  readonly given: unknown;
  /** What the schema says of it. */
  readonly issues: readonly z.core.$ZodIssue[];
  readonly broken: readonly BrokenRule[];
  /** The options that there are. */
  readonly options: Option;
}

interface Fault {
  /** What is at fault; may be missing in the file. */
  readonly at: Path;
  readonly line: string;
}

/** A line for each fault, in the order of the file. */
export function describeFaults({ given, issues, broken, options }: Faulty): string[] {
  const faults = [
    ...issues.flatMap((issue) => ofIssue(issue, given, options)),
    ...broken.map(({ path, demand }) => fault(path, `${demand}${got(path, valueAt(given, path))}`)),
  ];
  const placed = faults.map(({ at, line }) => ({ place: placeOf(given, at), line }));
  // Of one value the schema may say twice that it is not what it must be.
  return [...new Set(placed.toSorted((a, b) => inOrder(a.place, b.place)).map(({ line }) => line))];
}

function fault(at: Path, says: string, owner: Path = at): Fault {
  return { at, line: owner.length === 0 ? says : `${pathText(owner)}: ${says}` };
}

function ofIssue(issue: z.core.$ZodIssue, given: unknown, options: Option): Fault[] {
  const { path } = issue;
  const option = path.reduce<Option | undefined>((within, key) => within && optionWithin(within, key), options) ?? {};
  // Also when a key in it is not known: that, too, may be the password.
  if (path.at(-1) === 'password') return [fault(path, ofPassword(path, given, option))];
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => [...path, key]);
    return keys.map((key) => fault(key, ofUnknownKey(key, given, option), path));
  }
  const value = valueAt(given, path);
  if (value === undefined) return [fault(path, `must be set (${allowedBy(option)})`)];
  return [fault(path, `must be ${allowedBy(option)}${got(path, value, option)}`)];
}

function ofPassword(path: Path, given: unknown, option: Option): string {
  return `must be ${allowedBy(option)}, never the password itself; ${remedy(given, path)}`;
}

/** What to do, as commands: whoever has just put a password in the file needs another place for it. */
function remedy(given: unknown, path: Path): string {
  const name = carrierName.safeParse(valueAt(given, [...path.slice(0, -1), 'name']));
  const create = `aws secretsmanager create-secret --name smpp-${name.data ?? '<carrier>'} --secret-string file://password.txt`;
  return `create a secret with \`${create}\` and name its ARN, or leave "password" out and after the first deploy run the command in the stack's output "PutPassword..." (aws secretsmanager put-secret-value)`;
}

function ofUnknownKey(path: Path, given: unknown, option: Option): string {
  const key = String(path.at(-1));
  const known = [...fieldsOf(option).keys()];
  const meant = nearest(key, known);
  return [
    `${shorten(JSON.stringify(key))} is not known; `,
    meant === undefined ? '' : `did you mean "${meant}"? `,
    `known are ${known.join(', ')}`,
    /pass|pwd|secret/i.test(key) ? `; should it be the password: ${remedy(given, path)}` : '',
  ].join('');
}

/** Keys of which no value is told: it is a secret, or somebody took them for its place. */
const secretKey = /password|secret|token|apiKeys/i;

function got(path: Path, value: unknown, { type }: Option = {}): string {
  if (value === undefined || path.some((key) => secretKey.test(String(key)))) return '';
  // JSON in a string, perhaps, with all that is in it.
  const isOpaque = typeof value === 'string' && (type === 'object' || type === 'array');
  return `, got ${isOpaque ? 'a string' : show(value)}`;
}

/** Never what is within it, for there may be a secret. */
function show(value: unknown): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return 'an empty list';
    return `a list of ${value.length} ${value.length === 1 ? 'entry' : 'entries'}`;
  }
  switch (typeof value) {
    case 'object':
      return value === null ? 'null' : 'an object';
    case 'string':
      // The part of a URL where an account and its password stand.
      return shorten(JSON.stringify(value.replace(/:\/\/.*@/s, '://…@')));
    default:
      return String(value);
  }
}

function shorten(text: string): string {
  const longest = 60;
  return text.length <= longest ? text : `${text.slice(0, longest).toWellFormed()}…`;
}

/** Of each step of the path its place among its neighbours; what is missing comes after them. */
function placeOf(given: unknown, path: Path): number[] {
  return path.map((key, depth) => {
    if (typeof key === 'number') return key;
    const place = Object.keys(Object(valueAt(given, path.slice(0, depth)))).indexOf(String(key));
    return place === -1 ? Number.POSITIVE_INFINITY : place;
  });
}

function inOrder(a: readonly number[], b: readonly number[]): number {
  const depth = a.findIndex((place, index) => place !== b[index]);
  if (depth === -1) return a.length - b.length;
  return (a[depth] ?? 0) < (b[depth] ?? -1) ? -1 : 1;
}
