import { connect } from 'node:net';
import type { CarrierProfileInput } from '#contract/carrier.ts';
import type { RequestOutcome } from '../../../connector/smpp/pending.ts';
import type { DeliverSm, Respond } from '../../../connector/smpp/session.ts';
import { submitSmsOf } from '../../../connector/smpp/submit-sm.ts';
import { type BindState, Transceiver } from '../../../connector/smpp/transceiver.ts';
import { profile, sms } from '../../support/connector-factories.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import {
  type Conversation,
  drop,
  freeze,
  hangUp,
  hold,
  inTurn,
  ok,
  refuse,
  type ScriptedSmsc,
  sendRaw,
  silence,
  startScriptedSmsc,
} from '../../support/scripted-smsc.ts';

const never = new AbortController().signal;
const [submitSm] = submitSmsOf(sms());
const throttled = 0x58;

interface Harness {
  readonly smsc: ScriptedSmsc;
  readonly transceiver: Transceiver;
  readonly clock: FakeClock;
  readonly oddities: string[];
  /** The next state that no earlier call gave. */
  state(): Promise<BindState>;
  submit(): Promise<RequestOutcome>;
}

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const { stop } of running.splice(0)) await stop();
});

async function start(
  conversations: readonly Conversation[],
  given: Partial<CarrierProfileInput> & {
    onDeliver?: (pdu: DeliverSm, respond: Respond) => Promise<void>;
    readPassword?: () => string;
    maxDelivering?: number;
  } = {},
): Promise<Harness> {
  const {
    onDeliver = async (_pdu, respond) => void respond(0),
    readPassword = () => 'secret',
    maxDelivering = 2,
    ...fields
  } = given;
  const smsc = await startScriptedSmsc(conversations);
  const carrier = profile({ hosts: [{ host: smsc.host, port: smsc.port }], ...fields });
  const clock = new FakeClock();
  const oddities: string[] = [];
  const states = queueOf<BindState>();
  const transceiver = new Transceiver({
    profile: carrier,
    clock,
    random: () => 1,
    link: { idleMs: carrier.enquireLink.idleMs, responseMs: carrier.enquireLink.timeoutMs },
    responseTimeoutMs: carrier.responseTimeoutMs,
    deliverRetryStatus: carrier.deliverRetryStatus,
    maxDelivering,
    openSocket: (to) => connect({ ...to, noDelay: true }),
    readPassword: async () => readPassword(),
    onDeliver,
    onOddity: (what) => oddities.push(what),
    onState: (state) => states.push(state),
  });
  transceiver.start();
  const stop = async () => {
    // A peer that froze is not waited for.
    const stopped = transceiver.stop();
    await clock.advance(60_000);
    await smsc.stop();
    await stopped;
  };
  running.push({ stop });
  return {
    smsc,
    transceiver,
    clock,
    oddities,
    state: () => states.shift(),
    async submit() {
      const slot = await transceiver.acquire('normal', never);
      if (slot === undefined || submitSm === undefined) throw new Error('no slot');
      try {
        return await slot.submit(submitSm);
      } finally {
        slot.release();
      }
    },
  };
}

/** What is pushed, one at a time, to whoever awaits it. */
function queueOf<Item>() {
  const items: Item[] = [];
  const waiting: ((item: Item) => void)[] = [];
  return {
    push(item: Item): void {
      const taker = waiting.shift();
      if (taker === undefined) items.push(item);
      else taker(item);
    },
    shift(): Promise<Item> {
      const item = items.shift();
      return item === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(item);
    },
  };
}

