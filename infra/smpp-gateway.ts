import { Duration, Stack } from 'aws-cdk-lib';
import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Cluster, type ICluster } from 'aws-cdk-lib/aws-ecs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { CarrierProfile, CarrierProfileInput } from '#contract/carrier.ts';
import { withSecretSources } from '#contract/carrier-secrets.ts';
import { environment } from '#contract/environment.ts';
import { acknowledge } from './acknowledged.ts';
import { Api } from './api.ts';
import { addBackground } from './background.ts';
import { CarrierSecrets } from './carrier-secrets.ts';
import { ConnectorImage } from './connector-image.ts';
import { ConnectorService } from './connector-service.ts';
import { type FunctionProps, GatewayFunction } from './gateway-function.ts';
import { type CarrierQueues, Messaging } from './messaging.ts';
import { Network } from './network.ts';
import { type RoutedCarrier, routesJson } from './routes.ts';
import { Storage } from './storage.ts';

export interface SmppGatewayProps {
  /** At least one; `carrierProfile.parse` puts the defaults in. */
  readonly carriers: readonly CarrierProfile[];
  /** How callers of the API prove who they are. @default "api-key" */
  readonly auth?: 'api-key' | 'iam';
  /** Names of the API keys. @default ["default"], none with `auth` "iam" */
  readonly apiKeys?: readonly string[] | undefined;
  /** Requests per second to the whole API. @default 100 */
  readonly requestsPerSecond?: number;
  /** Requests at once. @default 200 */
  readonly burst?: number;
  /** Longest text that the API takes, in segments, 1 to 255. @default 10 */
  readonly maxSegments?: number;
  /** Texts are forgotten so many days after acceptance, 1 to 90. @default 90 */
  readonly retainTextDays?: number;
  /** How long logs are kept, in days. @default 30 */
  readonly logRetention?: RetentionDays;
  /** For table, queues, topics and secrets. @default keys of AWS's own */
  readonly encryptionKey?: IKey | undefined;
  /** Through a NAT gateway with an Elastic IP, or by a public address of each task. @default "nat" */
  readonly egress?: 'nat' | 'public-ip';
  /** NAT gateways of the VPC that is made. @default 1 */
  readonly natGateways?: number | undefined;
  /** Elastic IPs for the NAT gateways. @default they are made */
  readonly elasticIpAllocationIds?: readonly string[] | undefined;
  /** Zones of the VPC that is made. @default the region's first two */
  readonly availabilityZones?: readonly string[] | undefined;
  /** Where the tasks run. @default a VPC is made */
  readonly vpc?: IVpc | undefined;
  /** Of `vpc`. @default its private subnets */
  readonly vpcSubnets?: SubnetSelection | undefined;
}

/** Below the lease of an Idempotency-Key (30 s) and API Gateway's own limit (29 s), so that the answer is ours. */
const requestTimeout = Duration.seconds(25);
const eventsTimeout = Duration.seconds(60);
const defaultRetainTextDays = 90;

export interface GatewayCarrier {
  readonly profile: CarrierProfile;
  readonly queues: CarrierQueues;
  readonly secrets: CarrierSecrets;
  readonly connector: ConnectorService;
}

/** The whole gateway: what each part is, and who may use what. */
export class SmppGateway extends Construct {
  readonly api: Api;
  readonly messaging: Messaging;
  readonly storage: Storage;
  readonly carriers: readonly GatewayCarrier[];
  /** Addresses from which the SMSC is called, where the gateway made them. */
  readonly egressAddresses: readonly string[];
  readonly #props: SmppGatewayProps;
  readonly #logRetention: RetentionDays;

  constructor(scope: Construct, id: string, props: SmppGatewayProps) {
    super(scope, id);
    this.#props = props;
    this.#logRetention = props.logRetention ?? 30;
    const { encryptionKey, retainTextDays = defaultRetainTextDays } = props;
    this.storage = new Storage(this, 'Storage', { encryptionKey });
    this.messaging = new Messaging(this, 'Messaging', { encryptionKey, eventsTimeout });
    const routed = props.carriers.map((carrier) => this.#makeQueues(carrier));
    addBackground(this, {
      storage: this.storage,
      messaging: this.messaging,
      timeout: eventsTimeout,
      retainTextDays: String(retainTextDays),
      makeFunction: (functionId, of) => this.#makeFunction(functionId, of),
    });
    this.api = this.#makeApi(routed);
    const network = this.#network();
    this.egressAddresses = network.egressAddresses;
    this.carriers = this.#makeConnectors(routed, network);
  }

  /** Below one construct per carrier, so that a carrier that comes or goes changes nothing of the others. */
  #makeQueues(carrier: CarrierProfile): RoutedCarrier {
    const scope = new Construct(this, `Carrier-${carrier.name}`);
    return { carrier, queues: this.messaging.addCarrier(scope) };
  }

