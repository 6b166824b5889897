import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CarrierProfile } from '#contract/carrier.ts';
import { environment } from '#contract/environment.ts';
import { bundleConnector } from '../connector/bundle.ts';
import type { Clock } from '../connector/clock.ts';
import { awsEnvironment, withoutAws } from './aws.ts';
import { keepConnectorRunning } from './connector-process.ts';
import type { LogLine } from './log.ts';
import type { Releases } from './releases.ts';
import { connectorResources, type Resources } from './resources.ts';
import { runUntilReleased } from './run-until-released.ts';
import { StartError } from './start-error.ts';

export interface ConnectorsOptions {
  /** Path of what every process runs. */
  readonly bundle: string;
  readonly carriers: readonly CarrierProfile[];
  readonly resources: Resources;
  readonly endpoint: string;
  /** Variables that every connector gets as well: the user's, with the carriers' passwords. */
  readonly env: NodeJS.ProcessEnv;
  /** Log line that a connector writes when it counts as ready. */
  readonly readyMessage: 'health listening' | 'bound';
  readonly onLog: (line: LogLine) => void;
  readonly clock: Clock;
}

const readyWithinMs = 15_000;

/** Builds the connector while the caller does other things. The promise is that of the bundle's path. */
export function startBundling(releases: Releases): Promise<string> {
  const directory = mkdtemp(join(tmpdir(), 'smpp-gateway-'));
  const bundling = directory.then(async (path) => {
    const bundle = join(path, 'connector.cjs');
    await bundleConnector(bundle);
    return bundle;
  });
  releases.push(async () => {
    await bundling.catch(() => undefined);
    await rm(await directory, { recursive: true });
  });
  // Whoever awaits it gets its failure; until then that must not end the process.
  bundling.catch(() => undefined);
  return bundling;
}

/** Runs one connector process per carrier. Resolves when each has been ready once. */
export async function startConnectors(
  options: ConnectorsOptions,
  releases: Releases,
  stop: AbortSignal,
): Promise<void> {
  const { bundle } = options;
  const connectors = options.carriers.map((carrier) => {
    const ready = Promise.withResolvers<void>();
    const onLog = (line: LogLine) => {
      if (line.message === options.readyMessage) ready.resolve();
      options.onLog({ ...line, fields: { carrier: carrier.name, ...line.fields } });
    };
    const env = connectorEnvironment(carrier, options);
    const run = (ended: AbortSignal) => keepConnectorRunning({ bundle, env, onLog, clock: options.clock }, ended);
    return { ready: ready.promise, run };
  });
  // All stop at once: none goes on sending while another drains.
  runUntilReleased(releases, (ended) => Promise.all(connectors.map(({ run }) => run(ended))));
  await withDeadline(Promise.all(connectors.map(({ ready }) => ready)), options.clock, stop);
}

function connectorEnvironment(carrier: CarrierProfile, options: ConnectorsOptions): NodeJS.ProcessEnv {
  const { resources, endpoint, env } = options;
  return {
    ...withoutAws(env),
    ...awsEnvironment(endpoint),
    // There is one process of each, so the account's rate is its alone.
    [environment.carrierProfile]: JSON.stringify({ ...carrier, binds: 1 }),
    ...connectorResources(resources, carrier.name),
    [environment.healthPort]: '0',
    [environment.pollWaitSeconds]: '1',
    // Ctrl-C should not wait for an SMSC that does not answer.
    [environment.drainSeconds]: '1',
  };
}

/** Resolves with `work`, or earlier when `stop` aborts; rejects when neither came in time. */
function withDeadline(work: Promise<unknown>, clock: Clock, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(readyWithinMs, () =>
      reject(new StartError(`a connector was not ready within ${readyWithinMs / 1_000} s: its log above says why`)),
    );
    const settle = () => {
      cancel();
      resolve();
    };
    if (stop.aborted) settle();
    stop.addEventListener('abort', settle, { once: true });
    work.then(settle, reject);
  });
}
