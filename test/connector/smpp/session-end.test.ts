import { once } from 'node:events';
import { Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createFramer } from '../../../connector/smpp/framer.ts';
import type { RequestOutcome } from '../../../connector/smpp/pending.ts';
import { Session } from '../../../connector/smpp/session.ts';
import { type Segment, submitSmsOf } from '../../../connector/smpp/submit-sm.ts';
import { profile, sms } from '../../support/connector-factories.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { rawPdu, startRawSession } from '../../support/raw-session.ts';

const [{ pdu: submitSm }] = submitSmsOf(sms(), profile()) as [Segment];
const unanswered = { kind: 'unanswered', why: 'session-ended' };
const notWritten = { kind: 'not-written' };
const turn = () => new Promise((resolve) => setImmediate(resolve));
const enquireLink = 0x15;

/** More than the kernel takes for a peer that does not read. */
function fill(socket: Socket): void {
  socket.write(Buffer.alloc(32_000_000));
  expect(socket.writableNeedDrain).toBe(true);
}

/** Command and sequence number of every PDU that `peer` reads until it is closed. */
async function readToEnd(peer: Socket): Promise<string[]> {
  const framer = createFramer();
  const read: string[] = [];
  peer.on('data', (chunk: Buffer) => {
    for (const frame of framer.push(chunk))
      read.push(`${frame.readUInt32BE(4).toString(16)} ${frame.readUInt32BE(12)}`);
  });
  peer.resume();
  await once(peer, 'close');
  return read;
}

describe('when the session is over', () => {
  test('each request is told whether it was written: what was not may be sent again without a doubt', async () => {
    const { session, socket, clock } = await startRawSession();
    const first = session.request(submitSm);
    await turn();
    fill(socket);
    const second = session.request(submitSm);
    const third = session.request(submitSm);
    await clock.advance(10_000);
    await expect(session.ended).resolves.toMatchObject({ why: 'peer-not-reading' });
    await expect(Promise.all([first, second, third])).resolves.toEqual([unanswered, notWritten, notWritten]);
    await expect(session.request(submitSm)).resolves.toEqual(notWritten);
  });

  test.each([5_000, 10_000])('so it is where a request waits %d ms only, and its time ends first', async (ms) => {
    const { session, socket, clock } = await startRawSession({ responseTimeoutMs: ms });
    fill(socket);
    const outcome = session.request(submitSm);
    await clock.advance(10_000);
    await expect(outcome).resolves.toEqual(notWritten);
    await expect(session.ended).resolves.toMatchObject({ why: 'peer-not-reading' });
  });

  test('what ended it first is what is told', async () => {
    const { session, peer } = await startRawSession();
    peer.write(Buffer.concat([rawPdu(0x06), Buffer.from('HTTP/1.1 400 Bad Request')]));
    await expect(session.ended).resolves.toEqual({ kind: 'ended', why: 'unbound' });
  });

  test('by a FIN within a PDU, its octets are counted', async () => {
    const { session, peer, oddities } = await startRawSession();
    peer.end(rawPdu(enquireLink).subarray(0, 9));
    peer.resume();
    await expect(session.ended).resolves.toMatchObject({ why: 'socket' });
    expect(oddities).toEqual(['connection closed within a PDU']);
  });

  test('before it began, it ends at once, and once', async () => {
    const socket = new Socket();
    socket.destroy();
    const session = new Session({
      socket,
      clock: new FakeClock(),
      link: { idleMs: 1, responseMs: 1 },
      responseTimeoutMs: 1,
      deliverRetryStatus: 0x58,
      maxDelivering: 1,
      onDeliver: async () => {},
      onOddity: () => {},
    });
    await expect(session.ended).resolves.toEqual({ kind: 'ended', why: 'socket' });
    await turn();
    await expect(session.request(submitSm)).resolves.toEqual(notWritten);
  });

  test('200,000 requests are told so, each once, and leave no memory behind', async () => {
    setFlagsFromString('--expose-gc');
    const collect: () => void = runInNewContext('gc');
    const heapAfterCollection = () => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const { session, peer } = await startRawSession();
    peer.resume();
    const outcomes: string[] = [];
    const before = heapAfterCollection();
    const settled: Promise<void>[] = [];
    for (let sent = 0; sent < 200_000; sent += 1) {
      const note = ({ kind }: RequestOutcome) => {
        outcomes[sent] = kind;
      };
      settled.push(session.request(submitSm).then(note));
      if (sent === 1_000) await turn();
    }
    session.close({ kind: 'ended', why: 'socket' });
    await Promise.all(settled);
    // Those of the first turn were handed over; of the others so many as filled the socket.
    const firstUnwritten = outcomes.indexOf('not-written');
    expect(outcomes.slice(0, 1_001)).toEqual(outcomes.slice(0, 1_001).fill('unanswered'));
    expect(outcomes.slice(firstUnwritten)).toEqual(outcomes.slice(firstUnwritten).fill('not-written'));
    settled.length = 0;
    outcomes.length = 0;
    expect(heapAfterCollection() - before).toBeLessThan(4_000_000);
    // Still referenced, as by an owner that is slow to let go.
    expect(session.bound).toBe(false);
  });
});

