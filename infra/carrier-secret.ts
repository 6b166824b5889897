import { RemovalPolicy } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { CarrierProfile } from '#contract/carrier.ts';
import { acknowledge } from './acknowledged.ts';
import { allow, allowKey } from './grants.ts';

export interface CarrierSecretProps {
  readonly carrier: CarrierProfile;
  readonly encryptionKey?: IKey | undefined;
}

/**
 * Where the carrier's password is: the secret that the profile names, else one of the stack's, which is
 * made without a value, since a made-up one would be tried on the SMSC and may lock the account.
 */
export class CarrierSecret extends Construct {
  readonly arn: string;
  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, { carrier, encryptionKey }: CarrierSecretProps) {
    super(scope, id);
    this.#key = encryptionKey;
    const { password } = carrier;
    this.arn =
      password !== undefined && 'secretArn' in password ? password.secretArn : this.#make(carrier.name, encryptionKey);
  }

  grantRead(grantee: IGrantable): void {
    allow(grantee, ['secretsmanager:GetSecretValue'], [this.arn]);
    allowKey(this.#key, grantee, ['kms:Decrypt']);
  }

  #make(carrier: string, key: IKey | undefined): string {
    const secret = new CfnSecret(this, 'Password', {
      description: `SMPP password of the carrier ${carrier}`,
      ...(key && { kmsKeyId: key.keyArn }),
    });
    // But not when the deployment that makes it fails: it is empty then.
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    acknowledge(secret, 'secret');
    return secret.ref;
  }
}
