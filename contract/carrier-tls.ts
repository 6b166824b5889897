import { X509Certificate } from 'node:crypto';
import * as z from 'zod';
import { inWords, textOfForm } from './config/form.ts';
import { secretSource } from './secret-source.ts';

/** A task definition has at most 64 KiB: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
const longestCa = 32_768;
const caForm = `whole certificates in PEM, each beginning in a line of its own, with at most ${longestCa} characters together`;
const tlsForm = 'true, false or an object of TLS options';

const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/;

/** TLS passes over what it cannot read, and would then trust nobody: the SMSC would seem to be at fault. */
function isReadable(certificates: string): boolean {
  try {
    for (const [certificate] of certificates.matchAll(new RegExp(block, 'g'))) new X509Certificate(certificate);
    return true;
  } catch {
    return false;
  }
}

const ca = textOfForm(new RegExp(`^[\\r\\n]*(${block.source}[ \\t]*([\\r\\n]+|$))+$`), caForm)
  .max(longestCa)
  .refine(isReadable, { error: `must be ${caForm}` })
  .meta(inWords(caForm));

/** What is probably wrong with what was refused as `ca`, in words that continue "must be ..."; never what stands there. */
export function mistakeInCa(given: string): string {
  if (given.trim() === '') return 'is empty';
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/.test(given))
    return 'has a private key in it, which is to be in no config';
  if (!given.includes('-----BEGIN CERTIFICATE-----')) {
    return 'has no "-----BEGIN CERTIFICATE-----": what stands in the file belongs here, not its name';
  }
  if (given.length > longestCa) return `has ${given.length}`;
  if (given.includes('\\n')) return 'has line breaks that were escaped twice';
  const rest = given.replaceAll(new RegExp(block, 'g'), '');
  if (rest.includes('-----')) return 'has one that is cut off, or something else in PEM';
  if (rest.trim() !== '') return 'has text before, between or after them';
  return isReadable(given) ? 'has one that does not begin in a line of its own' : 'has one that cannot be read';
}

const options = z.strictObject({
  ca: ca
    .optional()
    .describe(
      "Who may have signed the SMSC's certificate, or that certificate itself where it is self-signed. These take the place of the well-known authorities.",
    ),
  servername: textOfForm(/^(?![\d.]+$)[A-Za-z0-9._-]{1,253}$/, 'a host name, without a wildcard')
    .optional()
    .describe("Name that the SMSC's certificate is for, sent as SNI. Without it the name in `hosts`."),
  clientCertificate: secretSource('a private key')
    .optional()
    .describe(
      'Where your own certificate comes from, for an SMSC that asks for one: PEM of the certificate, of those between it and its authority, and of its private key without a passphrase, one after the other.',
    ),
  minVersion: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2').describe('Oldest version of TLS that is spoken.'),
  allowUnverifiedServer: z
    .boolean()
    .default(false)
    .describe(
      'Takes any certificate from anyone: whoever stands in between can read the password and every message. Logged at each bind.',
    ),
});

/** Whether, and how, the connection to the SMSC is encrypted. `true` is every option's default. */
export const carrierTls = z.union([z.boolean(), options], { error: `must be ${tlsForm}` }).meta(inWords(tlsForm));

export type TlsOptions = z.output<typeof options>;
export type CarrierTls = z.output<typeof carrierTls>;

/** How TLS is spoken; undefined where it is not. */
export function tlsOptionsOf(tls: CarrierTls): TlsOptions | undefined {
  if (tls === false) return undefined;
  return tls === true ? options.parse({}) : tls;
}
