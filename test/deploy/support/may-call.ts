import { GetPolicyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientOptions } from '../../../local/aws.ts';
import { deployment } from './deployment.ts';

interface Statement {
  readonly Action: string;
  readonly Principal: { readonly Service?: string };
  readonly Condition?: { readonly ArnLike?: Readonly<Record<string, string>> };
}

/**
 * Whether a deployed function lets a service of AWS call it on behalf of `sourceArn`. The emulator enforces no
 * permissions: without this, one that is missing would be missed only in AWS.
 */
export async function mayCall(functionArn: string, service: string, sourceArn: string): Promise<boolean> {
  const lambda = new LambdaClient(clientOptions(deployment().awsEndpoint));
  const { Policy = '{}' } = await lambda.send(new GetPolicyCommand({ FunctionName: functionArn }));
  lambda.destroy();
  const { Statement: statements = [] } = JSON.parse(Policy) as { Statement?: readonly Statement[] };
  return statements.some(
    ({ Action, Principal, Condition }) =>
      Action === 'lambda:InvokeFunction' &&
      Principal.Service === service &&
      Condition?.ArnLike?.['AWS:SourceArn'] === sourceArn,
  );
}
