import { isIPv4 } from 'node:net';
import { Duration } from 'aws-cdk-lib';
import { type IVpc, Peer, Port, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  AvailabilityZoneRebalancing,
  AwsLogDriverMode,
  Capability,
  type ContainerImage,
  CpuArchitecture,
  FargatePlatformVersion,
  FargateService,
  FargateTaskDefinition,
  type ICluster,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import type { Role } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { CarrierProfile } from '#contract/carrier.ts';
import { healthCheckCommand } from '#contract/health-check.ts';
import { stopTimeoutSeconds } from '#contract/stop-times.ts';
import { acknowledge } from './acknowledged.ts';
import { GatewayLog } from './gateway-log.ts';

export interface ConnectorServiceProps {
  readonly carrier: CarrierProfile;
  readonly image: ContainerImage;
  readonly environment: Record<string, string>;
  readonly cluster: ICluster;
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly publicIp: boolean;
  /** The VPC is the user's, and may have other name servers than Amazon's. */
  readonly ownResolvers: boolean;
  readonly logRetention: RetentionDays;
}

/** Of a rule of a security group, in characters. */
const longestDescription = 255;

/** The tasks that keep a carrier's binds, one each. */
export class ConnectorService extends Construct {
  readonly taskRole: Role;
  readonly service: FargateService;
  readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: ConnectorServiceProps) {
    super(scope, id);
    const { carrier, vpc } = props;
    this.logGroup = new GatewayLog(this, 'Log', props.logRetention);
    const task = this.#defineTask(props);
    this.taskRole = task.taskRole as Role;
    this.service = new FargateService(this, 'Service', {
      cluster: props.cluster,
      taskDefinition: task,
      desiredCount: carrier.binds,
      ...deployment(carrier.binds),
      circuitBreaker: { rollback: true },
      // It would start a new task before it stops the old one: a bind too many for the whole move.
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.DISABLED,
      platformVersion: FargatePlatformVersion.LATEST,
      assignPublicIp: props.publicIp,
      vpcSubnets: props.subnets,
      securityGroups: [this.#securityGroup(props)],
    });
    // A task that starts before its way out exists, or may not read its image yet, ends at once, and three of them fail
    // the deployment.
    this.service.node.addDependency(vpc.selectSubnets(props.subnets).internetConnectivityEstablished);
    this.service.node.addDependency(task.obtainExecutionRole());
    if (props.publicIp) acknowledge(this.service, 'service with public addresses');
  }

  #defineTask({ carrier, image, environment }: ConnectorServiceProps): FargateTaskDefinition {
    const task = new FargateTaskDefinition(this, 'Task', {
      cpu: carrier.taskCpu,
      memoryLimitMiB: carrier.taskMemoryMiB,
      runtimePlatform: { cpuArchitecture: CpuArchitecture.ARM64, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
    acknowledge(task, 'task definition');
    acknowledge(task.obtainExecutionRole() as Role, 'execution role');
    const linuxParameters = new LinuxParameters(this, 'Linux');
    linuxParameters.dropCapabilities(Capability.ALL);
    task.addContainer('connector', {
      image,
      environment,
      memoryLimitMiB: carrier.taskMemoryMiB,
      user: '1000:1000',
      readonlyRootFilesystem: true,
      linuxParameters,
      stopTimeout: Duration.seconds(stopTimeoutSeconds),
      healthCheck: {
        command: [...healthCheckCommand],
        interval: Duration.seconds(30),
        timeout: Duration.seconds(5),
        retries: 3,
        startPeriod: Duration.seconds(30),
      },
      // Where CloudWatch is slow, lines are dropped rather than the bind.
      logging: LogDrivers.awsLogs({
        logGroup: this.logGroup,
        streamPrefix: carrier.name,
        mode: AwsLogDriverMode.NON_BLOCKING,
      }),
    });
    return task;
  }

  /** Nothing comes in. Out to the carrier's ports, and to AWS. */
  #securityGroup({ vpc, carrier: { name, hosts, receiver }, ownResolvers }: ConnectorServiceProps): SecurityGroup {
    const group = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      description: `Binds of ${name}`,
      allowAllOutbound: false,
    });
    group.addEgressRule(Peer.anyIpv4(), Port.HTTPS, 'AWS');
    // Security groups let through to Amazon's own resolver only.
    for (const port of ownResolvers ? [Port.DNS_UDP, Port.DNS_TCP] : [])
      group.addEgressRule(Peer.anyIpv4(), port, 'DNS');
    for (const { host, port } of [...hosts, ...(receiver?.hosts ?? [])]) {
      // A name may resolve to another address tomorrow.
      const peer = isIPv4(host) ? Peer.ipv4(`${host}/32`) : Peer.anyIpv4();
      group.addEgressRule(peer, Port.tcp(port), `SMSC ${host}`.slice(0, longestDescription));
    }
    return group;
  }
}

/**
 * Never more tasks than binds, so an old one is told to stop before its successor starts. ECS does not count those that are
 * stopping, so the successor may come while the old one drains; its bind is refused then, and tried again within seconds.
 *
 *   binds | minimum healthy % | maximum %
 *   ------+-------------------+----------
 *     1   |         0         |    100
 *     2   |        50         |    100
 *     3   |        66         |    100
 */
function deployment(binds: number): { minHealthyPercent: number; maxHealthyPercent: number } {
  return { minHealthyPercent: Math.floor((100 * (binds - 1)) / binds), maxHealthyPercent: 100 };
}
