import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { SNSClient } from '@aws-sdk/client-sns';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context, ScheduledEvent, SQSEvent } from 'aws-lambda';
import { type CarrierProfile, carrierProfile } from '#contract/carrier.ts';
import { environment } from '#contract/environment.ts';
import { systemClock } from '../../connector/clock.ts';
import { readConfig } from '../../connector/config.ts';
import { startConnector } from '../../connector/connector.ts';
import { metricsPrinter } from '../../connector/emf.ts';
import { dial } from '../../connector/smpp/dial.ts';
import { serveApi } from '../../local/api/api.ts';
import { lambdaContext } from '../../local/api/event.ts';
import type { ApiRoute } from '../../local/api/routes.ts';
import { UsagePlan } from '../../local/api/usage-plan.ts';
import { clientOptions, region } from '../../local/aws.ts';
import { startEmulators } from '../../local/emulators/emulators.ts';
import { type QueuePort, runEventSource } from '../../local/event-source.ts';
import { createFront } from '../../local/front.ts';
import { loadFunctions } from '../../local/functions.ts';
import { closeServer, listenOnLoopback } from '../../local/loopback.ts';
import type { Releases } from '../../local/releases.ts';
import { connectorResources, createResources, queueArn, type Resources } from '../../local/resources.ts';
import { runUntilReleased } from '../../local/run-until-released.ts';
import { runSchedule } from '../../local/schedule.ts';
import { Simulator } from '../../local/simulator/simulator.ts';
import { type Entry, isReport, Ledger, type Purpose } from './ledger.ts';
import { type Meter, startMeter } from './meter.ts';

export interface Invocation {
  readonly functionName: string;
  readonly ms: number;
  /** Of the events queue, for `track-events`. */
  readonly records: number;
  readonly purpose: Purpose;
}

/** What was counted in a while. */
export interface Counts {
  readonly entries: readonly Entry[];
  readonly invocations: readonly Invocation[];
  /** Octets between the connector and the world, AWS and SMSC, both ways; of TLS and TCP nothing. */
  readonly connectorBytes: number;
  /** Octets of log lines and metrics. */
  readonly logBytes: number;
}

export interface MeteredGateway {
  readonly apiUrl: string;
  readonly ledger: Ledger;
  readonly simulator: Simulator;
  /** What was counted since the last time. */
  take(): Counts;
}

const systemId = 'bench';
const password = 'secret';
/** What AWS does between the queue and the function (`docs/cost.md`): five polls at once, each of 20 s. */
const pollers = 5;
const pollSeconds = 20;
const settleDueEveryMs = 60_000;
const functionTimeoutMs = 30_000;
/** Assumed of every call to AWS. */
export const latencyMs = 6;
/** A handset answers later than the SMSC. */
const receiptDelayMs = 2_000;

/** All of the gateway in this process, as it is deployed: emulators behind a meter, waits as long as in AWS. */
export async function startMeteredGateway(releases: Releases): Promise<MeteredGateway> {
  const logBytes = sinceLast(countLogs());
  const emulators = await startEmulators({ region });
  releases.push(emulators.stop);
  const ledger = new Ledger();
  const meterFor = () =>
    startMeter({ upstream: emulators.endpoint, latencyMs, onExchange: (call) => ledger.record(call) }, releases);
  const [forFunctions, forConnector] = [await meterFor(), await meterFor()];

  const accounts = [{ systemId, password }];
  const simulator = new Simulator({ accounts, clock: systemClock, random: Math.random, onFault: raise });
  simulator.stage.play({ scenarios: [], change: { receipts: { delayMs: receiptDelayMs } } });
  await simulator.start();
  releases.push(() => simulator.end());
  const carrier = carrierProfile.parse({
    name: 'bench',
    hosts: [{ host: '127.0.0.1', port: simulator.smsc.port }],
    systemId,
    password: { env: 'unused' },
    defaultSender: '12345',
  });
  const setUp = new SQSClient(clientOptions(emulators.endpoint));
  const resources = await createResources(emulators.endpoint, setUp, [carrier.name]);
  setUp.destroy();

  const invocations: Invocation[] = [];
  const functions = await loadFunctions({ carriers: [carrier] }, resources, forFunctions.endpoint);
  const timed = timer(invocations);
  consumeEvents(resources, forFunctions, timed('track-events', functions.trackEvents), releases);
  runClock(timed('settle-due', functions.settleDue), releases);
  const sockets = await connectCarrier(carrier, resources, forConnector, releases);
  // From here on, stopping need not wait for polls.
  releases.push(emulators.endPolls);
  const routes = functions.routes.map((route) => ({ ...route, handler: timed(route.functionName, route.handler) }));
  const connectorBytes = sinceLast(
    () =>
      forConnector.bytes() + sockets.reduce((sum, { bytesRead, bytesWritten }) => sum + bytesRead + bytesWritten, 0),
  );
  return {
    apiUrl: await serve(routes as readonly ApiRoute[], releases),
    ledger,
    simulator,
    take: () => ({
      entries: ledger.take(),
      invocations: invocations.splice(0),
      connectorBytes: connectorBytes(),
      logBytes: logBytes(),
    }),
  };
}

