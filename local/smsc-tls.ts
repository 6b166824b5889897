import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { toError } from '#contract/to-error.ts';
import type { Releases } from './releases.ts';
import type { CertificateFiles } from './smsc-options.ts';
import { StartError } from './start-error.ts';

/** What the SMSC shows, in PEM. */
export interface ServerTls {
  readonly key: string;
  readonly cert: string;
}

/** Throws a `StartError` for files that are not there, or not a certificate and its key. */
export async function readServerTls({ cert, key }: CertificateFiles): Promise<ServerTls> {
  const tls = { cert: await readPem('--cert', cert), key: await readPem('--key', key) };
  try {
    createSecureContext(tls);
  } catch (cause) {
    const what = `--cert ${cert} and --key ${key} must be a certificate and its key in PEM, without a passphrase`;
    throw new StartError(`${what}: ${toError(cause).message}`, { cause });
  }
  return tls;
}

async function readPem(option: string, file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new StartError(`${option} must be a file that can be read: ${toError(cause).message}`, { cause });
  }
}

/** A certificate for this machine, by an authority made for it; that of the authority is in `caFile` until the release. */
export async function makeServerTls(releases: Releases): Promise<ServerTls & { readonly caFile: string }> {
  // Loaded only when needed: it takes longer than all the rest.
  const { authority, certificate } = await import('./certificates.ts');
  const by = await authority('SMSC simulator');
  const own = await certificate({ subject: 'localhost', names: ['localhost', '127.0.0.1'], by });
  const folder = await mkdtemp(join(tmpdir(), 'smsc-'));
  releases.push(() => rm(folder, { recursive: true, force: true }));
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, by.certificate);
  return { key: own.key, cert: own.certificate, caFile };
}
