import { tlvDefinitions } from '#contract/carrier-tlvs.ts';
import { parseOutboundSms } from '#contract/outbound-sms.ts';
import { applyEvent } from '../../lambdas/apply-event.ts';
import { recordCarrierState } from '../../lambdas/carrier-state.ts';
import { readMessage } from '../../lambdas/messages.ts';
import type { QueueMessage } from '../../lambdas/ports.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { type Dynamo, startDynamo, type TestTable } from '../support/dynamo.ts';
import { at, begin, carrierStateEvent, clientId, route, submittedEvent } from '../support/factories.ts';
import type { Fault } from '../support/faulty-ports.ts';
import { type KeyedSends, keyedSends, type Seen } from '../support/keyed-sends.ts';

let dynamo: Dynamo;
let table: TestTable;
let sends: KeyedSends;

beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  table = await dynamo.newTable();
  sends = keyedSends(table);
});
afterAll(() => dynamo.stop());

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

function acceptedIn(seen: Seen) {
  if (seen.kind !== 'accepted') throw new Error(`expected an accepted message, got ${JSON.stringify(seen)}`);
  return seen;
}

const inProgress = { kind: 'refused', code: 'idempotency-in-progress' };
/** The calls of a first request: claim, row, mark, lane, answer. */
const diesAfter = (call: number): Fault => ({ call, when: 'after', how: 'dies' });
const afterClaim = diesAfter(1);
const afterRow = diesAfter(2);
const afterMark = diesAfter(3);
const afterLane = diesAfter(4);

test('a repeated request gets the first answer again, and sends nothing', async () => {
  const first = acceptedIn(await sends.send());
  expect(first.replayed).toBe(false);
  expect(JSON.parse(first.answer)).toMatchObject({ id: first.messageId, status: 'queued', to: '+447700900123' });
  await applyEvent(sends.ports, submittedEvent({ messageId: first.messageId }));
  sends.ports.advance(23 * hour);
  expect(await sends.send()).toEqual({ ...first, replayed: true });
  expect(sends.lane.taken).toEqual([first.messageId]);
});

test('the order of the fields does not make another request', async () => {
  const first = acceptedIn(await sends.send({ body: { to: '+447700900123', text: 'Hello' } }));
  const again = await sends.send({ body: { text: 'Hello', to: '+447700900123' } });
  expect(again).toEqual({ ...first, replayed: true });
});

test('another body under the same key is refused, also while the first is in progress', async () => {
  const reused = { kind: 'refused', code: 'idempotency-key-reused' };
  await sends.send({ fault: afterRow });
  expect(await sends.send({ body: { to: '+447700900123', text: 'Bye' } })).toMatchObject(reused);
  sends.ports.advance(minute);
  expect(await sends.send({ body: { to: '+447700900123', text: 'Bye' } })).toMatchObject(reused);
  await sends.send();
  expect(await sends.send({ body: { to: '+447700900123', text: 'Bye' } })).toMatchObject(reused);
  expect(sends.lane.taken).toHaveLength(1);
});

test('a message that is resumed goes into its lane as its first request had it', async () => {
  const tlvs = tlvDefinitions.parse({ dltEntityId: { tag: 0x1400, type: 'cstring' } });
  const body = {
    to: '+447700900123',
    text: 'It’s',
    smart: true,
    toAddressing: { ton: 0, npi: 1 },
    tlvs: { dltEntityId: '11' },
  };
  const bodies: string[] = [];
  const { queue } = sends.ports;
  const listening = {
    send: (message: QueueMessage) => {
      bodies.push(message.body);
      return queue.send(message);
    },
  };
  Object.assign(sends.ports, { queue: listening });
  await sends.send({ body, routes: [route({ tlvs })], fault: afterLane });
  sends.ports.advance(minute);
  expect(await sends.send({ body, routes: [route({ tlvs })] })).toMatchObject({ kind: 'accepted' });
  const [first, again] = bodies.map(parseOutboundSms);
  expect(first).toMatchObject({ text: "It's", toAddressing: { ton: 0, npi: 1 }, tlvs: [{ tag: 0x1400 }] });
  expect(again).toEqual(first);
});

