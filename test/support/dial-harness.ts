import { once } from 'node:events';
import { type AddressInfo, createServer, isIP, type LookupFunction, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { TlsOptions } from '#contract/carrier-tls.ts';
import { type DialOptions, dial } from '../../connector/smpp/dial.ts';
import type { Host } from '../../connector/smpp/host.ts';
import { authority, type Certificate, certificate } from '../../local/certificates.ts';
import { releaseAfterTest } from './release-after-test.ts';
import { startTlsSmsc, type TlsSmsc, type TlsSmscOptions } from './tls-smsc.ts';

/** Authorities, and what the first of them signed: there from the first test on. */
export let trusted: Certificate;
export let stranger: Certificate;
export let serverCertificate: Certificate;
export let clientCertificate: Certificate;

beforeAll(async () => {
  trusted = await authority('Trusted');
  stranger = await authority('Stranger');
  serverCertificate = await certificate({ names: ['smsc.example', '127.0.0.1'], by: trusted });
  clientCertificate = await certificate({ subject: 'client', by: trusted });
});

/** A `stop` that does not come. */
export const never = new AbortController().signal;

/** Of the SMSC's TLS, what matters to the test. */
export async function tlsSmsc(given: Partial<TlsSmscOptions> = {}): Promise<TlsSmsc> {
  const smsc = await startTlsSmsc({ certificate: serverCertificate, ...given });
  releaseAfterTest(() => smsc.stop());
  return smsc;
}

/** A server without TLS that does this with each connection. */
export async function plainServer(onConnection: (socket: Socket) => void): Promise<Host> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  releaseAfterTest(async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

/** Options of a carrier that trusts the authority of these tests. */
export function trusting(given: Partial<TlsOptions> = {}): TlsOptions {
  return { ca: trusted.certificate, minVersion: 'TLSv1.2', allowUnverifiedServer: false, ...given };
}

/** Closed after the test; its owner hears errors, as `dial` asks. */
export async function dialled(to: Host, options: DialOptions, stop = never): Promise<TLSSocket> {
  const socket = await dial({ host: to.host, port: to.port }, options, stop);
  socket.on('error', () => {});
  releaseAfterTest(() => socket.destroy());
  return socket as TLSSocket;
}

/** Answers a name with the next of these, in the form that is asked for; records what was asked. */
export function lookupOf(...answers: (readonly string[] | Error)[]): LookupFunction & { readonly asked: string[] } {
  const asked: string[] = [];
  const lookup: LookupFunction = (host, { all }, answer) => {
    asked.push(host);
    const next = answers.shift() ?? new Error('asked too often');
    if (next instanceof Error) answer(next as NodeJS.ErrnoException, '');
    else if (all)
      answer(
        null,
        next.map((address) => ({ address, family: isIP(address) })),
      );
    else answer(null, next[0] ?? '', isIP(next[0] ?? ''));
  };
  return Object.assign(lookup, { asked });
}

/** In the clear, as it is sent while there are no keys yet: https://www.rfc-editor.org/rfc/rfc8446#section-6 */
export function fatalAlert(description: number): Buffer {
  return Buffer.of(0x15, 3, 3, 0, 2, 2, description);
}
