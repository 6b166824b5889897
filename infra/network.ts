import { RemovalPolicy } from 'aws-cdk-lib';
import {
  CfnEIP,
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  type IVpc,
  NatProvider,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { GatewayLog } from './gateway-log.ts';

export interface NetworkProps {
  readonly egress: 'nat' | 'public-ip';
  readonly natGateways: number;
  /** As many as there are NAT gateways; none: they are made. */
  readonly elasticIpAllocationIds: readonly string[];
  /** None: the region's first two. */
  readonly availabilityZones: readonly string[];
  readonly logRetention: RetentionDays;
}

/** Where the tasks run, and from which addresses they call the SMSC. */
export class Network extends Construct {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  /** Addresses that a carrier can allow-list, where this network knows them. */
  readonly egressAddresses: readonly string[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { egress, natGateways, elasticIpAllocationIds, availabilityZones } = props;
    const made = egress === 'nat' && elasticIpAllocationIds.length === 0 ? this.#makeAddresses(natGateways) : [];
    const allocationIds = [...elasticIpAllocationIds, ...made.map(({ attrAllocationId }) => attrAllocationId)];
    this.egressAddresses = made.map(({ ref }) => ref);

    // The same size either way, so that a change of `egress` leaves the public subnets as they are.
    const cidrMask = 18;
    const publicSubnets = { name: 'Public', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false, cidrMask };
    const privateSubnets = { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask };
    const vpc = new Vpc(this, 'Vpc', {
      ...(availabilityZones.length > 0 ? { availabilityZones: [...availabilityZones] } : { maxAzs: 2 }),
      natGateways: egress === 'nat' ? natGateways : 0,
      natGatewayProvider: NatProvider.gateway({ eipAllocationIds: allocationIds }),
      subnetConfiguration: egress === 'nat' ? [publicSubnets, privateSubnets] : [publicSubnets],
      // It would take a custom resource, with a function of its own; nothing here uses the default security group.
      restrictDefaultSecurityGroup: false,
    });
    // The layers of the image come from S3: this way they pass no NAT gateway, which charges by the gigabyte.
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    vpc.addFlowLog('Rejected', {
      destination: FlowLogDestination.toCloudWatchLogs(new GatewayLog(this, 'RejectedLog', props.logRetention)),
      trafficType: FlowLogTrafficType.REJECT,
    });
    // Of CDK's types only the interface writes its optional members as `exactOptionalPropertyTypes` wants them.
    this.vpc = vpc as IVpc;
    this.subnets = { subnetType: egress === 'nat' ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PUBLIC };
  }

  /** Kept when the stack goes: carriers have them in their allow-lists, and a new one takes days to get there. */
  #makeAddresses(count: number): readonly CfnEIP[] {
    return Array.from({ length: count }, (_, index) => {
      const address = new CfnEIP(this, `Address${index + 1}`, { domain: 'vpc' });
      // But not when the deployment that makes it fails: each further try would leave another.
      address.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
      return address;
    });
  }
}
