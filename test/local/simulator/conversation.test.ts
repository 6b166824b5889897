import { statusName } from '../../../local/simulator/command-status.ts';
import { serverCertificate, trusted } from '../../support/dial-harness.ts';
import type { FakeClock } from '../../support/fake-clock.ts';
import { releaseAfterTest } from '../../support/release-after-test.ts';
import { type Sniffed, startSniffer } from '../../support/sniffer.ts';
import type { Carrier, Client } from './conversation/client.ts';
import { ConnectorClient } from './conversation/connector-client.ts';
import { PackageClient } from './conversation/package-client.ts';
import { type Rig, type RigOptions, startRig } from './rig.ts';

const handset = '+447700900123';
const emoji = 'Grüße 😀 из Ж';
/** Cut wherever a part ends, a pair of surrogates falls apart. */
const longEmoji = `x${'😀'.repeat(80)}`;
const longGsm = 'Your parcel is on its way. '.repeat(15);

interface Conversation<Party extends Client> extends Rig {
  readonly client: Party;
  /** The octets of its first connection. */
  readonly wire: Pick<Sniffed, 'sent' | 'received'>;
  /** Time goes on until `work` is done. */
  during<Result>(work: Promise<Result>): Promise<Result>;
}

/** The simulator and a client that is bound to it. */
async function bound<Party extends Client>(
  create: (carrier: Carrier) => Party,
  { bindMode = 'transceiver', ...options }: RigOptions & Partial<Pick<Carrier, 'bindMode'>> = {},
): Promise<Conversation<Party>> {
  const rig = await startRig(options);
  const { clock, simulator } = rig;
  const sniffer = await startSniffer({ host: '127.0.0.1', port: simulator.smsc.port });
  releaseAfterTest(() => sniffer.stop());
  const client = create({ port: sniffer.port, ca: options.ca, bindMode, clock });
  const during = <Result>(work: Promise<Result>) => whileTimeGoesOn(clock, work);
  releaseAfterTest(() => during(client.release()));
  await during(client.bind());
  const [wire] = sniffer.connections;
  if (wire === undefined) throw new Error('nobody has connected');
  return { ...rig, client, wire, during };
}

const limitMs = 60_000;

/** By steps so small that what is on a socket is read before a time-out. */
async function whileTimeGoesOn<Result>(clock: FakeClock, work: Promise<Result>): Promise<Result> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  // What is not done in time is told by name below.
  done.catch(() => {});
  const began = clock.monotonic();
  while (!isDone && clock.monotonic() < began + limitMs) await clock.advance(2);
  if (!isDone) throw new Error(`not done within ${limitMs} ms of the clock`);
  return await done;
}

/** Of each id, in whatever order they come. */
async function receiptsOf(
  { client, during }: Conversation<Client>,
  ids: readonly string[],
): Promise<Record<string, string>> {
  const receipts: Record<string, string> = {};
  for (const _ of ids) {
    const { id, stat } = await during(client.receipt());
    receipts[id] = stat;
  }
  return receipts;
}