test('a key is one for each client', async () => {
  const mine = acceptedIn(await sends.send());
  const yours = acceptedIn(await sends.send({ clientId: 'client-2' }));
  expect(yours.messageId).not.toBe(mine.messageId);
  const claims = (await table.all()).filter(({ sk }) => sk === 'claim');
  expect(claims.map((claim) => claim.clientId).sort()).toEqual([clientId, 'client-2']);
});

test('a claim shows neither key nor text, and expires with its 24 hours', async () => {
  await sends.send({ key: 'order-7', body: { to: '+447700900123', text: 'A secret' } });
  const claim = (await table.all()).find(({ sk }) => sk === 'claim');
  expect(claim?.pk).toMatch(/^idempotency#[0-9a-f]{64}$/);
  expect(claim?.expiresAt).toBe(begin / 1_000 + 86_400);
  expect(JSON.stringify(claim)).not.toMatch(/order-7|A secret/);
});

test('after 24 hours a key is free again, for any body', async () => {
  const first = acceptedIn(await sends.send());
  sends.ports.advance(24 * hour - 1);
  expect(await sends.send()).toMatchObject({ replayed: true });
  sends.ports.advance(1);
  const next = acceptedIn(await sends.send({ body: { to: '+447700900124', text: 'Bye' } }));
  expect(next).toMatchObject({ replayed: false });
  expect(sends.lane.taken).toEqual([first.messageId, next.messageId]);
});

test('of two hundred requests at once one is accepted, and the others are told to wait or what it was told', async () => {
  const seen = await Promise.all(Array.from({ length: 200 }, () => sends.send()));
  const accepted = seen.filter(({ kind }) => kind === 'accepted').map(acceptedIn);
  expect(accepted.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(new Set(accepted.map(({ answer }) => answer)).size).toBe(1);
  for (const other of seen.filter(({ kind }) => kind !== 'accepted')) expect(other).toMatchObject(inProgress);
  expect(sends.lane.taken).toHaveLength(1);
});

test('a claim that was made by a try of the SDK whose answer was lost is ours', async () => {
  const { table: inner } = sends.ports;
  const create = async (item: Parameters<typeof inner.create>[0]) => {
    await inner.create(item);
    return inner.create(item);
  };
  Object.assign(sends.ports, { table: { ...inner, create } });
  expect(await sends.send()).toMatchObject({ kind: 'accepted', replayed: false });
  expect(sends.lane.taken).toHaveLength(1);
});

describe('after a crash', () => {
  test.each([
    ['before the row', afterClaim],
    ['before the lane was asked', afterRow],
    ['before it is certain that the lane was asked', afterMark],
    ['after the lane took it', afterLane],
  ])('%s, the key is held for 30 s, and then its message goes on', async (_, fault) => {
    await sends.send({ fault });
    sends.ports.advance(29 * second);
    expect(await sends.send()).toMatchObject(inProgress);
    sends.ports.advance(second);
    const { messageId } = acceptedIn(await sends.send());
    expect(sends.lane.taken).toEqual([messageId]);
    expect((await readMessage(table, messageId))?.row.createdAt).toBe('2026-01-01T00:00:00.000Z');
    const rows = (await table.all()).filter(({ sk }) => sk === 'row');
    expect(rows).toHaveLength(1);
  });

  test('of a message that was perhaps put into its lane too long ago nothing is done, and its id is told', async () => {
    await sends.send({ fault: afterMark });
    sends.ports.advance(5 * minute);
    const unknown = { kind: 'refused', code: 'outcome-unknown', messageId: expect.stringMatching(/^019b76da-/) };
    expect(await sends.send()).toMatchObject(unknown);
    expect(await sends.send()).toMatchObject(unknown);
    sends.ports.advance(23 * hour);
    await settleItems(sends.ports);
    expect(await sends.send()).toMatchObject(unknown);
    expect(sends.lane.taken).toEqual([]);
  });

  test('a message that the connector tells of was accepted, however late it is asked for', async () => {
    await sends.send({ fault: afterLane });
    const [messageId = ''] = sends.lane.taken;
    sends.ports.advance(hour);
    await applyEvent(sends.ports, submittedEvent({ messageId }));
    const found = acceptedIn(await sends.send());
    expect(found).toMatchObject({ messageId, replayed: true });
    expect(JSON.parse(found.answer)).toMatchObject({ status: 'queued' });
    expect(await sends.send()).toEqual(found);
    expect(sends.lane.taken).toHaveLength(1);
  });

  test('a message that was never put into a lane and is too old is replaced', async () => {
    const body = { to: '+447700900123', text: 'Hello', validitySeconds: 60 };
    await sends.send({ body, fault: afterRow });
    sends.ports.advance(minute);
    const { messageId } = acceptedIn(await sends.send({ body }));
    expect(sends.lane.taken).toEqual([messageId]);
    expect((await readMessage(table, messageId))?.row.createdAt).toBe('2026-01-01T00:01:00.000Z');
  });
});

describe('a message whose acceptance was broken off', () => {
  const acme = route({ carrier: 'acme' });
  const beta = route({ carrier: 'beta' });

  test('keeps its carrier, though another is bound by now', async () => {
    // Before the row, the state of both carriers is read.
    await sends.send({ routes: [acme, beta], fault: diesAfter(afterLane.call + 2) });
    await recordCarrierState(sends.ports, carrierStateEvent({ carrier: 'beta', time: at(30) }));
    sends.ports.advance(30 * second);
    const { messageId, answer } = acceptedIn(await sends.send({ routes: [acme, beta] }));
    expect(JSON.parse(answer)).toMatchObject({ carrier: 'acme' });
    expect(sends.lane.taken).toEqual([messageId]);
  });

  test('before it was put into a lane whose carrier is gone, is replaced', async () => {
    await sends.send({ routes: [acme], fault: afterRow });
    sends.ports.advance(30 * second);
    const { messageId, answer } = acceptedIn(await sends.send({ routes: [beta] }));
    expect(JSON.parse(answer)).toMatchObject({ carrier: 'beta' });
    expect(sends.lane.taken).toEqual([messageId]);
  });

  test('perhaps after it was put into a lane whose carrier is gone, is left', async () => {
    await sends.send({ routes: [acme], fault: afterMark });
    sends.ports.advance(30 * second);
    expect(await sends.send({ routes: [beta] })).toMatchObject({ code: 'outcome-unknown' });
    expect(sends.lane.taken).toEqual([]);
  });
});

describe('a lane that does not take the message', () => {
  test('for certain: the message has failed, and a retry is another one', async () => {
    sends.lane.refuseNext();
    const refused = await sends.send();
    expect(refused).toMatchObject({ kind: 'refused', code: 'unavailable' });
    const failedId = refused.kind === 'refused' ? (refused.messageId ?? '') : '';
    expect((await readMessage(table, failedId))?.row.status).toBe('failed');
    const { messageId, replayed } = acceptedIn(await sends.send());
    expect(replayed).toBe(false);
    expect(sends.lane.taken).toEqual([messageId]);
    expect(messageId).not.toBe(failedId);
  });

  test('perhaps: a retry may follow at once, and is the same message', async () => {
    const lost = await sends.send({ fault: { call: 4, when: 'after', how: 'fails' } });
    expect(lost).toMatchObject({ kind: 'refused', code: 'unavailable' });
    const { messageId } = acceptedIn(await sends.send());
    expect(lost).toMatchObject({ messageId });
    expect(sends.lane.taken).toEqual([messageId]);
  });

  test('perhaps, and then for certain: it has not failed, for it may be in the lane', async () => {
    await sends.send({ fault: { call: 4, when: 'after', how: 'fails' } });
    sends.lane.refuseNext();
    expect(await sends.send()).toMatchObject({ code: 'unavailable' });
    const { messageId } = acceptedIn(await sends.send());
    expect((await readMessage(table, messageId))?.row.status).toBe('queued');
    expect(sends.lane.taken).toEqual([messageId]);
  });
});

test('an answer that could not be kept is given all the same', async () => {
  const first = acceptedIn(await sends.send({ fault: { call: 5, when: 'before', how: 'fails' } }));
  sends.ports.advance(minute);
  const again = acceptedIn(await sends.send());
  expect(again).toMatchObject({ messageId: first.messageId, answer: first.answer });
  expect(sends.lane.taken).toHaveLength(1);
});