describe('a request', () => {
  test('has all of its time, whatever was written before it in the same turn', async () => {
    const requested = Promise.withResolvers<{ readonly outcome: Promise<RequestOutcome> }>();
    const sendsAsWell = async (_pdu: unknown, respond: (status: number) => boolean) => {
      respond(0);
      requested.resolve({ outcome: session.request(submitSm) });
    };
    const { session, peer, clock } = await startRawSession({ onDeliver: sendsAsWell });
    peer.resume();
    await clock.advance(15_000);
    peer.write(rawPdu(5, `00${'0101'}3400${'0101'}3500${'000000'}0000${'00000000'}00`));
    const { outcome } = await requested.promise;
    let isOver = false;
    void outcome.then(() => {
      isOver = true;
    });
    for (let waited = 0; waited < 29_000; waited += 1_000) {
      await clock.advance(1_000);
      peer.write(rawPdu(enquireLink));
      await turn();
    }
    expect(isOver).toBe(false);
    await clock.advance(1_000);
    await expect(outcome).resolves.toEqual({ kind: 'unanswered', why: 'timeout' });
    expect(session.bound).toBe(true);
  });

  test('of a later time has a later end', async () => {
    const { session, peer, clock } = await startRawSession({ link: { idleMs: 3_600_000, responseMs: 10_000 } });
    peer.resume();
    const first = session.request(submitSm);
    await clock.advance(10_000);
    const second = session.request(submitSm);
    await clock.advance(20_000);
    await expect(first).resolves.toEqual({ kind: 'unanswered', why: 'timeout' });
    let isOver = false;
    void second.then(() => {
      isOver = true;
    });
    await clock.advance(9_999);
    expect(isOver).toBe(false);
    await clock.advance(1);
    await expect(second).resolves.toEqual({ kind: 'unanswered', why: 'timeout' });
  });

  test('that cannot be written is refused, and nothing of it waits', async () => {
    const { session, peer } = await startRawSession();
    const reading = readToEnd(peer);
    const sourceAddr = 'x'.repeat(65);
    await expect(session.request({ ...submitSm, sourceAddr })).rejects.toMatchObject({ code: 'invalid-pdu' });
    void session.request(submitSm);
    await turn();
    peer.write(Buffer.concat([rawPdu(0x80000004, '4100', 3), rawPdu(0x06, '', 9)]));
    // Nothing is waited for, so that the connection is closed at once.
    await session.ended;
    expect(await reading).toEqual(['4 3', '80000006 9']);
  });

  test('has all of its time after one that could not be written', async () => {
    const { session, peer, clock } = await startRawSession({ link: { idleMs: 3_600_000, responseMs: 10_000 } });
    peer.resume();
    const sourceAddr = 'x'.repeat(65);
    await expect(session.request({ ...submitSm, sourceAddr })).rejects.toMatchObject({ code: 'invalid-pdu' });
    await clock.advance(29_000);
    const outcome = session.request(submitSm);
    let isOver = false;
    void outcome.then(() => {
      isOver = true;
    });
    await clock.advance(29_999);
    expect(isOver).toBe(false);
    await clock.advance(1);
    await expect(outcome).resolves.toEqual({ kind: 'unanswered', why: 'timeout' });
  });

  test('may be made of one object twice', async () => {
    const { session, peer } = await startRawSession();
    const outcomes = [session.request(submitSm), session.request(submitSm)];
    await turn();
    peer.write(Buffer.concat([rawPdu(0x80000004, '4200', 3), rawPdu(0x80000004, '4100', 2)]));
    await expect(Promise.all(outcomes)).resolves.toMatchObject([
      { response: { messageId: 'A' } },
      { response: { messageId: 'B' } },
    ]);
  });
});

