import type { LookupFunction } from 'node:net';
import { dial } from '../../../connector/smpp/dial.ts';
import { normal } from '../../support/connector-factories.ts';
import { releaseAfterTest } from '../../support/release-after-test.ts';
import {
  type Conversation,
  hold,
  refuse,
  type ScriptedSmsc,
  silence,
  startScriptedSmsc,
} from '../../support/scripted-smsc.ts';
import { startTransceiver } from '../../support/transceiver-harness.ts';

/** As many SMSCs, each with one conversation. */
async function startHosts(...conversations: readonly Conversation[]): Promise<ScriptedSmsc[]> {
  const smscs = await Promise.all(conversations.map((conversation) => startScriptedSmsc([conversation])));
  for (const smsc of smscs) releaseAfterTest(() => smsc.stop());
  return smscs;
}

const hostsOf = (smscs: readonly ScriptedSmsc[]) => smscs.map(({ host, port }) => ({ host, port }));
const at = ({ port }: ScriptedSmsc) => ({ host: { port } });

/** Time moves faster here than a peer can answer. */
const patient = { enquireLink: { idleMs: 3_600_000 }, responseTimeoutMs: 3_600_000 };

describe('with two hosts', () => {
  test('the second is asked at once when the first cannot be reached (quirk 57)', async () => {
    const [first, second] = (await startHosts({}, {})) as [ScriptedSmsc, ScriptedSmsc];
    await first.goDown();
    const { state } = await startTransceiver([{}], { hosts: hostsOf([first, second]) });
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', nextTryMs: 0, ...at(first) });
    await expect(state()).resolves.toMatchObject({ kind: 'bound', ...at(second) });
  });

  test('the second is not asked with credentials that the first does not take', async () => {
    const [first, second] = (await startHosts({ bind_transceiver: refuse(0x0e) }, {})) as [ScriptedSmsc, ScriptedSmsc];
    const { state, clock } = await startTransceiver([{}], { hosts: hostsOf([first, second]) });
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', nextTryMs: 300_000, ...at(first) });
    await clock.advance(299_999);
    expect([first.connections.length, second.connections.length]).toEqual([1, 0]);
    await clock.advance(1);
    await first.connection(2);
  });

  test('the first is bound again, once it can be reached, after the window is finished', async () => {
    const [first, second] = (await startHosts({}, { submit_sm: hold() })) as [ScriptedSmsc, ScriptedSmsc];
    await first.goDown();
    const { state, clock, submit, transceiver } = await startTransceiver([{}], {
      hosts: hostsOf([first, second]),
      ...patient,
    });
    await state();
    await expect(state()).resolves.toMatchObject({ kind: 'bound', ...at(second) });
    // It is looked for in vain.
    await clock.advance(300_000);
    await first.comeUp();
    const outcome = submit();
    await second.next('submit_sm');
    await clock.advance(299_000);
    expect(first.connections).toHaveLength(0);
    await clock.advance(1_000);
    await (await first.connection(1)).closed;
    expect(first.received).toEqual([]);
    expect(second.receivedOf('unbind')).toEqual([]);
    second.held.release();
    await expect(outcome).resolves.toMatchObject({ kind: 'answered' });
    await expect(state()).resolves.toMatchObject({
      kind: 'unbound',
      end: { why: 'returning' },
      nextTryMs: 0,
      ...at(second),
    });
    await expect(state()).resolves.toMatchObject({ kind: 'bound', ...at(first) });
    await expect(submit()).resolves.toMatchObject({ kind: 'answered' });
    await transceiver.stop();
    expect(clock.pending).toBe(0);
  });

  test('whoever waits for a slot meanwhile sends to the first', async () => {
    const [first, second] = (await startHosts({}, { submit_sm: hold() })) as [ScriptedSmsc, ScriptedSmsc];
    await first.goDown();
    const { state, clock, submit } = await startTransceiver([{}], { hosts: hostsOf([first, second]), ...patient });
    await state();
    await state();
    const early = submit();
    await second.next('submit_sm');
    await first.comeUp();
    await clock.advance(300_000);
    await (await first.connection(1)).closed;
    const late = submit();
    second.held.release();
    await expect(early).resolves.toMatchObject({ kind: 'answered' });
    await expect(late).resolves.toMatchObject({ kind: 'answered' });
    expect([first, second].map((smsc) => smsc.receivedOf('submit_sm').length)).toEqual([1, 1]);
  });

  test('a slot that is held and not used keeps the second for responseTimeoutMs, and no stop', async () => {
    const { smsc, state, clock, submit, transceiver } = await startTransceiver([{}], {
      maxMessagesPerSession: 1,
      enquireLink: patient.enquireLink,
    });
    await state();
    await transceiver.acquire(normal, new AbortController().signal);
    await submit();
    await clock.advance(29_999);
    expect(smsc.receivedOf('unbind')).toEqual([]);
    await clock.advance(1);
    await expect(state()).resolves.toMatchObject({ end: { why: 'renewing' } });
    await expect(state()).resolves.toMatchObject({ kind: 'bound' });
    await submit();
    await transceiver.stop();
    expect(clock.pending).toBe(0);
  });

  test('an answer that does not come does not keep the second for ever', async () => {
    const [first, second] = (await startHosts({}, { submit_sm: silence, enquire_link: silence })) as [
      ScriptedSmsc,
      ScriptedSmsc,
    ];
    await first.goDown();
    const { state, clock, submit } = await startTransceiver([{}], {
      hosts: hostsOf([first, second]),
      reconnect: { returnAfterMs: 1_000 },
      enquireLink: patient.enquireLink,
    });
    await state();
    await state();
    const outcome = submit();
    await second.next('submit_sm');
    await first.comeUp();
    await clock.advance(1_000);
    await first.connection(1);
    await clock.advance(30_000);
    await expect(outcome).resolves.toEqual({ kind: 'unanswered', why: 'timeout' });
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', end: { why: 'returning' } });
    await expect(state()).resolves.toMatchObject({ kind: 'bound', ...at(first) });
  });

  test('the second stays until its session ends when returnAfterMs is 0', async () => {
    const [first, second] = (await startHosts({}, {})) as [ScriptedSmsc, ScriptedSmsc];
    await first.goDown();
    const { state, clock } = await startTransceiver([{}], {
      hosts: hostsOf([first, second]),
      reconnect: { returnAfterMs: 0 },
      ...patient,
    });
    await state();
    await state();
    await first.comeUp();
    await clock.advance(3_000_000);
    expect(first.connections).toHaveLength(0);
    await second.goDown();
    await state();
    await clock.advance(250);
    // It served until now, so it is asked again before the first is.
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', nextTryMs: 0, ...at(second) });
    await expect(state()).resolves.toMatchObject({ kind: 'bound', ...at(first) });
  });

  test('a stop while the first is looked for leaves nothing behind', async () => {
    const [first, second] = (await startHosts({}, {})) as [ScriptedSmsc, ScriptedSmsc];
    await first.goDown();
    const { state, clock, transceiver } = await startTransceiver([{}], { hosts: hostsOf([first, second]) });
    await state();
    await state();
    await transceiver.stop();
    expect(clock.pending).toBe(0);
  });
});

