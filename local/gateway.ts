import { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { CarrierProfile } from '#contract/carrier.ts';
import type { GatewayConfig } from '#contract/gateway-config.ts';
import { toError } from '#contract/to-error.ts';
import type { Clock } from '../connector/clock.ts';
import { serveApi } from './api/api.ts';
import type { ProxyResult } from './api/integration.ts';
import { UsagePlan } from './api/usage-plan.ts';
import { clientOptions, region } from './aws.ts';
import { startBackground } from './background.ts';
import { startBundling, startConnectors } from './connectors.ts';
import { type Emulators, startEmulators } from './emulators/emulators.ts';
import { createFront, type Serve } from './front.ts';
import { type Functions, loadFunctions } from './functions.ts';
import { acceptedHappening } from './happening.ts';
import type { LogLine } from './log.ts';
import { closeServer, listenOnLoopback } from './loopback.ts';
import type { Releases } from './releases.ts';
import { type Reporter, reportError } from './report.ts';
import { createResources } from './resources.ts';
import { startSimulation } from './simulation.ts';
import { serveSimulator } from './simulator/http/http.ts';
import type { Play } from './simulator/play/scenarios.ts';
import type { Simulator } from './simulator/simulator.ts';

export interface GatewayOptions {
  /** Of the API; 0 takes any free one. */
  readonly port: number;
  /** Requests per second that the API key may make; twice as many at once. */
  readonly rate: number;
  /** Directory in which queues and table outlive the process. @default in memory */
  readonly data?: string | undefined;
  /** Of an emulator that runs already. @default our own, in this process */
  readonly awsEndpoint?: string | undefined;
  /** The carriers to send through. @default the simulator */
  readonly config?: GatewayConfig | undefined;
  /** The user's environment, for the connectors: the carriers' passwords are in it. */
  readonly env: NodeJS.ProcessEnv;
  /** What the simulator plays. @default what a friendly SMSC does */
  readonly play?: Play | undefined;
  readonly reporter: Reporter;
  readonly clock: Clock;
  /** 0 to 1, as Math.random. */
  readonly random: () => number;
}

const apiKey = 'local-key';
const simulatorPath = '/simulator';

/**
 * Starts everything in order, each part with its release in `releases`, and reports when all of it is ready.
 * When `stop` aborts meanwhile it returns early.
 */
export async function startGateway(options: GatewayOptions, releases: Releases, stop: AbortSignal): Promise<void> {
  const { reporter, clock } = options;
  // First of all: a port in use should be said before anything else happens.
  const front = createFront();
  const port = await listenOnLoopback(front.server, options.port);
  releases.push(() => closeServer(front.server));
  const bundling = startBundling(releases);
  const emulators = await findEmulators(options, port);
  releases.push(emulators.stop);
  const { endpoint } = emulators;
  const target = await startTarget(options, releases);

  const sqs = new SQSClient(clientOptions(endpoint));
  releases.push(() => sqs.destroy());
  const names = target.carriers.map(({ name }) => name);
  const resources = await createResources(endpoint, sqs, names);
  const functions = await loadFunctions(options.config ?? target, resources, endpoint);
  startBackground({ sqs, resources, functions, reporter, clock }, releases);
  const onLog = (line: LogLine) => reporter.log(line);
  const bundle = await bundling;
  await startConnectors({ ...target, bundle, resources, endpoint, onLog, clock }, releases, stop);
  // From here on, stopping need not wait for polls.
  releases.push(emulators.endPolls);
  if (stop.aborted) return;

  front.serve(route(options, functions, target.simulator));
  // Once more, and so first of all on the way out: nothing new comes in while the rest stops.
  releases.push(() => closeServer(front.server));
  const { inboundTopicArn, statusTopicArn } = resources;
  const apiUrl = `http://127.0.0.1:${port}`;
  const simulated = target.simulator !== undefined;
  const facts = { apiUrl, apiKey, inboundTopicArn, statusTopicArn, awsEndpoint: endpoint, region };
  reporter.ready({ ...facts, carriers: names, simulated });
}

async function findEmulators({ awsEndpoint, data, port }: GatewayOptions, apiPort: number): Promise<Emulators> {
  if (awsEndpoint !== undefined) return { endpoint: awsEndpoint, endPolls: () => {}, stop: async () => {} };
  return startEmulators({ region, data, preferredPort: port === 0 ? 0 : apiPort + 1 });
}

/** Where messages go: the carriers of the config, or the simulator. */
interface Target {
  readonly carriers: readonly CarrierProfile[];
  readonly simulator?: Simulator;
  readonly env: NodeJS.ProcessEnv;
  readonly readyMessage: 'health listening' | 'bound';
}

async function startTarget(options: GatewayOptions, releases: Releases): Promise<Target> {
  if (options.config !== undefined) {
    // A real SMSC may be out of reach; that is no reason not to start.
    return { carriers: options.config.carriers, env: options.env, readyMessage: 'health listening' };
  }
  const { simulator, profile, env } = await startSimulation(options, releases);
  return { carriers: [profile], simulator, env: { ...options.env, ...env }, readyMessage: 'bound' };
}

/** The API, and beside it what only this machine has. */
function route({ rate, reporter, clock }: GatewayOptions, { routes }: Functions, simulator?: Simulator): Serve {
  const usagePlan = new UsagePlan(new Map([[apiKey, 'local']]), { ratePerSecond: rate, burst: 2 * rate }, clock);
  const onError = (message: string, error: Error) => reportError(reporter, message, error);
  const onAnswer = (event: APIGatewayProxyEvent, result: ProxyResult) => {
    try {
      const happening = acceptedHappening(event, result);
      if (happening !== undefined) reporter.happened(happening);
    } catch (cause) {
      // The client gets its answer all the same.
      onError('the answer to a message cannot be read', toError(cause));
    }
  };
  const api = { routes, usagePlan, clock, onError, onAnswer };
  const onSimulatorError = (error: Error) => onError('the simulator failed at a request', error);
  const serveBeside = simulator && serveSimulator({ simulator, clock, onError: onSimulatorError });
  return (request, response) => {
    const [path = ''] = request.url?.split('?') ?? [];
    return serveBeside !== undefined && path.startsWith(`${simulatorPath}/`)
      ? serveBeside(request, response, path.slice(simulatorPath.length))
      : serveApi(api, request, response);
  };
}
