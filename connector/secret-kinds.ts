import { type CarrierSecret, carrierSecrets } from '#contract/carrier-secrets.ts';
import { usableClientCertificate } from './client-certificate.ts';
import { usablePassword } from './password.ts';

/** One of the secrets that a bind may need: how errors call it, and what it must be. */
export interface SecretKind {
  /** Option of the carrier that says where it is. */
  readonly option: string;
  /** In sentences: "the password". */
  readonly what: string;
  /** The key under which a JSON object in Secrets Manager has it. */
  readonly key: string;
  /** A file that has it, in the command that puts it into Secrets Manager. */
  readonly file: string;
  /** `text`, if it can be used. Throws what is wrong with `what`, never what stands there. */
  readonly check: (text: string, what: string) => string;
}

export const secretKinds: Readonly<Record<CarrierSecret, SecretKind>> = {
  password: { ...carrierSecrets.password, check: usablePassword },
  receiverPassword: { ...carrierSecrets.receiverPassword, check: usablePassword },
  clientCertificate: { ...carrierSecrets.clientCertificate, check: usableClientCertificate },
};
