import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { SecretSource } from '#contract/secret-source.ts';
import type { SecretKind } from './secret-kinds.ts';

/** Where the gateway that runs locally finds a secret. */
export type LocalSecretSource = Exclude<SecretSource, { readonly secretArn: string }>;

/** The secret, from where the profile says. Rejects with what is missing or wrong, never with a value. */
export async function readLocalSecret(
  source: LocalSecretSource,
  kind: SecretKind,
  env: Record<string, string | undefined>,
): Promise<string> {
  const { what, check } = kind;
  if ('file' in source) {
    const place = fileInWords(source.file, kind);
    return check(withoutLineBreak(await contentOf(source.file, place)), `${what} in ${place}`);
  }
  const place = variableInWords(source.env, kind);
  const value = env[source.env];
  if (value === undefined) throw new Error(`${place} must be set to ${what}`);
  return check(value, `${what} in ${place}`);
}

/** Editors and `echo` end a file with one. */
export function withoutLineBreak(text: string): string {
  return text.replace(/\r?\n$/, '');
}

/** Quoted only where it looks like what it is: a secret may have been put in its place. */
function variableInWords(name: string, { option }: SecretKind): string {
  return /^[A-Z_][A-Z0-9_]*$/.test(name)
    ? `the environment variable ${name} (${option})`
    : `the environment variable that "${option}" names`;
}

/** As above; whole, since a relative path begins where the gateway was started. */
function fileInWords(file: string, { option }: SecretKind): string {
  return /^(\.{0,2}[/\\]|[A-Za-z]:[/\\])|\.(txt|pem|crt|cer|key)$/.test(file)
    ? `the file ${resolve(file)} (${option})`
    : `the file that "${option}" names`;
}

async function contentOf(file: string, place: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    // Without the cause, which quotes what stands in place of the path.
    throw new Error(`${place} ${reasons[code] ?? `cannot be read: ${code}`}`);
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a folder',
  EACCES: 'may not be read by this user',
};
