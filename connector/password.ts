import { readFile } from 'node:fs/promises';
import type { CarrierProfile } from '#contract/carrier.ts';

/** The bind's password, from where the profile says. Rejects with what is missing, never with a value. */
export async function readPassword(
  source: CarrierProfile['password'],
  env: Record<string, string | undefined>,
): Promise<string> {
  if ('file' in source) return (await readFile(source.file, 'utf8')).replace(/\r?\n$/, '');
  const password = env[source.env];
  if (password === undefined) throw new Error(`the password's environment variable ${source.env} must be set`);
  return password;
}
