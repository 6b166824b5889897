import { runSimulation } from '@cloud-copilot/iam-simulate';
import { account, type Template } from './template.ts';

/** What the roles of a template may do, decided the way AWS does it. */

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

interface Policy {
  readonly Statement: readonly Statement[];
}

export interface Role {
  readonly arn: string;
  /** Who may take it. */
  readonly service: string;
  readonly policies: readonly Policy[];
  /** Policies of AWS's own, by ARN. */
  readonly managed: readonly string[];
}

export function roleAt(template: Template, path: string): Role {
  const { id, properties } = template.at(path);
  const attached = template.all('IAM::Policy').filter(({ properties: { Roles } }) => (Roles as string[]).includes(id));
  const inline = (properties.Policies ?? []) as { PolicyDocument: Policy }[];
  const trust = properties.AssumeRolePolicyDocument as { Statement: { Principal: { Service: string } }[] };
  return {
    arn: template.arnOf(id),
    service: trust.Statement.map(({ Principal }) => Principal.Service).join(),
    policies: [
      ...attached.map((each) => each.properties.PolicyDocument as Policy),
      ...inline.map((each) => each.PolicyDocument),
    ],
    managed: (properties.ManagedPolicyArns ?? []) as string[],
  };
}

/** `sqs:SendMessage on arn:...`, for each pair that the role's policies allow. */
export function grantsOf({ policies }: Role): string[] {
  const statements = policies.flatMap(({ Statement }) => Statement);
  const grants = statements.flatMap((statement) => {
    const unread = Object.keys(statement).filter((key) => !['Sid', 'Effect', 'Action', 'Resource'].includes(key));
    if (unread.length > 0 || statement.Effect !== 'Allow') throw new Error(`cannot read ${JSON.stringify(statement)}`);
    return [statement.Action].flat().flatMap((action) => [statement.Resource].flat().map((on) => `${action} on ${on}`));
  });
  return [...new Set(grants)].sort();
}

export interface Request {
  readonly role: Role;
  readonly action: string;
  /** ARN. */
  readonly on: string;
  /** That of the resource. @default none, and for a key of KMS the one that leaves it to IAM */
  readonly resourcePolicy?: unknown;
  readonly overTls?: boolean;
}

/** Without a policy nobody may use a key; this is what KMS gives it. */
const defaultKeyPolicy = {
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' }],
};

export type Decision = 'Allowed' | 'ExplicitlyDenied' | 'ImplicitlyDenied';

export async function decide(request: Request): Promise<Decision> {
  const { role, action, on, overTls = true } = request;
  const resourcePolicy = request.resourcePolicy ?? (on.startsWith('arn:aws:kms:') ? defaultKeyPolicy : undefined);
  const result = await runSimulation(
    {
      request: {
        principal: role.arn,
        action,
        resource: { resource: on, accountId: account },
        contextVariables: { 'aws:SecureTransport': String(overTls) },
      },
      identityPolicies: role.policies.map((policy, index) => ({ name: String(index), policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resourcePolicy !== undefined && { resourcePolicy }),
    },
    {},
  );
  if (result.resultType === 'error') throw new Error(`${action} on ${on}: ${JSON.stringify(result.errors)}`);
  return result.overallResult;
}
