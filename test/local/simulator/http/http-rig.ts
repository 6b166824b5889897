import { createServer } from 'node:http';
import { closeServer, listenOnLoopback } from '../../../../local/loopback.ts';
import { serveSimulator } from '../../../../local/simulator/http/http.ts';
import { releaseAfterTest } from '../../../support/release-after-test.ts';
import { type Rig, type RigOptions, startRig, submitSm } from '../rig.ts';

export interface SimulatorHttpRig extends Rig {
  readonly url: string;
  /** What went wrong at a request for no fault of the client's. */
  readonly errors: readonly Error[];
}

/** A simulator with its HTTP API, under a fake clock; released after the test. */
export async function startSimulatorHttp(options?: RigOptions): Promise<SimulatorHttpRig> {
  const rig = await startRig(options);
  const { simulator, clock } = rig;
  const errors: Error[] = [];
  const serve = serveSimulator({ simulator, clock, onError: (error) => errors.push(error) });
  const server = createServer((request, response) => {
    void serve(request, response, request.url?.split('?')[0] ?? '');
  });
  const port = await listenOnLoopback(server, 0);
  releaseAfterTest(() => closeServer(server));
  return { ...rig, errors, url: `http://127.0.0.1:${port}` };
}

export interface Answered {
  readonly status: number;
  readonly body: unknown;
  readonly allow: string | null;
}

/** A body that is no octets goes as JSON. */
export async function ask(url: string, method: string, body?: unknown): Promise<Answered> {
  const init = body === undefined ? {} : { body: body instanceof Uint8Array ? body : JSON.stringify(body) };
  const response = await fetch(url, { method, ...init });
  return { status: response.status, body: await response.json(), allow: response.headers.get('allow') };
}

/** Bound, with a message of each text sent from 12345 to +447700900123. */
export async function submitted(rig: SimulatorHttpRig, ...texts: readonly string[]): Promise<void> {
  const esme = await rig.bound();
  for (const text of texts) {
    const response = await esme.ask('submit_sm', { ...submitSm, short_message: Buffer.from(text) });
    expect(response.command_status).toBe(0);
  }
}
