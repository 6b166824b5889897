import * as z from 'zod';
import { inWords, textOfForm } from './config/form.ts';
import { secretSource } from './secret-source.ts';

const certificatesForm = 'certificates in PEM, "-----BEGIN CERTIFICATE-----..."';
const tlsForm = 'true, false or an object of TLS options';

const options = z.strictObject({
  ca: textOfForm(/^\s*(-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)+$/, certificatesForm)
    .optional()
    .describe("Who may sign the SMSC's certificate: these instead of the well-known authorities."),
  servername: textOfForm(/^(?![\d.]+$)[A-Za-z0-9._-]{1,253}$/, 'a host name')
    .optional()
    .describe("Name that the SMSC's certificate is for, sent as SNI. Without it the name in `hosts`."),
  clientCertificate: secretSource('a private key')
    .optional()
    .describe(
      'Where your own certificate comes from, for an SMSC that asks for one: PEM of the certificate, of those between it and its authority, and of its private key, one after the other.',
    ),
  minVersion: z.enum(['TLSv1.2', 'TLSv1.3']).default('TLSv1.2').describe('Oldest version of TLS that is spoken.'),
  allowUnverifiedServer: z
    .boolean()
    .default(false)
    .describe(
      "Binds even where the certificate is nobody's: whoever is in between can read the password and every message. Logged at each bind.",
    ),
});

/** Whether, and how, the connection to the SMSC is encrypted. `true` is every option's default. */
export const carrierTls = z.union([z.boolean(), options], { error: `must be ${tlsForm}` }).meta(inWords(tlsForm));

export type TlsOptions = z.output<typeof options>;
export type CarrierTls = z.output<typeof carrierTls>;
