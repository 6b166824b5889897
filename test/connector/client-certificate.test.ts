import { usableClientCertificate } from '../../connector/client-certificate.ts';

function pem(label: string, content = 'hunter2'): string {
  return `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`;
}

const certificate = pem('CERTIFICATE');
const key = pem('PRIVATE KEY');

const use = (given: string) => () => usableClientCertificate(given, 'the client certificate in ACME');

test.each<[string, string]>([
  ['a certificate and its key', certificate + key],
  ['the key first', key + certificate],
  ['those between it and its authority too', certificate + certificate + certificate + key],
  ['a key of the kind before PKCS #8', certificate + pem('RSA PRIVATE KEY')],
  ['a key on a curve, with its parameters', certificate + pem('EC PARAMETERS') + pem('EC PRIVATE KEY')],
  ['the line ends of Windows', (certificate + key).replaceAll('\n', '\r\n')],
  ['text between them, as openssl pkcs12 writes it', `Bag Attributes\n${certificate}Key Attributes: <None>\n${key}`],
  ['no line break at its end', (certificate + key).trimEnd()],
])('a PEM with %s is taken as it is', (_, given) => {
  expect(use(given)()).toBe(given);
});

const noCertificate = /must have a line "-----BEGIN CERTIFICATE-----", has none$/;
const noKey = /must have a line "-----BEGIN PRIVATE KEY-----", has none$/;
const passphrase = /must have its private key without a passphrase \(openssl pkey -in KEY -out PLAIN\), has one$/;

test.each<[string, string, RegExp]>([
  ['nothing in it', ' \n', /is empty$/],
  ['a key alone', key, noCertificate],
  ['a certificate alone', certificate, noKey],
  ['a public key in place of the private one', certificate + pem('PUBLIC KEY'), noKey],
  ['a request in place of the certificate', pem('CERTIFICATE REQUEST') + key, noCertificate],
  ['spaces where it had line breaks', (certificate + key).replaceAll('\n', ' '), noCertificate],
  ['line breaks that were escaped once too often', (certificate + key).replaceAll('\n', '\\n'), noCertificate],
  ['no line break between the two', certificate.trimEnd() + key, noKey],
  ['an encrypted key', certificate + pem('ENCRYPTED PRIVATE KEY'), passphrase],
  ['an encrypted key of the older kind', certificate + pem('RSA PRIVATE KEY', 'Proc-Type: 4,ENCRYPTED'), passphrase],
])('a PEM with %s is refused with what it lacks, and not repeated', (_, given, expected) => {
  expect(use(given)).toThrow(expected);
  expect(use(given)).toThrow(/^the client certificate in ACME /);
  expect(use(given)).not.toThrow(/hunter2/);
});
