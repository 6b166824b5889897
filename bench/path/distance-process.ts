import { connect, createServer, type Socket } from 'node:net';
import { listenOnLoopback } from '../../local/loopback.ts';
import { answerParent } from './answer-parent.ts';

/** What stands between the connector and an emulator that is too near: a TCP proxy on which octets take a while. */
let roundTripMs = 0;
let upstreamPort = 0;

const server = createServer({ noDelay: true }, (near) => {
  const far = connect({ host: '127.0.0.1', port: upstreamPort, noDelay: true });
  pass(near, far);
  pass(far, near);
});

function pass(from: Socket, to: Socket): void {
  from.on('data', (octets) => setTimeout(() => to.write(octets), roundTripMs / 2));
  from.on('error', () => to.destroy());
  from.on('close', () => setTimeout(() => to.destroy(), roundTripMs));
}

const port = await listenOnLoopback(server, 0);
const answers = {
  /** Returns the port to be used in place of `upstream`. */
  stand: (between: { readonly upstream: number; readonly roundTripMs: number }) => {
    upstreamPort = between.upstream;
    roundTripMs = between.roundTripMs;
    return port;
  },
};
export type DistanceAnswers = typeof answers;
answerParent(answers);
