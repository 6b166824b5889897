import { RemovalPolicy } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { CarrierProfile } from '#contract/carrier.ts';
import { type CarrierSecret, carrierSecrets, secretSourcesOf } from '#contract/carrier-secrets.ts';
import { acknowledge } from './acknowledged.ts';
import { allow, allowKey } from './grants.ts';

export interface CarrierSecretsProps {
  readonly carrier: CarrierProfile;
  readonly encryptionKey?: IKey | undefined;
}

export type SecretArns = { readonly password: string } & Readonly<Partial<Record<CarrierSecret, string>>>;

/**
 * Where the carrier's password is, and what else it has of secrets: in the one that the profile names, else in one of
 * the stack's, which is made without a value, since a made-up password would be tried on the SMSC and may lock the account.
 */
export class CarrierSecrets extends Construct {
  readonly arns: SecretArns;
  readonly #props: CarrierSecretsProps;

  constructor(scope: Construct, id: string, props: CarrierSecretsProps) {
    super(scope, id);
    this.#props = props;
    const { password, receiverPassword, clientCertificate } = secretSourcesOf(props.carrier);
    const arnOf = (secret: CarrierSecret, source: CarrierProfile['password']) =>
      source !== undefined && 'secretArn' in source ? source.secretArn : this.#make(secret);
    this.arns = {
      password: arnOf('password', password),
      ...(receiverPassword && { receiverPassword: arnOf('receiverPassword', receiverPassword) }),
      ...(clientCertificate && { clientCertificate: arnOf('clientCertificate', clientCertificate) }),
    };
  }

  grantRead(grantee: IGrantable): void {
    allow(grantee, ['secretsmanager:GetSecretValue'], [...new Set(Object.values(this.arns))]);
    allowKey(this.#props.encryptionKey, grantee, ['kms:Decrypt']);
  }

  #make(name: CarrierSecret): string {
    const { carrier, encryptionKey } = this.#props;
    const { id, description } = carrierSecrets[name];
    const secret = new CfnSecret(this, id, {
      description: `${description} of the carrier ${carrier.name}`,
      ...(encryptionKey && { kmsKeyId: encryptionKey.keyArn }),
    });
    // But not when the deployment that makes it fails: it is empty then.
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    acknowledge(secret, 'secret');
    return secret.ref;
  }
}