/** The growth of a count since the last time. */
function sinceLast(count: () => number): () => number {
  let last = 0;
  return () => {
    const now = count();
    const grown = now - last;
    last = now;
    return grown;
  };
}

/** What the functions and the connector print is counted, and not shown. */
function countLogs(): () => number {
  let bytes = 0;
  process.stdout.write = (chunk: Uint8Array | string) => {
    bytes += Buffer.byteLength(chunk);
    return true;
  };
  return () => bytes;
}

type Handler<Event> = (event: Event, context: Context, callback: () => undefined) => unknown;

function timer(invocations: Invocation[]) {
  return <Event>(functionName: string, handler: Handler<Event>) =>
    async (event: Event, context: Context): Promise<never> => {
      const startedAt = systemClock.monotonic();
      try {
        return (await handler(event, context, () => undefined)) as never;
      } finally {
        const ms = systemClock.monotonic() - startedAt;
        const records = (event as Partial<SQSEvent>).Records ?? [];
        // Of `settle-due` there is none: it runs in any case.
        const standing = functionName !== 'send-message' && records.every(({ body }) => isReport(body));
        invocations.push({ functionName, ms, records: records.length, purpose: standing ? 'standing' : 'message' });
      }
    };
}

function consumeEvents(
  { eventsQueueUrl }: Resources,
  { endpoint }: Meter,
  handler: (event: SQSEvent, context: Context) => Promise<never>,
  releases: Releases,
): void {
  const sqs = meteredSqs(endpoint);
  const source = {
    queue: longPolled(sqs, eventsQueueUrl),
    queueArn: queueArn('smpp-gateway-events'),
    region,
    handler,
    context: () => contextOf('track-events'),
    pollers,
    clock: systemClock,
    onError: raise,
  };
  runUntilReleased(releases, (stop) => runEventSource(source, stop));
}

function longPolled(sqs: SQSClient, QueueUrl: string): QueuePort {
  return {
    async receive() {
      const wait = { MaxNumberOfMessages: 10, WaitTimeSeconds: pollSeconds };
      return (await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...wait }))).Messages ?? [];
    },
    async delete(messages: readonly Message[]) {
      const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    },
  };
}

function runClock(handler: (event: ScheduledEvent, context: Context) => Promise<never>, releases: Releases): void {
  const run = async () => handler({} as ScheduledEvent, contextOf('settle-due'));
  runUntilReleased(releases, (stop) =>
    runSchedule({ everyMs: settleDueEveryMs, run, clock: systemClock, onError: raise }, stop),
  );
}

/** As `connector/main.ts` does it. Returns the sockets to the SMSC. */
async function connectCarrier(
  carrier: CarrierProfile,
  resources: Resources,
  { endpoint }: Meter,
  releases: Releases,
): Promise<readonly Socket[]> {
  const sockets: Socket[] = [];
  const bound = Promise.withResolvers<void>();
  const lineOf = (message: string, fields = {}) =>
    `${JSON.stringify({ level: 'INFO', message, timestamp: new Date(), ...fields })}\n`;
  const print = (message: string, fields = {}) => {
    process.stdout.write(lineOf(message, fields));
    if (message === 'bound') bound.resolve();
  };
  const complain = (message: string, fields = {}) => void process.stderr.write(lineOf(message, fields));
  const config = readConfig({
    [environment.carrierProfile]: JSON.stringify(carrier),
    ...connectorResources(resources, carrier.name),
    [environment.healthPort]: '0',
    [environment.drainSeconds]: '1',
  });
  const connector = await startConnector(config, {
    sqs: meteredSqs(endpoint),
    sns: new SNSClient(clientOptions(endpoint)),
    clock: systemClock,
    random: Math.random,
    newId: randomUUID,
    log: { debug: () => {}, info: print, warn: print, error: complain },
    bindId: randomUUID(),
    tellMetrics: metricsPrinter(carrier.name),
    connect: async (to, stop) => {
      const socket = await dial(to, { tls: false }, stop);
      sockets.push(socket);
      return socket;
    },
    readPassword: async () => password,
  });
  releases.push(() => connector.stop());
  await bound.promise;
  return sockets;
}

function meteredSqs(endpoint: string): SQSClient {
  return new SQSClient({ ...clientOptions(endpoint), useQueueUrlAsEndpoint: false });
}

async function serve(routes: readonly ApiRoute[], releases: Releases): Promise<string> {
  const front = createFront();
  const port = await listenOnLoopback(front.server, 0);
  releases.push(() => closeServer(front.server));
  const usagePlan = new UsagePlan(new Map([['bench', 'bench']]), { ratePerSecond: 1e6, burst: 1e6 }, systemClock);
  const api = { routes, usagePlan, clock: systemClock, onError: raise };
  front.serve((request, response) => serveApi(api, request, response));
  return `http://127.0.0.1:${port}`;
}

function contextOf(functionName: string): Context {
  return lambdaContext(functionName, randomUUID(), systemClock.now() + functionTimeoutMs, systemClock.now);
}

/** A bench in which something fails measures something else. */
function raise(...causes: readonly unknown[]): never {
  process.stderr.write(`${causes.map(String).join(': ')}\n`);
  process.exit(1);
}
