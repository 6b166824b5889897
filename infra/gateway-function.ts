import { fileURLToPath } from 'node:url';
import type { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledged.ts';
import { functionBundling } from './function-bundling.ts';
import { GatewayLog } from './gateway-log.ts';
import { allow } from './grants.ts';

export interface GatewayFunctionProps {
  /** File in `lambdas/`, without its ending. */
  readonly entry: string;
  readonly description: string;
  readonly environment: Record<string, string>;
  readonly timeout: Duration;
  readonly logRetention: RetentionDays;
}

/** What differs from one to the next. */
export type FunctionProps = Omit<GatewayFunctionProps, 'logRetention'>;

/** One of `lambdas/`, with a role that may write to its own log and nothing else until it is granted more. */
export class GatewayFunction extends NodejsFunction {
  constructor(scope: Construct, id: string, props: GatewayFunctionProps) {
    const { entry, description, environment, timeout } = props;
    const logGroup = new GatewayLog(scope, `${id}Log`, props.logRetention);
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    allow(role, ['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
    super(scope, id, {
      entry: fileURLToPath(new URL(`../lambdas/${entry}.ts`, import.meta.url)),
      depsLockFilePath: fileURLToPath(new URL('../package-lock.json', import.meta.url)),
      description,
      environment,
      timeout,
      role,
      logGroup,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 512,
      // The SDK is of the bundle: tested here, the same tomorrow, and quicker to load than the runtime's.
      bundling: { ...functionBundling, format: OutputFormat.CJS, bundleAwsSDK: true, logLevel: LogLevel.WARNING },
    });
    acknowledge(this, 'function');
  }
}
