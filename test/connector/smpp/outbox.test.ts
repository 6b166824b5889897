import { once } from 'node:events';
import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { readPdu } from '../../../connector/smpp/codec/read.ts';
import { createFramer } from '../../../connector/smpp/framer.ts';
import { Outbox } from '../../../connector/smpp/outbox.ts';
import { submitSm } from '../../support/pdus.ts';

/** Where an outbox writes to: keeps what each write brought, and is done with it when the test says so. */
class FakeSocket extends Writable {
  readonly writes: Buffer[] = [];
  takesAtOnce = false;
  #done: (() => void) | undefined;

  override _write(chunk: Buffer, _: unknown, done: () => void): void {
    this.writes.push(Buffer.from(chunk));
    if (this.takesAtOnce) done();
    else this.#done = done;
  }

  /** The kernel took it. */
  async take(): Promise<void> {
    const drained = this.writableNeedDrain ? once(this, 'drain') : undefined;
    const done = this.#done;
    this.#done = undefined;
    done?.();
    await drained;
  }
}

function startOutbox(highWaterMark = 65_536) {
  const socket = new FakeSocket({ highWaterMark });
  let blocked = 0;
  const outbox = new Outbox(socket as unknown as Socket, () => {
    blocked += 1;
  });
  socket.on('drain', () => outbox.flush());
  return { socket, outbox, blocked: () => blocked };
}

/** Sequence numbers of the PDUs in `octets`; all of them whole. */
function sequencesOf(octets: Buffer): number[] {
  const framer = createFramer();
  const sequences = [...framer.push(octets)].map((frame) => readPdu(frame).sequenceNumber);
  expect(framer.pendingOctets).toBe(0);
  return sequences;
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('all that one turn of the event loop brings goes out in one write', async () => {
  const { socket, outbox } = startOutbox();
  outbox.write(submitSm(), 1);
  outbox.write(submitSm(), 2);
  // As when an answer sets free a slot, and its next holder prepares a little.
  await Promise.resolve();
  outbox.write(submitSm(), 3);
  expect(socket.writes).toEqual([]);
  await turn();
  expect(socket.writes.map(sequencesOf)).toEqual([[1, 2, 3]]);
});

test('PDUs that fill more than one slab go out in order, each in one piece', async () => {
  const { socket, outbox } = startOutbox(10_000_000);
  for (const sequence of upTo(2_000)) outbox.write(submitSm({ shortMessage: Buffer.alloc(200) }), sequence);
  const payload = { tag: 0x0424, value: Buffer.alloc(65_535) };
  outbox.write(submitSm({ tlvs: [payload] }), 2_001);
  outbox.write(submitSm(), 2_002);
  for (let writes = 0; writes < 200; writes += 1) {
    await turn();
    await socket.take();
  }
  expect(socket.writes.flatMap(sequencesOf)).toEqual(upTo(2_002));
});

test('while the socket has more than it can send, what follows waits here and is known not to have left', async () => {
  const { socket, outbox, blocked } = startOutbox(100);
  const first = outbox.write(submitSm({ shortMessage: Buffer.alloc(200) }), 1);
  await turn();
  const second = outbox.write(submitSm(), 2);
  const third = outbox.write(submitSm(), 3);
  await turn();
  expect([first, second, third].map((ticket) => outbox.wasHandedOver(ticket))).toEqual([true, false, false]);
  expect(blocked()).toBeGreaterThan(0);
  expect(socket.writes.flatMap(sequencesOf)).toEqual([1]);
  await socket.take();
  expect(outbox.wasHandedOver(third)).toBe(true);
  expect(socket.writes.flatMap(sequencesOf)).toEqual([1, 2, 3]);
});

test('a PDU that cannot be written leaves nothing of itself between the others', async () => {
  const { socket, outbox } = startOutbox();
  outbox.write(submitSm(), 1);
  expect(() => outbox.write(submitSm({ destinationAddr: '1'.repeat(60), shortMessage: Buffer.alloc(255) }), 2)).toThrow(
    expect.objectContaining({ code: 'invalid-pdu' }),
  );
  outbox.write(submitSm(), 3);
  await turn();
  expect(socket.writes.flatMap(sequencesOf)).toEqual([1, 3]);
});

test('nothing is handed to a socket that is gone', async () => {
  const { socket, outbox } = startOutbox();
  const ticket = outbox.write(submitSm(), 1);
  socket.destroy();
  await turn();
  expect(outbox.wasHandedOver(ticket)).toBe(false);
  expect(socket.writes).toEqual([]);
});

test('so much goes out before the turn is over that the peer has something to do', async () => {
  const { socket, outbox } = startOutbox(10_000_000);
  for (const sequence of upTo(200)) outbox.write(submitSm({ shortMessage: Buffer.alloc(200) }), sequence);
  expect(socket.writes).toHaveLength(1);
  expect(socket.writes[0]?.length).toBeGreaterThanOrEqual(8_192);
  for (let writes = 0; writes < 8; writes += 1) {
    await turn();
    await socket.take();
  }
  expect(socket.writes.flatMap(sequencesOf)).toEqual(upTo(200));
});

test('what waits in a slab that is not full is not lost when one before it is taken at once', async () => {
  const { socket, outbox } = startOutbox(100);
  outbox.write(submitSm({ shortMessage: Buffer.alloc(200) }), 1);
  await turn();
  // A full slab, and some of the next.
  for (const sequence of upTo(300)) outbox.write(submitSm({ shortMessage: Buffer.alloc(200) }), sequence + 1);
  await turn();
  expect(outbox.isEmpty).toBe(false);
  socket.takesAtOnce = true;
  await socket.take();
  await turn();
  outbox.write(submitSm(), 302);
  await turn();
  expect(socket.writes.flatMap(sequencesOf)).toEqual(upTo(302));
  expect(outbox.isEmpty).toBe(true);
});
