import type { CarrierProfile } from './carrier.ts';
import { tlsOptionsOf } from './carrier-tls.ts';
import type { SecretSource } from './secret-source.ts';

/** What each secret of a carrier is called, by its users and in commands. */
interface CarrierSecretNames {
  /** Option of the carrier that says where it is. */
  readonly option: string;
  /** In sentences. */
  readonly what: string;
  /** The key under which a secret that is a JSON object has it. */
  readonly key: string;
  /** A file that has it, in commands. */
  readonly file: string;
  /** What follows `smpp-` and the carrier's name in the name of a secret that the user makes, in commands. */
  readonly suffix: string;
  /** Of the stack's own secret for it. Never changed: another id is another, empty secret. */
  readonly id: string;
  /** What the description of that secret begins with. */
  readonly description: string;
}

export const carrierSecrets = {
  password: {
    option: 'password',
    what: 'the password',
    key: 'password',
    file: 'password.txt',
    suffix: '',
    id: 'Password',
    description: 'SMPP password',
  },
  receiverPassword: {
    option: 'receiver.password',
    what: "the receiver's password",
    key: 'password',
    file: 'receiver-password.txt',
    suffix: '-receiver',
    id: 'ReceiverPassword',
    description: 'SMPP password for the receiver',
  },
  clientCertificate: {
    option: 'tls.clientCertificate',
    what: 'the client certificate',
    key: 'clientCertificate',
    file: 'client.pem',
    suffix: '-client-certificate',
    id: 'ClientCertificate',
    description: 'TLS client certificate, with its private key,',
  },
} as const satisfies Record<string, CarrierSecretNames>;

export type CarrierSecret = keyof typeof carrierSecrets;

/** Output of the stack with the command that puts a secret of the carriers in its place; the carrier's name comes after it. */
export function outputOf(secret: CarrierSecret): string {
  return `Put${carrierSecrets[secret].id}`;
}

type SecretOptions = Pick<CarrierProfile, 'password' | 'receiver' | 'tls'>;

/** Where the profile says that each is. */
export function secretSourcesOf<Profile extends SecretOptions>({ password, receiver, tls }: Profile) {
  return {
    password: password as Profile['password'],
    receiverPassword: receiver?.password,
    clientCertificate: tlsOptionsOf(tls)?.clientCertificate,
  } satisfies Record<CarrierSecret, SecretSource | undefined>;
}

/** The profile with each secret where `sources` says; what is not in it is nowhere. */
export function withSecretSources<Profile extends SecretOptions>(
  profile: Profile,
  sources: Readonly<Partial<Record<CarrierSecret, SecretSource>>>,
) {
  const { receiver, tls } = profile;
  const { password, receiverPassword, clientCertificate } = sources;
  return {
    ...profile,
    password,
    ...(receiver !== undefined && { receiver: { ...receiver, password: receiverPassword } }),
    ...(typeof tls === 'object' && { tls: { ...tls, clientCertificate } }),
  };
}
