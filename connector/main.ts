import { Logger } from '@aws-lambda-powertools/logger';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { v7 as uuidv7 } from 'uuid';
import { forcedExitSeconds } from '#contract/stop-times.ts';
import { toError } from '#contract/to-error.ts';
import { callLimits } from './call-limits.ts';
import { systemClock } from './clock.ts';
import { type Config, readConfig } from './config.ts';
import { startConnector } from './connector.ts';
import { metricsPrinter } from './emf.ts';
import type { Log } from './log.ts';
import { secretReaders } from './secret-readers.ts';
import { dial } from './smpp/dial.ts';

/** ECS kills after `stopTimeout`; what takes longer than this is not coming back. */
const forcedExitMs = forcedExitSeconds * 1_000;

const logger = new Logger({ serviceName: 'connector' });

async function main(): Promise<void> {
  const stopping = stopOnSignals();
  // Nobody reads the log any more: no reason to let go of the bind.
  process.stdout.on('error', () => {});
  const config = readConfig(process.env);
  const { name } = config.carrier;
  const bindId = uuidv7();
  logger.appendKeys({ carrier: name, bindId });
  const log = logAs(logger);
  const secrets = secretReaders(config.carrier, { env: process.env, clock: systemClock, log });
  const connector = await startConnector(config, {
    ...awsClients(config),
    clock: systemClock,
    random: Math.random,
    newId: uuidv7,
    bindId,
    log,
    tellMetrics: metricsPrinter(name),
    connect: (to, stop, onStep) => dial(to, { tls: config.carrier.tls, ...secrets }, stop, onStep),
    readPassword: secrets.readPassword,
  });
  await stopping;
  setTimeout(() => exit(1, 'the drain did not end in time'), forcedExitMs).unref();
  await connector.stop();
  exit(0, 'stopped');
}

/** Resolves at the first signal; a second one ends the process at once. */
function stopOnSignals(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let signals = 0;
  const onSignal = (signal: string) => {
    signals += 1;
    if (signals > 1) exit(1, `second ${signal}: stopping at once`);
    resolve();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return promise;
}

function awsClients({ pollWaitSeconds }: Config): { sqs: SQSClient; sns: SNSClient } {
  const requestHandler = callLimits(3_000, (pollWaitSeconds + 5) * 1_000);
  // An endpoint that stands in for AWS is meant for all calls: a queue's URL must not lead past it.
  const emulated = process.env.AWS_ENDPOINT_URL !== undefined;
  // Middleware is put together once for each kind of call, not for each call.
  const shared = { requestHandler, cacheMiddleware: true };
  return {
    // TLS guards the bodies already. Without MD5 a client cannot send batches of messages, which none here does.
    sqs: new SQSClient({ ...shared, md5: false, ...(emulated && { useQueueUrlAsEndpoint: false }) }),
    sns: new SNSClient(shared),
  };
}

function logAs(to: Logger): Log {
  // What is said of each message must cost nothing while nobody wants to know it.
  const debugging = ['TRACE', 'DEBUG'].includes(to.getLevelName());
  return {
    debug: debugging ? (message, fields = {}) => to.debug(message, fields) : () => {},
    info: (message, fields = {}) => to.info(message, fields),
    warn: (message, fields = {}) => to.warn(message, fields),
    error: (message, fields = {}) => to.error(message, fields),
  };
}

function exit(code: 0 | 1, why: string): void {
  if (code === 0) logger.info(why);
  else logger.error(why, { exitCode: code });
  process.exit(code);
}

main().catch((cause: unknown) => exit(1, toError(cause).message));