  #makeApi(routed: readonly RoutedCarrier[]): Api {
    const {
      auth = 'api-key',
      requestsPerSecond = 100,
      burst = 200,
      maxSegments = 10,
      retainTextDays = defaultRetainTextDays,
    } = this.#props;
    const routes = { [environment.routes]: routesJson(this, routed) };
    const limitedRoutes = { ...routes, [environment.maxSegments]: String(maxSegments) };
    const sendMessage = this.#makeFunction('SendMessage', {
      entry: 'send-message',
      description: 'POST /v1/messages',
      timeout: requestTimeout,
      environment: { ...limitedRoutes, [environment.retainTextDays]: String(retainTextDays) },
    });
    this.storage.grantReadWrite(sendMessage);
    for (const { queues } of routed) {
      for (const lane of Object.values(queues.lanes)) this.messaging.grantSend(lane, sendMessage);
    }
    const previewMessage = this.#makeFunction('PreviewMessage', {
      entry: 'preview-message',
      description: 'POST /v1/messages/preview',
      timeout: requestTimeout,
      environment: limitedRoutes,
    });
    this.storage.grantRead(previewMessage);
    const getMessage = this.#makeFunction('GetMessage', {
      entry: 'get-message',
      description: 'GET /v1/messages/{id}',
      timeout: requestTimeout,
      environment: {},
    });
    this.storage.grantRead(getMessage);
    const listCarriers = this.#makeFunction('ListCarriers', {
      entry: 'list-carriers',
      description: 'GET /v1/carriers',
      timeout: requestTimeout,
      environment: routes,
    });
    this.storage.grantRead(listCarriers);
    const listInbound = this.#makeFunction('ListInbound', {
      entry: 'list-inbound',
      description: 'GET /v1/inbound',
      timeout: requestTimeout,
      environment: { [environment.retainTextDays]: String(retainTextDays) },
    });
    this.storage.grantRead(listInbound);
    const apiKeys = auth === 'iam' ? [] : (this.#props.apiKeys ?? ['default']);
    const logRetention = this.#logRetention;
    const limits = { requestsPerSecond, burst };
    const functions = { sendMessage, previewMessage, getMessage, listCarriers, listInbound };
    return new Api(this, 'Api', { ...functions, auth, apiKeys, logRetention, ...limits });
  }

  #makeConnectors(routed: readonly RoutedCarrier[], network: ConnectorNetwork): readonly GatewayCarrier[] {
    const { encryptionKey } = this.#props;
    const cluster = new Cluster(this, 'Cluster', { vpc: network.vpc });
    acknowledge(cluster, 'cluster');
    const { image } = new ConnectorImage(this, 'ConnectorImage');
    return routed.map(({ carrier, queues }) => {
      const scope = this.node.findChild(`Carrier-${carrier.name}`) as Construct;
      const secrets = new CarrierSecrets(scope, 'Secret', { carrier, encryptionKey });
      const connector = new ConnectorService(scope, 'Connector', {
        carrier,
        image,
        cluster: cluster as ICluster,
        ...network,
        logRetention: this.#logRetention,
        environment: this.#connectorEnvironment({ carrier, queues }, secrets),
      });
      this.#grantConnector(connector.taskRole, queues, secrets);
      return { profile: carrier, queues, secrets, connector };
    });
  }

  #connectorEnvironment({ carrier, queues }: RoutedCarrier, { arns }: CarrierSecrets): Record<string, string> {
    const { events, eventsDeadLetters, inboundTopic } = this.messaging;
    // Without what only the stack and the API need, so that changing it does not restart the binds.
    const { binds, taskCpu, taskMemoryMiB, prefixes, defaultSender, ...ofTheBind } = carrier;
    const sources = Object.entries(arns).map(([name, secretArn]) => [name, { secretArn }]);
    // A task keeps to its share of the account's rate, so it has to know of how many it is one.
    const share = ofTheBind.messagesPerSecond === undefined ? {} : { binds };
    const profile: CarrierProfileInput = withSecretSources({ ...ofTheBind, ...share }, Object.fromEntries(sources));
    return {
      [environment.carrierProfile]: Stack.of(this).toJsonString(profile),
      [environment.urgentQueueUrl]: queues.lanes.urgent.queueUrl,
      [environment.normalQueueUrl]: queues.lanes.normal.queueUrl,
      [environment.outboundDeadLetterQueueUrl]: queues.deadLetters.queueUrl,
      [environment.eventsQueueUrl]: events.queueUrl,
      [environment.eventsDeadLetterQueueUrl]: eventsDeadLetters.queueUrl,
      [environment.inboundTopicArn]: inboundTopic.topicArn,
    };
  }

  #grantConnector(role: ConnectorService['taskRole'], queues: CarrierQueues, secrets: CarrierSecrets): void {
    const { messaging } = this;
    for (const lane of Object.values(queues.lanes)) {
      messaging.grantConsume(lane, role);
      messaging.grantHold(lane, role);
      // What is retried from memory when the task drains is enqueued anew.
      messaging.grantSend(lane, role);
    }
    messaging.grantSend(queues.deadLetters, role);
    messaging.grantSend(messaging.events, role);
    messaging.grantSend(messaging.eventsDeadLetters, role);
    messaging.grantPublish(messaging.inboundTopic, role);
    secrets.grantRead(role);
  }

  #makeFunction(id: string, props: FunctionProps): GatewayFunction {
    return new GatewayFunction(this, id, {
      ...props,
      environment: { [environment.tableName]: this.storage.table.tableName, ...props.environment },
      logRetention: this.#logRetention,
    });
  }

  #network(): ConnectorNetwork & { readonly egressAddresses: readonly string[] } {
    const { vpc, egress = 'nat', natGateways = 1 } = this.#props;
    const { elasticIpAllocationIds = [], availabilityZones = [] } = this.#props;
    const publicIp = egress === 'public-ip';
    if (vpc !== undefined) {
      return { vpc, subnets: this.#props.vpcSubnets ?? {}, publicIp, ownResolvers: true, egressAddresses: [] };
    }
    const logRetention = this.#logRetention;
    const made = new Network(this, 'Network', {
      egress,
      natGateways,
      elasticIpAllocationIds,
      availabilityZones,
      logRetention,
    });
    const { subnets, egressAddresses } = made;
    return { vpc: made.vpc, subnets, publicIp, ownResolvers: false, egressAddresses };
  }
}

interface ConnectorNetwork {
  readonly vpc: IVpc;
  readonly subnets: SubnetSelection;
  readonly publicIp: boolean;
  readonly ownResolvers: boolean;
}