describe('binding', () => {
  test('carries what the profile says, version 0x34 by default (quirk 45)', async () => {
    const { smsc, state } = await start([{}], {
      systemId: 'me',
      systemType: 'VMA',
      addressRange: '^44',
      bindTon: 1,
      bindNpi: 2,
    });
    await expect(state()).resolves.toMatchObject({ kind: 'bound', host: { port: smsc.port } });
    await expect(smsc.next('bind_transceiver')).resolves.toMatchObject({
      system_id: 'me',
      password: 'secret',
      system_type: 'VMA',
      interface_version: 0x34,
      addr_ton: 1,
      addr_npi: 2,
      address_range: '^44',
    });
  });

  test('that is refused says why by name, and is tried again with the password of that moment', async () => {
    const passwords = ['old', 'new'];
    const { smsc, state, clock } = await start([{ bind_transceiver: [refuse(0x0d), ok()] }], {
      readPassword: () => passwords.shift() ?? 'none left',
    });
    await expect(state()).resolves.toMatchObject({
      kind: 'unbound',
      reason: expect.stringContaining('ESME_RBINDFAIL'),
    });
    await clock.advance(250);
    const [first, second] = await smsc.atLeast(2, 'bind_transceiver');
    expect([first?.password, second?.password]).toEqual(['old', 'new']);
  });

  test('with a wrong password is tried again after five minutes only, lest the account be locked (quirk 52)', async () => {
    const { smsc, state, clock } = await start([{ bind_transceiver: refuse(0x0e) }]);
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', commandStatus: 0x0e });
    await clock.advance(299_000);
    expect(smsc.connections).toHaveLength(1);
    await clock.advance(1_000);
    await smsc.connection(2);
  });

  test.each([
    ['silence', silence],
    ['another command’s response', sendRaw(Buffer.from('00000010800000150000000000000001', 'hex'))],
  ])('answered by %s is given up after bindTimeoutMs', async (_what, reply) => {
    const { smsc, state, clock } = await start([{ bind_transceiver: reply }]);
    await smsc.next('bind_transceiver');
    await clock.advance(15_000);
    await expect(state()).resolves.toMatchObject({ kind: 'unbound' });
  });

  test('is tried at the next host when the first cannot be reached (quirk 57)', async () => {
    const down = await startScriptedSmsc();
    await down.stop();
    const up = await startScriptedSmsc();
    running.push({ stop: () => up.stop() });
    const { state, clock } = await start([{}], {
      hosts: [
        { host: down.host, port: down.port },
        { host: up.host, port: up.port },
      ],
    });
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', host: { port: down.port } });
    await clock.advance(250);
    await expect(state()).resolves.toMatchObject({ kind: 'bound', host: { port: up.port } });
  });

  test('returns to the first host after a session that lasted', async () => {
    const other = await startScriptedSmsc();
    running.push({ stop: () => other.stop() });
    const first = await startScriptedSmsc([{ enquire_link: drop }, {}]);
    running.push({ stop: () => first.stop() });
    const hosts = [first, other].map(({ host, port }) => ({ host, port }));
    const { state, clock } = await start([{}], { hosts });
    await expect(state()).resolves.toMatchObject({ kind: 'bound', host: { port: first.port } });
    await clock.advance(20_000);
    await expect(state()).resolves.toMatchObject({ kind: 'unbound' });
    await clock.advance(250);
    await expect(state()).resolves.toMatchObject({ kind: 'bound', host: { port: first.port } });
  });

  test('starts anew on a new connection after the link was cut', async () => {
    const { smsc, state, clock } = await start([{ enquire_link: drop }, {}]);
    await expect(state()).resolves.toMatchObject({ kind: 'bound' });
    await clock.advance(20_000);
    await expect(state()).resolves.toMatchObject({ kind: 'unbound' });
    await clock.advance(250);
    await expect(state()).resolves.toMatchObject({ kind: 'bound' });
    expect(smsc.connections).toHaveLength(2);
  });

  test('that succeeds and is dropped at once, again and again, is not hammered', async () => {
    const { smsc, state, clock } = await start([{ bind_transceiver: inTurn(ok(), hangUp) }]);
    for (const delayMs of [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000]) {
      await expect(state()).resolves.toMatchObject({ kind: 'bound' });
      await expect(state()).resolves.toMatchObject({ kind: 'unbound' });
      const before = smsc.connections.length;
      await clock.advance(delayMs - 1);
      expect(smsc.connections).toHaveLength(before);
      await clock.advance(1);
    }
  });
});

