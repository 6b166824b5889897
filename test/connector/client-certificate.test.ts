import { createPrivateKey } from 'node:crypto';
import { usableClientCertificate } from '../../connector/client-certificate.ts';
import { authority, type Certificate, certificate as newCertificate } from '../../local/certificates.ts';

function pem(label: string, content = 'hunter2'): string {
  return `-----BEGIN ${label}-----\n${content}\n-----END ${label}-----\n`;
}

let own: Certificate;
let ofAuthority: Certificate;
beforeAll(async () => {
  ofAuthority = await authority('Authority');
  own = await newCertificate({ by: ofAuthority });
});

const use = (given: string) => () => usableClientCertificate(given, 'the client certificate in ACME');

const olderKey = () => createPrivateKey(own.key).export({ type: 'sec1', format: 'pem' }).toString();
const prime256v1 = 'BggqhkjOPQMBBw==';

test.each<[string, () => string]>([
  ['a certificate and its key', () => own.certificate + own.key],
  ['the key first', () => own.key + own.certificate],
  ['those between it and its authority too', () => own.certificate + ofAuthority.certificate + own.key],
  ['a key of the kind before PKCS #8', () => own.certificate + olderKey()],
  ['a key on a curve, with its parameters', () => own.certificate + pem('EC PARAMETERS', prime256v1) + olderKey()],
  ['the line ends of Windows', () => own.pem.replaceAll('\n', '\r\n')],
  [
    'text between them, as openssl pkcs12 writes it',
    () => `Bag Attributes\n${own.certificate}Key Attributes: <None>\n${own.key}`,
  ],
  ['no line break at its end', () => own.pem.trimEnd()],
])('a PEM with %s is taken as it is', (_, given) => {
  expect(use(given())()).toBe(given());
});

const noCertificate = /must have "-----BEGIN CERTIFICATE-----" in a line of its own, has none$/;
const noKey = /must have "-----BEGIN PRIVATE KEY-----" in a line of its own, has none$/;
const passphrase = /must have its private key without a passphrase \(openssl pkey -in KEY -out PLAIN\), has one$/;
const another = /must begin with the certificate of its private key, begins with another$/;

test.each<[string, () => string, RegExp]>([
  ['nothing in it', () => ' \n', /is empty$/],
  ['a key alone', () => own.key, noCertificate],
  ['a certificate alone', () => own.certificate, noKey],
  ['a public key in place of the private one', () => own.certificate + pem('PUBLIC KEY'), noKey],
  ['a request in place of the certificate', () => pem('CERTIFICATE REQUEST') + own.key, noCertificate],
  ['spaces where it had line breaks', () => own.pem.replaceAll('\n', ' '), noCertificate],
  ['line breaks that were escaped once too often', () => own.pem.replaceAll('\n', '\\n'), noCertificate],
  ['no line break between the two', () => own.certificate.trimEnd() + own.key, noKey],
  ['an encrypted key', () => own.certificate + pem('ENCRYPTED PRIVATE KEY'), passphrase],
  [
    'an encrypted key of the older kind',
    () => own.certificate + pem('RSA PRIVATE KEY', 'Proc-Type: 4,ENCRYPTED'),
    passphrase,
  ],
  ['a certificate that is cut off', () => pem('CERTIFICATE') + own.key, /has a certificate that cannot be read/],
  ['a key that is cut off', () => own.certificate + pem('PRIVATE KEY'), /has a private key that cannot be read/],
  ['the key of another', () => ofAuthority.certificate + own.key, another],
  ['its own behind that of its authority', () => ofAuthority.certificate + own.pem, another],
])('a PEM with %s is refused with what it lacks, and not repeated', (_, given, expected) => {
  expect(use(given())).toThrow(expected);
  expect(use(given())).toThrow(/^the client certificate in ACME /);
  expect(use(given())).not.toThrow(/hunter2/);
});
