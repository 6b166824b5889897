import type * as z from 'zod';
import { carrierSecrets } from '../carrier-secrets.ts';
import { mistakeInCa } from '../carrier-tls.ts';
import { nearest } from './nearest.ts';
import { allowedBy, fieldsOf, type Option, optionWithin } from './options.ts';
import type { BrokenRule } from './rules.ts';
import { remedyOf, secretMeantAt } from './secret-remedy.ts';
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
    ...broken.map(({ path, demand }) =>
      fault(path, `${demand}${got(path, valueAt(given, path), optionAt(options, path))}`),
    ),
  ];
  const placed = faults.map(({ at, line }) => ({ place: placeOf(given, at), line }));
  // Of one value the schema may say twice that it is not what it must be.
  return [...new Set(placed.toSorted((a, b) => inOrder(a.place, b.place)).map(({ line }) => line))];
}

function optionAt(options: Option, path: Path): Option {
  return path.reduce<Option | undefined>((within, key) => within && optionWithin(within, key), options) ?? {};
}

function fault(at: Path, says: string, owner: Path = at): Fault {
  return { at, line: owner.length === 0 ? says : `${pathText(owner)}: ${says}` };
}

function ofIssue(issue: z.core.$ZodIssue, given: unknown, options: Option): Fault[] {
  const { path } = issue;
  const option = optionAt(options, path);
  // Also when a key in it is not known: that, too, may be the secret.
  if (isSecret(path)) return [fault(path, ofSecret(path, given, option))];
  const ofOneKind = issue.code === 'invalid_union' ? issuesOfOneKind(issue) : [];
  if (ofOneKind.length > 0) return ofOneKind.flatMap((each) => ofIssue(each, given, options));
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => [...path, key]);
    return keys.map((key) => fault(key, ofUnknownKey(key, given, option), path));
  }
  if (issue.code === 'invalid_key') {
    const [demand] = issue.issues.map(({ message }) => message);
    return [fault(path, `${demand}, got ${JSON.stringify(path.at(-1))}`, path.slice(0, -1))];
  }
  const value = valueAt(given, path);
  if (value === undefined) return [fault(path, `must be set (${allowedBy(option)})`)];
  const isCa = path.at(-1) === 'ca' && typeof value === 'string';
  return [fault(path, `must be ${allowedBy(option)}${isCa ? `, ${mistakeInCa(value)}` : got(path, value, option)}`)];
}

/** Of a value that may be of several kinds what is wrong with it as the only kind that it could be; none where that is open. */
function issuesOfOneKind({ path, errors }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] {
  const isOfAnother = (issues: readonly z.core.$ZodIssue[]) =>
    issues.some(({ code, path: within }) => code === 'invalid_type' && within.length === 0);
  const [only, ...others] = errors.filter((issues) => !isOfAnother(issues));
  if (only === undefined || others.length > 0) return [];
  return only.map((issue) => ({ ...issue, path: [...path, ...issue.path] }));
}

function isSecret(path: Path): boolean {
  return path.at(-1) === 'password' || path.at(-1) === 'clientCertificate';
}

function ofSecret(path: Path, given: unknown, option: Option): string {
  const secret = secretMeantAt(path);
  const { what } = carrierSecrets[secret];
  return `must be ${allowedBy(option)}, never ${what} itself; ${remedyOf(secret, given, path)}`;
}

function ofUnknownKey(path: Path, given: unknown, option: Option): string {
  const key = String(path.at(-1));
  const told = hasPem(key) ? 'a string' : shorten(JSON.stringify(key));
  const known = [...fieldsOf(option).keys()];
  const meant = nearest(key, known);
  const secret = secretMeantAt(path);
  return [
    `${told} is not known; `,
    meant === undefined ? '' : `did you mean "${meant}"? `,
    `known are ${known.join(', ')}`,
    looksSecret(path) ? `; should it be ${carrierSecrets[secret].what}: ${remedyOf(secret, given, path)}` : '',
  ].join('');
}

function looksSecret(path: Path): boolean {
  const looks = path.includes('tls') ? /pass|secret|key|cert|pem|pfx|p12/i : /pass|pwd|secret/i;
  return looks.test(String(path.at(-1)));
}

/** Keys of which no value is told: it is a secret, or somebody took them for its place. */
const secretKey = /password|secret|token|apiKeys|certificate|^ca$/i;

function got(path: Path, value: unknown, option: Option): string {
  if (value === undefined || path.some((key) => secretKey.test(String(key)))) return '';
  // JSON or PEM in a string, perhaps, with all that is in it.
  const isOpaque = typeof value === 'string' && (option.type === 'array' || fieldsOf(option).size > 0 || hasPem(value));
  return `, got ${isOpaque ? 'a string' : show(value)}`;
}

function hasPem(text: string): boolean {
  return text.includes('-----BEGIN');
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
      // Where an account and its password stand, in a URL or without its scheme.
      return shorten(JSON.stringify(value.replace(/^([a-z][a-z\d+.-]*:\/\/)?.*@/is, '$1…@')));
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
