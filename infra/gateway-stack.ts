import { Annotations, Aws, CfnOutput, Fn, Stack } from 'aws-cdk-lib';
import { type IVpc, Subnet, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { type CarrierSecret, carrierSecrets, outputOf, secretSourcesOf } from '#contract/carrier-secrets.ts';
import type { GatewayConfig } from '#contract/gateway-config.ts';
import { acknowledge } from './acknowledged.ts';
import { notesOn, warningsOn } from './notes.ts';
import { type GatewayCarrier, SmppGateway, type SmppGatewayProps } from './smpp-gateway.ts';

/** One gateway as a stack, with what its user needs next as outputs. */
export class GatewayStack extends Stack {
  readonly gateway: SmppGateway;

  constructor(scope: Construct, id: string, config: GatewayConfig) {
    super(scope, id, { description: 'SMS gateway: HTTP API to SMPP and back' });
    const { encryptionKeyArn, vpc, logRetentionDays, ...props } = config;
    this.gateway = new SmppGateway(this, 'Gateway', {
      ...props,
      logRetention: logRetentionDays,
      encryptionKey: encryptionKeyArn === undefined ? undefined : Key.fromKeyArn(this, 'Key', encryptionKeyArn),
      ...(vpc && importVpc(this, vpc)),
    });
    this.#addOutputs();
    for (const note of notesOn(config.carriers)) Annotations.of(this).addInfo(note);
    for (const warning of warningsOn(config.carriers)) Annotations.of(this).addWarningV2('unverified-server', warning);
  }

  #addOutputs(): void {
    const { api, messaging, storage, carriers, egressAddresses } = this.gateway;
    this.#output(
      'ApiUrl',
      api.restApi.deploymentStage.urlForPath('/v1'),
      'Has /messages, /messages/{id} and /carriers below it',
    );
    for (const [name, key] of api.keys) {
      const command = `aws apigateway get-api-key --region ${Aws.REGION} --api-key ${key.keyId} --include-value --query value --output text`;
      this.#output(`ApiKey${pascal(name)}`, command, `Prints the API key "${name}"`);
    }
    this.#output('InboundTopicArn', messaging.inboundTopic.topicArn, 'Received messages');
    this.#output('StatusTopicArn', messaging.statusTopic.topicArn, 'Delivery reports');
    this.#output('TableName', storage.table.tableName, 'Messages and their history');
    if (egressAddresses.length > 0) {
      this.#output('EgressAddresses', egressAddresses.join(', '), 'For the allow-lists of the carriers');
    }
    for (const carrier of carriers) this.#addCarrierOutputs(carrier);
  }

  #addCarrierOutputs({ profile, secrets, connector }: GatewayCarrier): void {
    const name = pascal(profile.name);
    const sources = secretSourcesOf(profile);
    for (const [secret, arn] of Object.entries(secrets.arns) as [CarrierSecret, string][]) {
      const source = sources[secret];
      // One of the user's may have more in it, which the command would drop.
      if (source !== undefined && 'secretArn' in source) continue;
      const { what, file } = carrierSecrets[secret];
      const put = `aws secretsmanager put-secret-value --region ${Aws.REGION} --secret-id ${arn} --secret-string file://${file}`;
      this.#output(
        `${outputOf(secret)}${name}`,
        put,
        `Sets ${what} of the carrier "${profile.name}"; read at each bind`,
      );
    }
    this.#output(`Log${name}`, connector.logGroup.logGroupName, `Log of the connectors of "${profile.name}"`);
  }

  #output(id: string, value: string, description: string): void {
    new CfnOutput(this, id, { value, description });
  }
}

/** Without a look-up: the CLI needs no credentials, and the template depends on the config only. */
function importVpc(
  scope: Construct,
  { vpcId, subnetIds }: NonNullable<GatewayConfig['vpc']>,
): Pick<SmppGatewayProps, 'vpc' | 'vpcSubnets'> {
  const vpc: IVpc = Vpc.fromVpcAttributes(scope, 'Vpc', { vpcId, availabilityZones: [Fn.select(0, Fn.getAzs())] });
  const subnets = subnetIds.map((id) => {
    const subnet = Subnet.fromSubnetId(scope, id, id);
    acknowledge(subnet, 'given subnet');
    return subnet;
  });
  return { vpc, vpcSubnets: { subnets } };
}

/** "my-carrier" as "MyCarrier": ids of outputs have letters and digits only. */
function pascal(name: string): string {
  return name.replace(/(?:^|-)([a-z0-9]?)/gi, (_, letter: string) => letter.toUpperCase());
}
