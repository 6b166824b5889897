import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Findings of the static checks that stay, by the kind of resource on which they are acknowledged, each with its
 * reason. Never for the whole app: what is new is found anew. A test pins how many there are.
 */
const findings = {
  'REST API': {
    'AwsSolutions::AwsSolutions-APIG2':
      'send-message checks the whole request and names every fault; a validator of API Gateway would name the first',
  },
  'API stage': {
    'AwsSolutions::AwsSolutions-APIG3':
      'Each call needs a key or a signature; a web ACL costs more per month than the API',
    'AwsSolutions::AwsSolutions-APIG6':
      'The access log has the error of each call; execution logs go to a group without retention',
    'cdk-validator-cfnguard::api_gw_v1_execution_logging_enabled_check':
      'The access log has the error of each call; execution logs go to a group without retention',
    'cdk-validator-cfnguard::api_gw_xray_enabled_check': 'The history of each message says where it was and when',
    'Serverless::Serverless-APIGWXrayEnabled': 'The history of each message says where it was and when',
  },
  'API method': {
    'AwsSolutions::AwsSolutions-APIG4': 'Called with an API key, or with "auth": "iam" by a signature of AWS IAM',
    'AwsSolutions::AwsSolutions-COG4': 'The callers are services, which have no user pool',
    'cdk-validator-cfnguard::lambda_function_public_access_prohibited_check':
      'SourceArn is given; the rule does not see it, since it is joined from parts',
  },
  'API log role': {
    'AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
      'API Gateway takes no role for its logs that may do less',
  },
  log: {
    'cdk-validator-cfnguard::cloudwatch_log_group_retention_period_check':
      'logRetentionDays is the user’s choice; the history of messages is in the table',
    'cdk-validator-cfnguard::cloudwatch_log_group_encrypted_check':
      'Encrypted by CloudWatch; no log has a text or a full number',
  },
  function: {
    'Serverless::Serverless-LambdaDLQ':
      'What is called asynchronously is called again a minute later, for all that is due',
    'Serverless::Serverless-LambdaTracing': 'The history of each message says where it was and when',
    'cdk-validator-cfnguard::lambda_inside_vpc_check':
      'Calls services of AWS only; in a VPC it would need a NAT gateway or endpoints',
  },
  'event source': {
    'Serverless::Serverless-LambdaEventSourceMappingDestination':
      'The queue has a dead-letter queue; the consumer of events sends there by itself what it cannot read',
  },
  'no retries': {
    'Serverless::Serverless-LambdaAsyncFailureDestination':
      'What a call that failed left undone is done by the next one, a minute later',
  },
  schedule: {
    'Serverless::Serverless-EventBusDLQ': 'A call that is lost is made up for by the next one, a minute later',
  },
  table: {
    'cdk-validator-cfnguard::dynamodb_table_encrypted_kms_check':
      'Encrypted under a key of DynamoDB’s own, which costs nothing; encryptionKeyArn is for who wants their own',
  },
  'dead-letter queue': {
    'Serverless::Serverless-SQSRedrivePolicy': 'It is itself a dead-letter queue',
    'cdk-validator-cfnguard::sqs_dlq_check': 'It is itself a dead-letter queue',
  },
  secret: {
    'AwsSolutions::AwsSolutions-SMG4':
      'What is in it the carrier gives out, so nothing of ours can rotate it; each bind reads it anew',
  },
  cluster: {
    'AwsSolutions::AwsSolutions-ECS4':
      'The connector’s own metrics tell more of a bind, without the cost of Container Insights',
    'cdk-validator-cfnguard::ecs_container_insights_enabled_check':
      'The connector’s own metrics tell more of a bind, without the cost of Container Insights',
  },
  'service with public addresses': {
    'cdk-validator-cfnguard::ecs_service_assign_public_ip_disabled_check':
      'The user chose "egress": "public-ip"; the security group lets nothing in',
  },
  'given subnet': {
    'Annotation::@aws-cdk/aws-ec2:noSubnetRouteTableId': 'Nothing here reads its route table',
  },
  'task definition': {
    'AwsSolutions::AwsSolutions-ECS2':
      'The variables are names of resources and the carrier’s profile, none of them secret',
  },
  'execution role': {
    'AwsSolutions::AwsSolutions-IAM5[Resource::*]': 'ecr:GetAuthorizationToken has no resource',
  },
} as const satisfies Record<string, Record<string, string>>;

export type Acknowledged = keyof typeof findings;

export function acknowledge(on: IConstruct, kind: Acknowledged): void {
  const rules = Object.entries(findings[kind]).map(([id, reason]) => ({ id, reason }));
  Validations.of(on).acknowledge(...rules);
}
