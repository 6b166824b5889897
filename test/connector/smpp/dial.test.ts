import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { getEventListeners, once } from 'node:events';
import { type AddressInfo, connect, createServer, type LookupFunction, Socket } from 'node:net';
import { dial } from '../../../connector/smpp/dial.ts';
import {
  clientCertificate,
  dialled,
  lookupOf,
  never,
  plainServer,
  tlsSmsc,
  trusting,
} from '../../support/dial-harness.ts';
import { releaseAfterTest } from '../../support/release-after-test.ts';
import type { TlsSmsc } from '../../support/tls-smsc.ts';

/** How many connections the SMSC has had, once each is closed. One more, which it hears of last, tells that no other comes. */
async function closedConnections(smsc: TlsSmsc): Promise<number> {
  const last = await dialled(smsc, { tls: false });
  let closed = 0;
  while ((await smsc.connection(closed + 1)).remotePort !== last.localPort) {
    closed += 1;
    await smsc.closed(closed);
  }
  return closed;
}

/** A port at which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('without TLS', () => {
  test('gives an open connection, with nothing lost that the SMSC said meanwhile', async () => {
    const server = await plainServer((socket) => socket.end('hello'));
    const socket = await dialled(server, { tls: false });
    await expect(socket.setEncoding('utf8').toArray()).resolves.toEqual(['hello']);
  });

  test('leaves no listener of its own, neither on the socket nor on the signal', async () => {
    const server = await plainServer(() => {});
    const { signal } = new AbortController();
    const before = new Socket();
    const socket = await dial(server, { tls: false }, signal);
    releaseAfterTest(() => socket.destroy());
    for (const event of ['connect', 'error', 'close', 'data', 'end']) {
      expect([event, socket.listenerCount(event)]).toEqual([event, before.listenerCount(event)]);
    }
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('says where nothing listens', async () => {
    const port = await closedPort();
    await expect(dial({ host: '127.0.0.1', port }, { tls: false }, never)).rejects.toMatchObject({
      code: 'ECONNREFUSED',
      message: `connect ECONNREFUSED 127.0.0.1:${port}`,
    });
  });
});

describe('a name', () => {
  test('is resolved anew for each connection', async () => {
    const { port } = await plainServer((socket) => socket.resume());
    const noName = Object.assign(new Error('getaddrinfo ENOTFOUND smsc.example'), { code: 'ENOTFOUND' });
    const lookup = lookupOf(noName, ['127.0.0.1'], ['::1']);
    const to = { host: 'smsc.example', port };
    await expect(dialled(to, { tls: false, lookup })).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(dialled(to, { tls: false, lookup })).resolves.toMatchObject({ remoteAddress: '127.0.0.1' });
    // The server is not there.
    await expect(dialled(to, { tls: false, lookup })).rejects.toMatchObject({ address: '::1', port });
    expect(lookup.asked).toEqual(['smsc.example', 'smsc.example', 'smsc.example']);
  });

  test.each([
    ['TLS', trusting],
    ['none', () => false as const],
  ])('with several addresses is tried at each of them (%s)', async (_, tlsOptions) => {
    const options = tlsOptions();
    const { port } = options === false ? await plainServer(() => {}) : await tlsSmsc();
    const lookup = lookupOf(['::1', '127.0.0.1']);
    await expect(dialled({ host: 'smsc.example', port }, { tls: options, lookup })).resolves.toMatchObject({
      remoteAddress: '127.0.0.1',
    });
  });
});

describe('stop', () => {
  const why = new Error('no bind within 15000 ms');

  test('that came before connects to nothing', async () => {
    const smsc = await tlsSmsc();
    const readClientCertificate = jest.fn(async () => clientCertificate.pem);
    for (const options of [trusting(), false] as const) {
      const dialling = dial(smsc, { tls: options, readClientCertificate }, AbortSignal.abort(why));
      await expect(dialling).rejects.toBe(why);
    }
    expect(readClientCertificate).not.toHaveBeenCalled();
    expect(smsc.connections).toEqual([]);
  });

  test('while the client certificate is read connects to nothing', async () => {
    const smsc = await tlsSmsc();
    const stop = new AbortController();
    const reading = Promise.withResolvers<string>();
    const dialling = dial(smsc, { tls: trusting(), readClientCertificate: () => reading.promise }, stop.signal);
    stop.abort(why);
    await expect(dialling).rejects.toBe(why);
    reading.reject(new Error('heard by nobody'));
    await expect(closedConnections(smsc)).resolves.toBe(0);
  });

  test('while the name is resolved connects to nothing', async () => {
    const smsc = await tlsSmsc();
    const stop = new AbortController();
    let answer = () => {};
    const lookup: LookupFunction = (_, { all }, callback) => {
      answer = () => (all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4));
    };
    const dialling = dial({ host: 'smsc.example', port: smsc.port }, { tls: false, lookup }, stop.signal);
    stop.abort(why);
    await expect(dialling).rejects.toBe(why);
    answer();
    await expect(closedConnections(smsc)).resolves.toBe(0);
  });

  test.each([
    ['one address', ['127.0.0.1']],
    ['several addresses', ['127.0.0.1', '::1']],
  ])('on the way to %s closes the connection', async (_, addresses) => {
    const smsc = await tlsSmsc();
    const stop = new AbortController();
    const answer = lookupOf(addresses);
    const lookup: LookupFunction = (...asked) => {
      answer(...asked);
      // Its first packet is on the way; nobody has heard that it arrived.
      stop.abort(why);
    };
    const dialling = dial({ host: 'smsc.example', port: smsc.port }, { tls: trusting(), lookup }, stop.signal);
    await expect(dialling).rejects.toBe(why);
    await closedConnections(smsc);
  });

  test('while the SMSC is silent in the handshake closes the connection', async () => {
    const smsc = await tlsSmsc();
    smsc.hangs = true;
    const stop = new AbortController();
    const dialling = dial(smsc, { tls: trusting() }, stop.signal);
    const connection = await smsc.connection(1);
    await once(connection, 'data');
    stop.abort(why);
    await expect(dialling).rejects.toBe(why);
    await smsc.closed(1);
  });

  test('afterwards is the business of the socket’s owner', async () => {
    const smsc = await tlsSmsc();
    const stop = new AbortController();
    const socket = await dialled(smsc, { tls: trusting() }, stop.signal);
    stop.abort(why);
    (await smsc.session(1)).write('still here');
    await expect(once(socket, 'data')).resolves.toEqual([Buffer.from('still here')]);
  });
});

describe('a connection that breaks', () => {
  /** The next connection that is opened in this process, from its first moment. */
  function nextSocket(): Promise<Socket> {
    const { promise, resolve } = Promise.withResolvers<Socket>();
    const take = (message: unknown) => resolve((message as { socket: Socket }).socket);
    subscribe('net.client.socket', take);
    releaseAfterTest(() => unsubscribe('net.client.socket', take));
    return promise;
  }

  test('in the moment in which it is open is none', async () => {
    const server = await plainServer(() => {});
    const broken = new Error('broken');
    const socket = nextSocket();
    const dialling = dial(server, { tls: false }, never);
    const opened = (await socket).once('connect', () => opened.destroy(broken));
    await expect(dialling).rejects.toBe(broken);
  });

  test('in the handshake without an error is told', async () => {
    const smsc = await tlsSmsc();
    smsc.hangs = true;
    const socket = nextSocket();
    const dialling = dial(smsc, { tls: trusting() }, never);
    await smsc.connection(1);
    (await socket).destroy();
    await expect(dialling).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test.each([
    ['TLS', trusting],
    ['none', () => false as const],
  ])('after it was given up ends nothing else (%s)', async (_, tlsOptions) => {
    const options = tlsOptions();
    const smsc = await tlsSmsc();
    smsc.hangs = true;
    const stop = new AbortController();
    const socket = nextSocket();
    const dialling = dial(smsc, { tls: options }, stop.signal);
    const connecting = await socket;
    if (options) await smsc.connection(1);
    stop.abort();
    await expect(dialling).rejects.toBe(stop.signal.reason);
    expect(() => connecting.emit('error', new Error('late'))).not.toThrow();
  });

  /** What comes in the octets behind the handshake’s last must reach somebody: an error without a listener ends the process. */
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('with the end of the %s handshake is told', async (version) => {
    const smsc = await tlsSmsc({ minVersion: version, maxVersion: version });
    const notTls = Buffer.alloc(64);
    const server = await plainServer((socket) => {
      const onward = connect({ host: smsc.host, port: smsc.port }).on('error', () => {});
      releaseAfterTest(() => onward.destroy());
      // The SMSC's part of the handshake is two flights in 1.2, one in 1.3.
      let flights = version === 'TLSv1.2' ? 2 : 1;
      onward.on('data', (octets) => {
        flights -= 1;
        socket.write(flights === 0 ? Buffer.concat([octets, notTls]) : octets);
      });
      socket.pipe(onward);
    });
    const outcome = await dial(server, { tls: trusting() }, never).then(
      async (socket) => {
        releaseAfterTest(() => socket.destroy());
        return (await once(socket.resume(), 'error').catch((cause) => [cause]))[0];
      },
      (cause) => cause,
    );
    expect(outcome).toMatchObject({ code: expect.stringMatching(/^ERR_SSL_(WRONG_VERSION_NUMBER|BAD_RECORD_TYPE)$/) });
  });
});
