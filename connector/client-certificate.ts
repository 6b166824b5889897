import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';

/** In lines of their own, without which TLS finds nothing in a PEM, and does not say so. */
const certificate = /^-----BEGIN CERTIFICATE-----[ \t]*\r?$/m;
const privateKey = /^-----BEGIN ([A-Z]+ )?PRIVATE KEY-----[ \t]*\r?$/m;
const encryptedKey = /^(-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED)/m;

/**
 * `pem`, if it has a certificate and the private key of the first one, which can be read without a passphrase. Throws
 * what is missing or wrong, and where, never what stands there.
 */
export function usableClientCertificate(pem: string, what: string): string {
  if (pem.trim() === '') throw new Error(`${what} is empty`);
  if (!certificate.test(pem)) throw new Error(`${what} must have ${inItsLine('CERTIFICATE')}, has none`);
  if (encryptedKey.test(pem)) {
    throw new Error(
      `${what} must have its private key without a passphrase (openssl pkey -in KEY -out PLAIN), has one`,
    );
  }
  if (!privateKey.test(pem)) throw new Error(`${what} must have ${inItsLine('PRIVATE KEY')}, has none`);
  if (!certificateIn(pem, what).checkPrivateKey(privateKeyIn(pem, what))) {
    throw new Error(`${what} must begin with the certificate of its private key, begins with another`);
  }
  return pem;
}

function inItsLine(label: string): string {
  return `"-----BEGIN ${label}-----" in a line of its own`;
}

/** The first, as TLS has it. */
function certificateIn(pem: string, what: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new Error(`${what} has a certificate that cannot be read: it may be cut off`);
  }
}

function privateKeyIn(pem: string, what: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new Error(`${what} has a private key that cannot be read: it may be cut off`);
  }
}
