// Before @peculiar/x509, which does not work without.
import 'reflect-metadata';
import { KeyObject, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  type Extension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
  /** Both, as a client's is kept: one after the other. */
  readonly pem: string;
  readonly subject: string;
  readonly privateKey: webcrypto.CryptoKey;
}

export interface CertificateOptions {
  /** Its common name. */
  readonly subject?: string;
  /** Host names and addresses that it is for. */
  readonly names?: readonly string[];
  /** Who signs it; itself by default. */
  readonly by?: Certificate;
  /** Whether it may sign others. */
  readonly signs?: boolean;
  readonly notBefore?: string;
  readonly notAfter?: string;
  /** Of an RSA key; without it there is one on a curve. */
  readonly rsaBits?: number;
}

const onCurve = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

function rsa(modulusLength: number) {
  return {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength,
    publicExponent: Uint8Array.of(1, 0, 1),
  };
}

/** One that may sign others. */
export function authority(subject: string, by?: Certificate): Promise<Certificate> {
  return certificate({ subject, signs: true, ...(by && { by }) });
}

/** A new key and its certificate, valid from 2020 to 2049. */
export async function certificate(options: CertificateOptions): Promise<Certificate> {
  const { subject = 'certificate', names = [], by, signs = false, rsaBits } = options;
  const { notBefore = '2020-01-01', notAfter = '2049-01-01' } = options;
  const { publicKey, privateKey } = await webcrypto.subtle.generateKey(
    rsaBits === undefined ? onCurve : rsa(rsaBits),
    true,
    ['sign', 'verify'],
  );
  const signed = await X509CertificateGenerator.create(
    {
      subject: [{ CN: [subject] }],
      issuer: [{ CN: [by?.subject ?? subject] }],
      notBefore: new Date(notBefore),
      notAfter: new Date(notAfter),
      extensions: extensions(names, signs),
      publicKey,
      signingKey: by?.privateKey ?? privateKey,
      signingAlgorithm: by === undefined && rsaBits !== undefined ? rsa(rsaBits) : onCurve,
    },
    webcrypto,
  );
  const inPem = `${signed.toString('pem')}\n`;
  const key = KeyObject.from(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { certificate: inPem, key, pem: `${inPem}${key}`, subject, privateKey };
}

function extensions(names: readonly string[], signs: boolean): Extension[] {
  const constraints = new BasicConstraintsExtension(signs, undefined, true);
  if (names.length === 0) return [constraints];
  const generalNames = names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value }));
  return [constraints, new SubjectAlternativeNameExtension(generalNames)];
}