describe.each([
  ['the package smpp', (carrier: Carrier): Client => new PackageClient(carrier)],
  ['the connector', (carrier: Carrier): Client => new ConnectorClient(carrier)],
])('with %s', (_who, create) => {
  test('a bind is seen by both', async () => {
    const { simulator } = await bound(create);
    expect(simulator.smsc.sessions.map(({ state }) => state)).toEqual([
      { kind: 'bound', command: 'bind_transceiver', systemId: 'me' },
    ]);
  });

  test.each([
    ['a short text', 'Hello €', 1],
    ['a text with emoji', emoji, 1],
    ['a long text', longGsm, 3],
    ['a long text of surrogate pairs', longEmoji, 3],
  ])('%s reaches its handset, and each part of it has a receipt', async (_what, text, parts) => {
    const conversation = await bound(create);
    const { client, simulator, during } = conversation;
    const ids = await during(client.submit(handset, text));
    expect(new Set(ids).size).toBe(parts);
    expect(simulator.handsets.messages()).toMatchObject([{ from: 'ACME', to: handset, text, parts, messageIds: ids }]);
    expect(await receiptsOf(conversation, ids)).toEqual(Object.fromEntries(ids.map((id) => [id, 'DELIVRD'])));
  });

  test.each([
    ['a short text', 'Hi € 😀'],
    ['a text of the default alphabet', 'Hi [€] @ Ω'],
    ['a long text', longGsm],
    ['a long text of surrogate pairs', longEmoji],
  ])('%s from a handset comes whole, and is acknowledged', async (_what, text) => {
    const { client, simulator, during } = await bound(create);
    const sent = simulator.sendMo({ from: handset, to: '12345', text });
    expect(await during(client.message())).toEqual({ from: handset, to: '12345', text });
    const statuses = await during(sent);
    expect(new Set(statuses)).toEqual(new Set([0]));
  });

  test('a handset that is answered for sends the text back', async () => {
    const { client, during } = await bound(create);
    await during(client.submit('+447700900915', 'ping'));
    expect(await during(client.message())).toEqual({ from: '+447700900915', to: 'ACME', text: 'ping' });
  });

  test('a message that its handset never took has a receipt that says so', async () => {
    const conversation = await bound(create);
    const { client, during } = conversation;
    const ids = await during(client.submit('+447700900901', 'to nobody'));
    expect(await receiptsOf(conversation, ids)).toEqual({ [String(ids[0])]: 'UNDELIV' });
  });

  test('what is throttled goes out again, and arrives once', async () => {
    const { client, simulator, during } = await bound(create, { change: { submits: { perSecond: { limit: 2 } } } });
    const texts = ['one of five', 'two of five', 'three of five', 'four of five', 'five of five'];
    await during(Promise.all(texts.map((text, index) => client.submit(`+44770090010${index}`, text))));
    expect(
      simulator.handsets
        .messages()
        .map(({ text }) => text)
        .sort(),
    ).toEqual(texts.toSorted());
    expect(simulator.stats()).toMatchObject({ accepted: 5, refused: { [statusName(0x58)]: expect.any(Number) } });
  });

  test('a pair of binds sends by the one, and gets receipts and messages by the other', async () => {
    const conversation = await bound(create, { bindMode: 'transmitter-receiver' });
    const { client, simulator, during } = conversation;
    const commands = simulator.smsc.sessions.map(({ state }) => state.kind === 'bound' && state.command);
    expect(commands.sort()).toEqual(['bind_receiver', 'bind_transmitter']);
    await converse(conversation);
    await during(client.unbind());
    expect(simulator.smsc.sessions).toEqual([]);
  });

  test('TLS is spoken from the first octet', async () => {
    const { certificate: cert, key } = serverCertificate;
    const conversation = await bound(create, { tls: { cert, key }, ca: trusted.certificate });
    await converse(conversation);
    await conversation.during(conversation.client.unbind());
    expect(conversation.faults).toEqual([]);
  });

  test('an unbind ends the session on both sides', async () => {
    const { client, simulator, during, faults } = await bound(create);
    await during(client.unbind());
    expect(simulator.smsc.sessions).toEqual([]);
    expect(faults).toEqual([]);
  });
});

/** A message out, its receipt, and one in. */
async function converse(conversation: Conversation<Client>): Promise<void> {
  const { client, simulator, during } = conversation;
  const ids = await during(client.submit(handset, emoji));
  expect(simulator.handsets.messages({ to: handset })).toMatchObject([{ text: emoji, messageIds: ids }]);
  expect(await receiptsOf(conversation, ids)).toEqual({ [String(ids[0])]: 'DELIVRD' });
  const sent = simulator.sendMo({ from: handset, to: '12345', text: longEmoji });
  expect(await during(client.message())).toMatchObject({ text: longEmoji });
  expect(new Set(await during(sent))).toEqual(new Set([0]));
}

