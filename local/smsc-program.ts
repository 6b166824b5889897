import type { Clock } from '../connector/clock.ts';
import { createFront } from './front.ts';
import { closeServer, listenOnLoopback } from './loopback.ts';
import type { Releases } from './releases.ts';
import { serveSimulator } from './simulator/http/http.ts';
import { Simulator } from './simulator/simulator.ts';
import type { SmscProgramOptions } from './smsc-options.ts';
import { eventLine, playingLine, type SmscReporter } from './smsc-reporter.ts';
import { makeServerTls, readServerTls, type ServerTls } from './smsc-tls.ts';

export interface SmscWorld {
  readonly reporter: SmscReporter;
  readonly clock: Clock;
  /** 0 to 1, as Math.random. */
  readonly random: () => number;
}

/** Starts the SMSC and its HTTP API, each with its release in `releases`, and reports when both are ready. */
export async function startSmsc(options: SmscProgramOptions, world: SmscWorld, releases: Releases): Promise<void> {
  const { reporter, clock, random } = world;
  const { port, hosts, accounts, keep, play } = options;
  const onError = (message: string) => (error: Error) =>
    reporter.log({ level: 'WARN', message, fields: { reason: error.message } });
  // First of all: a port in use should be said before anything else happens.
  const front = createFront();
  const httpPort = await listenOnLoopback(front.server, options.httpPort);
  releases.push(() => closeServer(front.server));

  const tls = await tlsOf(options.tls, releases);
  const simulator = new Simulator({
    ...{ port, hosts, accounts, keep, clock, random },
    ...(tls && { tls }),
    onFault: onError('fault'),
    onEvent: (event) => reporter.log(eventLine(event)),
  });
  const { smsc, stage } = simulator;
  if (play !== undefined) stage.play(play);
  stage.onChange(() => reporter.log(playingLine(stage.playing)));
  await simulator.start();
  releases.push(() => simulator.end());

  const serve = serveSimulator({ simulator, clock, onError: onError('a request failed') });
  front.serve((request, response) => serve(request, response, request.url?.split('?')[0] ?? ''));
  // Once more, and so first of all on the way out: nothing new comes in while the rest stops.
  releases.push(() => closeServer(front.server));
  reporter.ready({
    smppPort: smsc.port,
    smppPorts: smsc.ports,
    httpUrl: `http://127.0.0.1:${httpPort}`,
    accounts,
    tls: tls !== undefined,
    ...(tls?.caFile !== undefined && { caFile: tls.caFile }),
    playing: stage.playing,
  });
}

function tlsOf(
  tls: SmscProgramOptions['tls'],
  releases: Releases,
): Promise<(ServerTls & { readonly caFile?: string }) | undefined> {
  if (tls === 'none') return Promise.resolve(undefined);
  return tls === 'made' ? makeServerTls(releases) : readServerTls(tls);
}
