/** In lines of their own, without which TLS finds nothing in a PEM, and does not say so. */
const certificate = /^-----BEGIN CERTIFICATE-----[ \t]*\r?$/m;
const privateKey = /^-----BEGIN ([A-Z]+ )?PRIVATE KEY-----[ \t]*\r?$/m;
const encryptedKey = /^(-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED)/m;

/**
 * `pem`, if it has a certificate and a private key that can be read without a passphrase. Whether they belong together
 * shows when they are used. Throws what is missing, and where, never what stands there.
 */
export function usableClientCertificate(pem: string, what: string): string {
  if (pem.trim() === '') throw new Error(`${what} is empty`);
  if (!certificate.test(pem)) throw new Error(`${what} must have a line "-----BEGIN CERTIFICATE-----", has none`);
  if (encryptedKey.test(pem)) {
    throw new Error(
      `${what} must have its private key without a passphrase (openssl pkey -in KEY -out PLAIN), has one`,
    );
  }
  if (!privateKey.test(pem)) throw new Error(`${what} must have a line "-----BEGIN PRIVATE KEY-----", has none`);
  return pem;
}