describe('a link over which nobody says anything', () => {
  const everyMs = 5_000;

  test.each([
    ['the package smpp', (carrier: Carrier): Client => new PackageClient(carrier)],
    ['the connector', (carrier: Carrier): Client => new ConnectorClient(carrier)],
  ])('is probed by the simulator, and %s answers', async (_who, create) => {
    const { clock, wire } = await bound(create, { change: { connections: { enquireLinkEveryMs: everyMs } } });
    for (let ms = 0; ms < 2.5 * everyMs; ms += 100) await clock.advance(100);
    const asked = pdusOf(wire.received).filter(({ id }) => id === enquireLink);
    const answered = pdusOf(wire.sent).filter(({ id }) => id === enquireLinkResp);
    expect(asked).toHaveLength(2);
    expect(answered).toEqual(asked.map(({ sequence }) => ({ id: enquireLinkResp, status: 0, sequence })));
  });

  test('is probed by the connector, and the simulator answers', async () => {
    const { clock, wire } = await bound((carrier) => new ConnectorClient(carrier));
    // After 20 s of silence; without an answer for 10 s the connector would end the session.
    for (let seconds = 0; seconds < 45; seconds += 1) await clock.advance(1_000);
    expect(pdusOf(wire.sent).map(({ id }) => id)).toEqual([bindTransceiver, enquireLink, enquireLink]);
    expect(pdusOf(wire.received).map(({ id }) => id)).toEqual([bindTransceiverResp, enquireLinkResp, enquireLinkResp]);
  });

  test('is probed by the package smpp, and the simulator answers', async () => {
    const { client, during } = await bound((carrier) => new PackageClient(carrier));
    expect(await during(client.ask('enquire_link'))).toMatchObject({ command: 'enquire_link_resp', command_status: 0 });
  });
});

describe('with the package smpp alone, for the connector never asks', () => {
  const create = (carrier: Carrier) => new PackageClient(carrier);
  const offHandset = '+447700900904';
  const [delivered, enroute, deleted] = [2, 1, 4];

  test('query_sm tells what became of a message', async () => {
    const { client, during } = await bound(create);
    const [id] = await during(client.submit(handset, 'delivered'));
    const [other] = await during(client.submit(offHandset, 'not yet'));
    const query = (message_id: unknown) =>
      during(client.ask('query_sm', { message_id, source_addr_ton: 5, source_addr_npi: 0, source_addr: 'ACME' }));
    expect(await query(id)).toMatchObject({ command_status: 0, message_id: id, message_state: delivered });
    expect(await query(other)).toMatchObject({ command_status: 0, message_id: other, message_state: enroute });
    expect(statusName((await query('none')).command_status)).toBe('ESME_RQUERYFAIL');
  });

  test('cancel_sm takes back what has not arrived', async () => {
    const conversation = await bound(create);
    const { client, simulator, during } = conversation;
    const [id] = await during(client.submit(offHandset, 'on second thoughts'));
    const source = { source_addr_ton: 5, source_addr_npi: 0, source_addr: 'ACME' };
    const destination = { dest_addr_ton: 1, dest_addr_npi: 1, destination_addr: offHandset.slice(1) };
    const cancel = () => during(client.ask('cancel_sm', { message_id: id, ...source, ...destination }));
    expect(await cancel()).toMatchObject({ command: 'cancel_sm_resp', command_status: 0 });
    expect(await during(client.ask('query_sm', { message_id: id, ...source }))).toMatchObject({
      message_state: deleted,
    });
    expect(await receiptsOf(conversation, [String(id)])).toEqual({ [String(id)]: 'DELETED' });
    expect(statusName((await cancel()).command_status)).toBe('ESME_RCANCELFAIL');
    simulator.handsets.set(offHandset, { state: 'on' });
    expect(simulator.handsets.messages({ to: offHandset })).toEqual([]);
  });
});

const bindTransceiver = 0x00000009;
const bindTransceiverResp = 0x80000009;
const enquireLink = 0x00000015;
const enquireLinkResp = 0x80000015;

interface Header {
  readonly id: number;
  readonly status: number;
  readonly sequence: number;
}

function pdusOf(octets: Buffer): Header[] {
  const headers: Header[] = [];
  for (let at = 0; at < octets.length; at += octets.readUInt32BE(at)) {
    const [id, status, sequence] = [4, 8, 12].map((field) => octets.readUInt32BE(at + field)) as [
      number,
      number,
      number,
    ];
    headers.push({ id, status, sequence });
  }
  return headers;
}