describe('a peer that does not read for a while', () => {
  test('is not read meanwhile, then gets every answer in order, and the session goes on', async () => {
    const { session, socket, peer, clock, oddities } = await startRawSession();
    fill(socket);
    // 19 octets, so that no chunk ends with a PDU.
    const count = 50_000;
    for (let number = 1; number <= count; number += 1) peer.write(rawPdu(enquireLink, '000000', number));
    while (!socket.isPaused()) await turn();
    // A chunk that was on its way is still taken.
    for (let turns = 0; turns < 50; turns += 1) await turn();
    const read = socket.bytesRead;
    expect(read).toBeLessThan((19 * count) / 2);
    for (let turns = 0; turns < 50; turns += 1) await turn();
    expect(socket.bytesRead).toBe(read);
    await clock.advance(9_000);
    let answered = 0;
    let rest = Buffer.alloc(0);
    let filling = 32_000_000;
    peer.on('data', (chunk: Buffer) => {
      const skipped = Math.min(filling, chunk.length);
      filling -= skipped;
      rest = Buffer.concat([rest, chunk.subarray(skipped)]);
      while (rest.length >= 16) {
        answered += 1;
        expect(rest.readUInt32BE(12)).toBe(answered);
        rest = rest.subarray(16);
      }
    });
    peer.resume();
    while (answered < count) await turn();
    await clock.advance(9_000);
    expect(session.bound).toBe(true);
    expect(oddities.filter((what) => what !== 'malformed PDU')).toEqual([]);
  });

  test('and then unbinds gets every answer before the connection is closed', async () => {
    const { session, socket, peer } = await startRawSession();
    fill(socket);
    peer.write(Buffer.concat([rawPdu(enquireLink, '', 1), rawPdu(enquireLink, '', 2), rawPdu(0x06, '', 3)]));
    while (session.bound) await turn();
    let last = Buffer.alloc(0);
    peer.on('data', (chunk: Buffer) => {
      last = Buffer.concat([last, chunk]).subarray(-48);
    });
    peer.resume();
    await once(peer, 'end');
    expect([0, 16, 32].map((at) => last.readUInt32BE(at + 12))).toEqual([1, 2, 3]);
  });

  test('for good, in the middle of a PDU of its own, is told apart from one that does not finish it', async () => {
    const { session, socket, peer, clock } = await startRawSession();
    fill(socket);
    for (let number = 1; number <= 20_000; number += 1) peer.write(rawPdu(enquireLink, '000000', number));
    while (!socket.isPaused()) await turn();
    await clock.advance(10_000);
    await expect(session.ended).resolves.toMatchObject({ why: 'peer-not-reading' });
  });
});

test('a peer that unbinds while a delivery is handled gets its answer, and the connection is closed then', async () => {
  const handling = Promise.withResolvers<void>();
  const { session, peer } = await startRawSession({
    onDeliver: async (_pdu, respond) => {
      await handling.promise;
      respond(0);
    },
  });
  const reading = readToEnd(peer);
  peer.write(rawPdu(5, `00${'0101'}3400${'0101'}3500${'000000'}0000${'00000000'}00`, 8));
  peer.write(rawPdu(0x06, '', 9));
  while (session.bound) await turn();
  handling.resolve();
  expect(await reading).toEqual(['80000006 9', '80000005 8']);
  await expect(session.ended).resolves.toMatchObject({ why: 'unbound' });
});