test('an SMSC that was away is bound within ten seconds of its return (demand 7)', async () => {
  const { smsc, state, clock } = await startTransceiver([{}]);
  await state();
  await smsc.goDown();
  let told = await state();
  // Long enough for the delay to be at its ceiling.
  for (let attempt = 0; attempt < 12 && told.kind === 'unbound'; attempt += 1) {
    await clock.advance(told.nextTryMs ?? 0);
    told = await state();
  }
  await smsc.comeUp();
  await clock.advance(10_000);
  await expect(state()).resolves.toMatchObject({ kind: 'bound' });
});

test('an SMSC that was away behind a balancer, which takes connections all the same, is bound as soon', async () => {
  const away = Array.from({ length: 8 }, () => ({ bind_transceiver: silence }));
  const { smsc, state, clock } = await startTransceiver([...away, {}]);
  for (let attempt = 1; attempt <= 8; attempt += 1) {
    await smsc.atLeast(attempt, 'bind_transceiver');
    await clock.advance(8_000);
    // It may have returned right after it swallowed the bind: with the attempt that is what counts.
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', nextTryMs: 0 });
  }
  await expect(state()).resolves.toMatchObject({ kind: 'bound' });
});

test('a name is resolved for each connection: one that fails, then works, then changes', async () => {
  const answers = [
    () => Object.assign(new Error('queryA ENOTFOUND smsc.example.com'), { code: 'ENOTFOUND' }),
    () => '127.0.0.2',
    () => '127.0.0.1',
    () => '127.0.0.2',
    () => '127.0.0.1',
  ];
  const asked: string[] = [];
  const lookup: LookupFunction = (name, _options, tell) => {
    asked.push(name);
    const answer = answers.shift()?.() ?? '127.0.0.1';
    if (typeof answer === 'string') tell(null, [{ address: answer, family: 4 }]);
    else tell(answer, '');
  };
  const behind = await startScriptedSmsc();
  releaseAfterTest(() => behind.stop());
  const { state, clock } = await startTransceiver([{}], {
    hosts: [{ host: 'smsc.example.com', port: behind.port }],
    connect: (to, stop, onStep) => dial(to, { tls: false, lookup }, stop, onStep),
  });
  const next = async () => {
    const told = await state();
    if (told.kind === 'unbound') await clock.advance(told.nextTryMs ?? 0);
    return told.kind === 'bound' ? told.kind : told.reason;
  };
  expect(await next()).toContain('ENOTFOUND');
  expect(await next()).toContain('ECONNREFUSED 127.0.0.2');
  expect(await next()).toBe('bound');
  behind.connections[0]?.drop();
  expect(await next()).toBe('the connection was closed: read ECONNRESET');
  expect(await next()).toContain('ECONNREFUSED 127.0.0.2');
  expect(await next()).toBe('bound');
  expect(asked).toHaveLength(5);
});

