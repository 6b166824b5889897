import { readFile } from 'node:fs/promises';
import type { CarrierProfile } from '#contract/carrier.ts';
import { maxString } from './smpp/codec/layouts.ts';

export type PasswordSource = NonNullable<CarrierProfile['password']>;
/** Where the gateway that runs locally finds it. */
export type LocalPasswordSource = Exclude<PasswordSource, { readonly secretArn: string }>;

/** The bind's password, from where the profile says. Rejects with what is missing or wrong, never with a value. */
export async function readPassword(
  source: LocalPasswordSource,
  env: Record<string, string | undefined>,
): Promise<string> {
  if ('file' in source) {
    const content = await readFile(source.file, 'utf8');
    return usablePassword(withoutLineBreak(content), `the password in ${source.file}`);
  }
  const password = env[source.env];
  if (password === undefined) throw new Error(`the password's environment variable ${source.env} must be set`);
  return usablePassword(password, `the password in ${source.env}`);
}

/** Editors and `echo` end a file with one. */
export function withoutLineBreak(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/**
 * `password`, if a bind can carry it. More than the 8 octets of SMPP 3.4 is let through: SMSCs give out longer ones
 * and mean it (quirk 44). Throws what is wrong, and where, never what stands there.
 */
export function usablePassword(password: string, what: string): string {
  if (password === '') throw new Error(`${what} is empty`);
  if (password.length > maxString) {
    throw new Error(`${what} must have at most ${maxString} characters, has ${password.length}`);
  }
  const odd = password.search(/[^\x20-\x7e]/);
  if (odd !== -1) throw new Error(`${what} must be printable ASCII, has another character at position ${odd + 1}`);
  return password;
}
