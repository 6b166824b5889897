import { createServer } from 'node:http';
import { systemClock } from '../../../connector/clock.ts';
import { closeServer, listenOnLoopback } from '../../../local/loopback.ts';
import { serveSimulator } from '../../../local/simulator/http/http.ts';
import { Simulator } from '../../../local/simulator/simulator.ts';
import type { Deployment } from './deployment.ts';

export interface SmscServer {
  readonly smsc: Deployment['smsc'];
  stop(): Promise<void>;
}

const systemId = 'gateway';
const password = 'from-the-secret';

/** An SMSC with handsets, and their control API, on ports of their own. It is there before the deploy, whose config names its port. */
export async function startSmscServer(onFault: (error: Error) => void): Promise<SmscServer> {
  const simulator = new Simulator({
    accounts: [{ systemId, password }],
    clock: systemClock,
    random: Math.random,
    onFault,
  });
  await simulator.start();
  const serve = serveSimulator({ simulator, clock: systemClock, onError: onFault });
  const server = createServer((request, response) => {
    const [path = ''] = (request.url ?? '').split('?');
    serve(request, response, path).catch((cause) => {
      onFault(cause);
      response.destroy();
    });
  });
  const control = `http://127.0.0.1:${await listenOnLoopback(server, 0)}`;
  return {
    smsc: { port: simulator.smsc.port, control, systemId, password },
    stop: async () => {
      await closeServer(server);
      await simulator.end();
    },
  };
}