describe('maxMessagesPerSession (quirk 58)', () => {
  test('ends a session after so many submit_sm, when the last is answered, and begins another at once', async () => {
    const { smsc, state, submit, clock } = await startTransceiver([{ submit_sm: hold() }, {}], {
      maxMessagesPerSession: 3,
    });
    await state();
    const outcomes = [submit(), submit(), submit(), submit()];
    await smsc.atLeast(3, 'submit_sm');
    expect(smsc.receivedOf('unbind')).toEqual([]);
    smsc.held.release();
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', end: { why: 'renewing' }, nextTryMs: 250 });
    await clock.advance(250);
    await expect(state()).resolves.toMatchObject({ kind: 'bound' });
    for (const outcome of await Promise.all(outcomes.slice(0, 3))) expect(outcome).toMatchObject({ kind: 'answered' });
    // It had a slot, so it comes back to its owner, who tries again.
    await expect(outcomes[3]).resolves.toEqual({ kind: 'not-written' });
    await expect(submit()).resolves.toMatchObject({ kind: 'answered' });
    const [first, second] = smsc.connections.map(({ received }) => received.map(({ command }) => command));
    expect(first).toEqual(['bind_transceiver', 'submit_sm', 'submit_sm', 'submit_sm', 'unbind']);
    expect(second).toEqual(['bind_transceiver', 'submit_sm']);
  });

  test('counts each session by itself', async () => {
    const { smsc, state, submit, clock } = await startTransceiver([{}], { maxMessagesPerSession: 2 });
    await state();
    await submit();
    smsc.connections[0]?.drop();
    await state();
    await clock.advance(250);
    await state();
    await submit();
    await submit();
    await state();
    expect(
      smsc.connections.map(({ received }) => received.filter(({ command }) => command === 'submit_sm').length),
    ).toEqual([1, 2]);
  });
});
