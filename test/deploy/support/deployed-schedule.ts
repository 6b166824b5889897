import { region } from '../../../local/aws.ts';
import { DeployedFunction } from './deployed-function.ts';
import type { DeployedStack } from './deployed-stack.ts';
import { deployment } from './deployment.ts';
import { mayCall } from './may-call.ts';

export interface DeployedSchedule {
  readonly expression: string;
  readonly state: string;
  /** The function that it calls. */
  readonly target: DeployedFunction;
  /** Whether that lets it. */
  readonly isLet: boolean;
}

/** The stack's one rule of EventBridge, and what it calls. */
export async function readSchedule(stack: DeployedStack): Promise<DeployedSchedule> {
  const Name = stack.only('AWS::Events::Rule');
  const rule = await askEvents<{ Arn: string; ScheduleExpression: string; State: string }>('DescribeRule', { Name });
  const { Targets } = await askEvents<{ Targets: { Arn: string }[] }>('ListTargetsByRule', { Rule: Name });
  const [{ Arn } = { Arn: '' }, ...more] = Targets;
  if (more.length > 0) throw new Error('the schedule calls more than one function');
  const target = await DeployedFunction.download(Arn);
  const isLet = await mayCall(Arn, 'events.amazonaws.com', rule.Arn);
  return { expression: rule.ScheduleExpression, state: rule.State, target, isLet };
}

/** EventBridge's own protocol: two calls are not worth a client. The emulator wants to know the service, and no signature. */
async function askEvents<Answer>(operation: string, input: object): Promise<Answer> {
  const response = await fetch(deployment().awsEndpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSEvents.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=test/20260101/${region}/events/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(input),
  });
  if (!response.ok) throw new Error(`${operation} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
}
