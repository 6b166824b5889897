import { getEventListeners, once } from 'node:events';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import { dial } from '../../../connector/smpp/dial.ts';
import { dialled, fatalAlert, lookupOf, never, plainServer, tlsSmsc, trusting } from '../../support/dial-harness.ts';
import { releaseAfterTest } from '../../support/release-after-test.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

/** What stands for the connection towards the operating system, also under TLS. Node tells its options to nobody else. */
function tcpHandle(socket: Socket): object {
  const handle = Reflect.get(socket, '_handle');
  return handle._parent ?? handle;
}

describe('TLS', () => {
  test('is spoken when it resolves, with nothing lost that the SMSC said meanwhile', async () => {
    const smsc = await tlsSmsc();
    const greeted = smsc.session(1).then((session) => session.end('hello'));
    const socket = await dialled(smsc, { tls: trusting() });
    expect(socket).toMatchObject({ encrypted: true, authorized: true });
    await greeted;
    await expect(socket.setEncoding('utf8').toArray()).resolves.toEqual(['hello']);
  });

  test('leaves no listener of its own, neither on the socket nor on the signal', async () => {
    const smsc = await tlsSmsc();
    const { signal } = new AbortController();
    const socket = await dial(smsc, { tls: trusting() }, signal);
    releaseAfterTest(() => socket.destroy());
    for (const event of ['connect', 'secureConnect', 'error', 'data']) expect(socket.listenerCount(event)).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('is a new session at each connection', async () => {
    const smsc = await tlsSmsc();
    for (const n of [1, 2]) {
      const socket = await dialled(smsc, { tls: trusting() });
      // Whoever would resume it has its ticket by now.
      (await smsc.session(n)).write('x');
      await once(socket, 'data');
      expect(socket.isSessionReused()).toBe(false);
      expect((await smsc.session(n)).isSessionReused()).toBe(false);
    }
  });

  test.each([
    ['without', () => false as const],
    ['with', trusting],
  ])('sets noDelay and keepAlive on the connection beneath it, as there are without it (%s)', async (_, tlsOptions) => {
    const smsc = await tlsSmsc();
    const methods = Object.getPrototypeOf(tcpHandle(await dialled(smsc, { tls: false })));
    const spies = (['setNoDelay', 'setKeepAlive'] as const).map((method) => jest.spyOn(methods, method));
    const handle = tcpHandle(await dialled(smsc, { tls: tlsOptions() }));
    for (const { mock } of spies) {
      expect(mock.calls.filter((_, n) => mock.contexts[n] === handle).map(([on]) => on)).toEqual([true]);
    }
  });

  test.each([
    ['a name is sent as it is', { host: 'smsc.example' }, undefined, 'smsc.example'],
    ['a name is sent without the dot at its end', { host: 'smsc.example.' }, undefined, 'smsc.example'],
    ['an address is not sent', { host: '127.0.0.1' }, undefined, false],
    ['a servername is sent instead of a name', { host: 'other.example' }, 'smsc.example', 'smsc.example'],
    ['a servername is sent instead of an address', { host: '127.0.0.1' }, 'smsc.example', 'smsc.example'],
  ])('tells the SMSC whom it is for: %s', async (_, to, servername, seen) => {
    const smsc = await tlsSmsc();
    const options = trusting(servername === undefined ? {} : { servername });
    await dialled({ ...to, port: smsc.port }, { tls: options, lookup: lookupOf(['127.0.0.1']) });
    await expect(smsc.session(1)).resolves.toMatchObject({ servername: seen });
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('is %s where the SMSC speaks no other', async (version) => {
    const smsc = await tlsSmsc({ minVersion: version, maxVersion: version });
    const socket = await dialled(smsc, { tls: trusting() });
    expect(socket.getProtocol()).toBe(version);
  });

  test.each([
    ['1.2, where minVersion is 1.3', { maxVersion: 'TLSv1.2' }, 'TLSv1.3'],
    ['1.1, by default', { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' }, 'TLSv1.2'],
  ] as const)('is refused when the SMSC speaks only %s', async (_, of, minVersion) => {
    const smsc = await tlsSmsc(of);
    await expect(dial(smsc, { tls: trusting({ minVersion }) }, never)).rejects.toMatchObject({
      code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
      message: expect.stringContaining(`no version of TLS from ${minVersion} (tls.minVersion) on`),
    });
    await smsc.closed(1);
  });

  test.each([
    ['higher', 'TLSv1.3', 'TLSv1.2', 'spoken'],
    ['lower', 'TLSv1.1', 'TLSv1.1', 'refused'],
  ] as const)('is as old as minVersion says where the process has a %s one', async (_, ofProcess, ofSmsc, outcome) => {
    const ciphers = 'ALL@SECLEVEL=0';
    const smsc = await tlsSmsc({ minVersion: ofSmsc, maxVersion: ofSmsc, ciphers });
    jest.replaceProperty(tls, 'DEFAULT_MIN_VERSION', ofProcess);
    jest.replaceProperty(tls, 'DEFAULT_CIPHERS', ciphers);
    const dialling = dialled(smsc, { tls: trusting() });
    await expect(
      dialling.then(
        () => 'spoken',
        () => 'refused',
      ),
    ).resolves.toBe(outcome);
  });
});

describe('a handshake that fails', () => {
  test.each([
    ['HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['SMPP', Buffer.from('00000010800000000000000200000000', 'hex')],
  ])('because the port speaks %s without TLS says so', async (_, answer) => {
    const server = await plainServer((socket) => socket.once('data', () => socket.write(answer)));
    await expect(dial(server, { tls: trusting() }, never)).rejects.toMatchObject({
      code: 'ERR_SSL_WRONG_VERSION_NUMBER',
      message: expect.stringContaining(`port ${server.port} does not speak TLS`),
    });
  });

  test('because the SMSC goes by another name says so', async () => {
    const server = await plainServer((socket) => socket.once('data', () => socket.end(fatalAlert(112))));
    await expect(dial(server, { tls: trusting({ servername: 'smsc.example' }) }, never)).rejects.toThrow(
      'does not know itself as smsc.example: set tls.servername',
    );
  });

  test('for a reason of which we know no more says it', async () => {
    const server = await plainServer((socket) => socket.once('data', () => socket.end(fatalAlert(80))));
    await expect(dial(server, { tls: trusting() }, never)).rejects.toThrow(
      'the TLS handshake failed: tlsv1 alert internal error (ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR)',
    );
  });

  test('because of the options of this process says so', async () => {
    const smsc = await tlsSmsc();
    jest.replaceProperty(tls, 'DEFAULT_CIPHERS', 'NONE-SUCH');
    await expect(dial(smsc, { tls: trusting() }, never)).rejects.toMatchObject({ code: 'ERR_SSL_NO_CIPHER_MATCH' });
    expect(smsc.connections).toEqual([]);
  });

  test.each([
    ['closes before a word', (socket: Socket) => socket.end()],
    ['closes after the first', (socket: Socket) => socket.once('data', () => socket.end())],
    ['drops the connection', (socket: Socket) => socket.once('data', () => socket.resetAndDestroy())],
  ])('because the SMSC %s says so', async (_, onConnection) => {
    const server = await plainServer(onConnection);
    await expect(dial(server, { tls: trusting() }, never)).rejects.toMatchObject({
      code: 'ECONNRESET',
      message: expect.stringContaining('closed the connection during the TLS handshake'),
    });
  });
});
