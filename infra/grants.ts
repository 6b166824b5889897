import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/** Exactly these actions on exactly these resources; the grants of the CDK's own give more than our code calls. */
export function allow(grantee: IGrantable, actions: string[], resourceArns: string[]): Grant {
  return Grant.addToPrincipal({ grantee, actions, resourceArns });
}

/** What else it takes where the data is under a key of the user's. */
export function allowKey(key: IKey | undefined, grantee: IGrantable, actions: string[]): void {
  if (key !== undefined) allow(grantee, actions, [key.keyArn]);
}
