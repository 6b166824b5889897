import type { CarrierProfileInput } from '#contract/carrier.ts';
import { environment } from '#contract/environment.ts';
import { systemClock } from '../../connector/clock.ts';
import { awsEnvironment, withoutAws } from '../../local/aws.ts';
import { connectorResources } from '../../local/resources.ts';
import { spawnWith } from './child.ts';
import type { ConnectorAnswers } from './connector-preload.ts';
import type { Contender } from './contender.ts';
import { carrier } from './messages.ts';
import type { Stage } from './stage.ts';

export interface ConnectorOptions {
  readonly window: number;
  readonly messagesPerSecond?: number | undefined;
  /** Of SQS and SNS. */
  readonly endpoint: string;
  readonly nodeOptions?: readonly string[];
}

const pollWaitSeconds = 1;
/** Its beginning says what went wrong. */
const longestLog = 1_000_000;

/** The connector as it is deployed, bound to the bench's SMSC. While that one is closed, it takes nothing from its lanes. */
export async function startConnector(stage: Stage, options: ConnectorOptions): Promise<Contender> {
  const { smsc, bundle } = stage;
  const { nodeOptions = [] } = options;
  const env = connectorEnvironment(stage, options);
  const { child, process: started } = spawnWith<ConnectorAnswers>('connector-preload.ts', bundle, { env, nodeOptions });
  let printed = '';
  for (const stream of [started.stdout, started.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      printed = `${printed}${chunk}`.slice(0, longestLog);
    });
  }
  return {
    open: () => smsc.ask('open'),
    take: (stretch) => smsc.ask('arrivals', stretch),
    bringIn: (order) => smsc.ask('deliver', order),
    usage: () => child.ask('usage'),
    async close() {
      await smsc.ask('close');
      // A poll that is under way may still bring messages.
      await systemClock.sleep(pollWaitSeconds * 1_000 + 200);
    },
    async end() {
      started.kill('SIGTERM');
      await child.ended;
      const errors = printed.split('\n').filter((line) => line.includes('"level":"ERROR"'));
      if (errors.length > 0) throw new Error(`the connector had errors:\n${errors.join('\n')}`);
    },
  };
}

function connectorEnvironment(
  stage: Stage,
  { window, messagesPerSecond, endpoint }: ConnectorOptions,
): NodeJS.ProcessEnv {
  const { resources, smscPort } = stage;
  const profile: CarrierProfileInput = {
    name: carrier,
    hosts: [{ host: '127.0.0.1', port: smscPort }],
    systemId: 'bench',
    password: { env: 'BENCH_PASSWORD' },
    window,
    ...(messagesPerSecond && { messagesPerSecond }),
    // The SMSC is closed between two measurements, and to be found soon when it is open again.
    reconnect: { firstDelayMs: 50, maxDelayMs: 50 },
  };
  return {
    ...withoutAws(process.env),
    ...awsEnvironment(endpoint),
    BENCH_PASSWORD: 'secret',
    [environment.carrierProfile]: JSON.stringify(profile),
    ...connectorResources(resources, carrier),
    [environment.healthPort]: '0',
    [environment.pollWaitSeconds]: String(pollWaitSeconds),
    [environment.drainSeconds]: '1',
  };
}
