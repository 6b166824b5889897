import {
  type EventSourceMappingConfiguration,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import { systemClock } from '../../../connector/clock.ts';
import { clientOptions } from '../../../local/aws.ts';
import { runEventSource, sqsQueue } from '../../../local/event-source.ts';
import { sqsAt } from '../../support/aws.ts';
import { noteLogged } from '../../support/log-watch.ts';
import { DeployedFunction } from './deployed-function.ts';
import { deployment } from './deployment.ts';

export interface RunningEventSource {
  /** Resolves when the last batch is done with. */
  stop(): Promise<void>;
}

export async function readEventSources(): Promise<readonly EventSourceMappingConfiguration[]> {
  const lambda = new LambdaClient(clientOptions(deployment().awsEndpoint));
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({}));
  lambda.destroy();
  return EventSourceMappings;
}

/** Does what the deployed event source mappings have Lambda do: each from its queue to its function. */
export async function runDeployedEventSources(): Promise<RunningEventSource> {
  const sources = await Promise.all((await readEventSources()).map(runEventSourceOf));
  return {
    async stop() {
      await Promise.all(sources.map((source) => source.stop()));
    },
  };
}

async function runEventSourceOf(mapping: EventSourceMappingConfiguration): Promise<RunningEventSource> {
  const { EventSourceArn: queueArn = '', FunctionArn = '', State, FunctionResponseTypes = [] } = mapping;
  if (State !== 'Enabled') throw new Error(`the event source of ${FunctionArn} is ${State}`);
  const at = deployment();
  const sqs = sqsAt(at);
  const deployed = await DeployedFunction.download(FunctionArn);
  const [account, name] = queueArn.split(':').slice(-2);
  const stopping = new AbortController();
  const running = runEventSource(
    {
      queue: sqsQueue(sqs, `${at.awsEndpoint}/${account}/${name}`),
      queueArn,
      region: at.region,
      handler: async (event) => {
        const response = (await deployed.invoke(event)) as SQSBatchResponse;
        // Lambda heeds what a function reports only where the mapping says so.
        return FunctionResponseTypes.includes('ReportBatchItemFailures') ? response : undefined;
      },
      context: () => ({}) as Context,
      // The emulator gives one message to two that ask at once.
      pollers: 1,
      clock: systemClock,
      onError: (what, { message }) => {
        noteLogged(message);
        process.stderr.write(`${what}: ${message}\n`);
      },
    },
    stopping.signal,
  );
  return {
    async stop() {
      stopping.abort();
      await running;
      await deployed.stop();
      sqs.destroy();
    },
  };
}
