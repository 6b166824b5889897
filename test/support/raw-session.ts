import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { accountsOf } from '../../connector/smpp/account.ts';
import { dial } from '../../connector/smpp/dial.ts';
import { Session, type SessionOptions } from '../../connector/smpp/session.ts';
import { profile } from './connector-factories.ts';
import { FakeClock } from './fake-clock.ts';
import { releaseAfterTest } from './release-after-test.ts';

/** A PDU of a header and `body` (hex), `length` octets long by its own account. */
export function rawPdu(commandId: number, body = '', sequenceNumber = 7, length = 16 + body.length / 2): Buffer {
  const octets = Buffer.alloc(16 + body.length / 2);
  [length, commandId, 0, sequenceNumber].forEach((value, index) => {
    octets.writeUInt32BE(value, 4 * index);
  });
  octets.write(body, 16, 'hex');
  return octets;
}

export interface RawSession {
  /** Bound. */
  readonly session: Session;
  /** Its end of the connection. */
  readonly socket: Socket;
  /** The SMSC's end: reads and answers nothing by itself after the bind. */
  readonly peer: Socket;
  readonly clock: FakeClock;
  readonly oddities: string[];
}

/** A session over real TCP whose peer does nothing but what the test does. */
export async function startRawSession(given: Partial<SessionOptions> = {}): Promise<RawSession> {
  const connected = Promise.withResolvers<Socket>();
  const server = createServer({ noDelay: true }, (peer) => {
    peer.on('error', () => {});
    peer.once('data', () => {
      peer.pause();
      peer.write(rawPdu(0x80000009, '00', 1));
    });
    connected.resolve(peer);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = await dial({ host: '127.0.0.1', port }, { tls: false }, new AbortController().signal);
  const peer = await connected.promise;
  const clock = new FakeClock();
  const oddities: string[] = [];
  const session = new Session({
    socket,
    clock,
    link: { idleMs: 20_000, responseMs: 10_000 },
    responseTimeoutMs: 30_000,
    deliverRetryStatus: 0x58,
    maxDelivering: 10,
    onDeliver: async (_pdu, respond) => void respond(0),
    onOddity: (what) => oddities.push(what),
    ...given,
  });
  releaseAfterTest(async () => {
    peer.destroy();
    socket.destroy();
    server.close();
    await session.ended;
  });
  const [account] = accountsOf(profile());
  if (account === undefined) throw new Error('a carrier has an account');
  await session.bind(account.bindPdu('secret'), 8_000);
  return { session, socket, peer, clock, oddities };
}
