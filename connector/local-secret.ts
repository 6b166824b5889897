import { readFile } from 'node:fs/promises';
import type { SecretSource } from '#contract/secret-source.ts';
import type { SecretKind } from './secret-kinds.ts';

/** Where the gateway that runs locally finds a secret. */
export type LocalSecretSource = Exclude<SecretSource, { readonly secretArn: string }>;

/** The secret, from where the profile says. Rejects with what is missing or wrong, never with a value. */
export async function readLocalSecret(
  source: LocalSecretSource,
  { what, check }: SecretKind,
  env: Record<string, string | undefined>,
): Promise<string> {
  if ('file' in source) {
    const content = await readFile(source.file, 'utf8');
    return check(withoutLineBreak(content), `${what} in ${source.file}`);
  }
  const value = env[source.env];
  if (value === undefined) throw new Error(`the environment variable ${source.env} must be set to ${what}`);
  return check(value, `${what} in ${source.env}`);
}

/** Editors and `echo` end a file with one. */
export function withoutLineBreak(text: string): string {
  return text.replace(/\r?\n$/, '');
}