describe('a submit', () => {
  test('gets the response of the SMSC', async () => {
    const { submit } = await start([{}]);
    await expect(submit()).resolves.toMatchObject({
      kind: 'answered',
      response: { command: 'submit_sm_resp', commandStatus: 0, messageId: '1' },
    });
  });

  test.each([
    ['a header alone', refuse(throttled)],
    [
      'a body',
      (request, connection) => connection.write(request.response({ command_status: throttled, message_id: 'x' })),
    ] satisfies [string, Conversation[string]],
  ])('that is refused with %s gets the status (quirk 41)', async (_what, reply) => {
    const { submit } = await start([{ submit_sm: reply }]);
    await expect(submit()).resolves.toMatchObject({ kind: 'answered', response: { commandStatus: throttled } });
  });

  test('that is answered by generic_nack gets the nack (quirk 47)', async () => {
    const nack = sendRaw(Buffer.from('00000010800000000000000300000002', 'hex'));
    const { submit } = await start([{ submit_sm: nack }]);
    await expect(submit()).resolves.toMatchObject({
      kind: 'answered',
      response: { command: 'generic_nack', commandStatus: 3 },
    });
  });

  test('that is never answered is unanswered after responseTimeoutMs, and its late answer harmless', async () => {
    const { smsc, submit, clock, oddities, transceiver } = await start([{ submit_sm: [hold(), ok()] }], {
      responseTimeoutMs: 5_000,
    });
    const outcome = submit();
    await smsc.next('submit_sm');
    await clock.advance(5_000);
    await expect(outcome).resolves.toEqual({ kind: 'unanswered', why: 'timeout' });
    smsc.held.release();
    await expect(submit()).resolves.toMatchObject({ kind: 'answered' });
    expect(oddities).toContain('response to no request');
    expect(transceiver.bound).toBe(true);
  });

  test('whose session is lost is unanswered: it may have been accepted (quirk 56)', async () => {
    const { submit } = await start([{ submit_sm: drop }, {}]);
    await expect(submit()).resolves.toEqual({ kind: 'unanswered', why: 'session-ended' });
  });

  test('waits for the bind, and for room in the window', async () => {
    const { smsc, submit } = await start([{ bind_transceiver: hold(), submit_sm: hold() }], { window: 2 });
    const outcomes = [submit(), submit(), submit()];
    await smsc.next('bind_transceiver');
    expect(smsc.receivedOf('submit_sm')).toHaveLength(0);
    smsc.held.release();
    const [first] = await smsc.atLeast(2, 'submit_sm');
    expect(smsc.receivedOf('submit_sm')).toHaveLength(2);
    if (first !== undefined) smsc.held.release(first);
    await smsc.atLeast(3, 'submit_sm');
    smsc.held.release();
    for (const outcome of outcomes) await expect(outcome).resolves.toMatchObject({ kind: 'answered' });
  });

  test('is answered out of order without harm', async () => {
    const { smsc, submit } = await start([{ submit_sm: hold() }]);
    const outcomes = [submit(), submit()];
    const [first, second] = await smsc.atLeast(2, 'submit_sm');
    if (first === undefined || second === undefined) throw new Error('two were awaited');
    smsc.held.release(second, first);
    await expect(outcomes[0]).resolves.toMatchObject({ response: { messageId: '2' } });
    await expect(outcomes[1]).resolves.toMatchObject({ response: { messageId: '1' } });
  });
});

describe('the link', () => {
  test('that is silent is asked after idleMs, and stays when the peer answers', async () => {
    const { smsc, clock, state, transceiver } = await start([{}]);
    await state();
    await clock.advance(19_999);
    expect(smsc.receivedOf('enquire_link')).toHaveLength(0);
    await clock.advance(1);
    await smsc.next('enquire_link');
    await clock.advance(20_000);
    await smsc.next('enquire_link');
    expect(transceiver.bound).toBe(true);
  });

  test('whose peer froze is closed after idleMs and timeoutMs, and bound anew (demand 7, quirk 55)', async () => {
    const { smsc, clock, state } = await start([{ enquire_link: freeze }, {}]);
    await state();
    await clock.advance(20_000);
    await smsc.next('enquire_link');
    await clock.advance(10_000);
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', reason: 'peer-silent' });
    await clock.advance(250);
    await expect(state()).resolves.toMatchObject({ kind: 'bound' });
  });

  test('answers the peer’s enquire_link, before the bind too (quirk 48)', async () => {
    const { smsc, state } = await start([{ bind_transceiver: hold() }]);
    await smsc.next('bind_transceiver');
    await expect(smsc.send('enquire_link')).resolves.toMatchObject({ command: 'enquire_link_resp', command_status: 0 });
    smsc.held.release();
    await state();
    await expect(smsc.send('enquire_link')).resolves.toMatchObject({ command: 'enquire_link_resp' });
  });

  test('answers the peer’s unbind, and binds anew', async () => {
    const { smsc, state, clock } = await start([{}]);
    await state();
    await expect(smsc.send('unbind')).resolves.toMatchObject({ command: 'unbind_resp' });
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', reason: 'unbound' });
    await clock.advance(250);
    await expect(state()).resolves.toMatchObject({ kind: 'bound' });
  });

  test('answers a command it does not know with generic_nack, and holds (quirk 49)', async () => {
    const { smsc, state, transceiver } = await start([{}]);
    await state();
    const connection = await smsc.connection(1);
    connection.sendRaw(Buffer.from('00000010000001110000000000000007', 'hex'));
    await expect(smsc.next('generic_nack')).resolves.toMatchObject({ command_status: 3, sequence_number: 7 });
    expect(transceiver.bound).toBe(true);
  });

  test('to a port that speaks HTTP says so (quirk 50)', async () => {
    const { state } = await start([{ bind_transceiver: sendRaw(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')) }]);
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', reason: expect.stringContaining('speaks HTTP') });
  });
});

describe('a deliver_sm', () => {
  test('is answered when its handler says so, not before', async () => {
    const handled = queueOf<Respond>();
    const { smsc, state } = await start([{}], { onDeliver: async (_pdu, respond) => handled.push(respond) });
    await state();
    const answer = smsc.send('deliver_sm', { short_message: Buffer.from('hi') });
    const respond = await handled.shift();
    await smsc.send('enquire_link');
    expect(smsc.receivedOf('deliver_sm_resp')).toHaveLength(0);
    expect(respond(0)).toBe(true);
    await expect(answer).resolves.toMatchObject({ command: 'deliver_sm_resp', command_status: 0 });
  });

  test('whose handler fails is answered with a status on which the SMSC tries again (quirk 61)', async () => {
    const { smsc, state, oddities } = await start([{}], { onDeliver: () => Promise.reject(new Error('no SNS')) });
    await state();
    await expect(smsc.send('deliver_sm')).resolves.toMatchObject({ command_status: 0x58 });
    expect(oddities).toEqual(['deliver_sm could not be handled']);
  });

  test('over the number handled at once is answered the same (quirk 62)', async () => {
    const handled = queueOf<Respond>();
    const { smsc, state } = await start([{}], {
      onDeliver: async (_pdu, respond) => {
        handled.push(respond);
        await new Promise(() => {});
      },
    });
    await state();
    void smsc.send('deliver_sm').catch(() => {});
    void smsc.send('deliver_sm').catch(() => {});
    await expect(smsc.send('deliver_sm')).resolves.toMatchObject({ command_status: 0x58 });
  });

  test('whose session is over before the answer tells the handler that it was not written', async () => {
    const handled = queueOf<Respond>();
    const { smsc, state } = await start([{}], { onDeliver: async (_pdu, respond) => handled.push(respond) });
    await state();
    void smsc.send('deliver_sm').catch(() => {});
    const respond = await handled.shift();
    smsc.connections[0]?.drop();
    await expect(state()).resolves.toMatchObject({ kind: 'unbound' });
    expect(respond(0)).toBe(false);
  });

  test('with a sequence number over 0x7fffffff is answered with the same', async () => {
    const { smsc, state } = await start([{}]);
    await state();
    const connection = await smsc.connection(1);
    connection.sendRaw(Buffer.from('0000001000000015000000 00ffffffff'.replaceAll(' ', ''), 'hex'));
    await expect(smsc.next('enquire_link_resp')).resolves.toMatchObject({ sequence_number: 0xffffffff });
  });
});

describe('stop', () => {
  test('unbinds and closes', async () => {
    const { smsc, state, transceiver } = await start([{}]);
    await state();
    await transceiver.stop();
    expect(smsc.receivedOf('unbind')).toHaveLength(1);
    await smsc.connections[0]?.closed;
    expect(transceiver.bound).toBe(false);
  });

  test('ends also when the peer never answers the unbind', async () => {
    const { smsc, state, transceiver, clock } = await start([{ unbind: freeze }]);
    await state();
    const stopped = transceiver.stop();
    await smsc.next('unbind');
    await clock.advance(2_000);
    await stopped;
  });

  test('settles what awaits an answer as unanswered', async () => {
    const { smsc, submit, transceiver } = await start([{ submit_sm: silence }]);
    const outcome = submit();
    await smsc.next('submit_sm');
    await transceiver.stop();
    await expect(outcome).resolves.toEqual({ kind: 'unanswered', why: 'session-ended' });
  });

  test('leaves no timer behind', async () => {
    const { state, transceiver, clock } = await start([{}]);
    await state();
    await transceiver.stop();
    expect(clock.pending).toBe(0);
  });

  test('in the middle of a bind ends it', async () => {
    const { smsc, transceiver, clock } = await start([{ bind_transceiver: silence }]);
    await smsc.next('bind_transceiver');
    await transceiver.stop();
    expect(clock.pending).toBe(0);
  });
});
