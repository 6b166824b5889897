import type { Socket } from 'node:net';
import { accountsOf } from '../../../connector/smpp/account.ts';
import { dial } from '../../../connector/smpp/dial.ts';
import type { Host } from '../../../connector/smpp/host.ts';
import { type BindState, KeptBind, type KeptBindOptions } from '../../../connector/smpp/kept-bind.ts';
import { queueOf } from '../../support/awaited-queue.ts';
import { profile } from '../../support/connector-factories.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { releaseAfterTest } from '../../support/release-after-test.ts';
import { startScriptedSmsc } from '../../support/scripted-smsc.ts';

type Connect = KeptBindOptions['connect'];

/** Hosts A (preferred) and B, both at one SMSC that binds whoever comes; `connect` says whether each can be reached. */
async function keepBind(connect: (host: string, really: () => Promise<Socket>, stop: AbortSignal) => Promise<Socket>) {
  const smsc = await startScriptedSmsc();
  releaseAfterTest(() => smsc.stop());
  const carrier = profile({
    hosts: [{ host: 'a.example' }, { host: 'b.example' }],
    reconnect: { returnAfterMs: 1_000 },
    enquireLink: { idleMs: 3_600_000 },
  });
  const [account] = accountsOf(carrier);
  if (account === undefined) throw new Error('a carrier has an account');
  const clock = new FakeClock();
  const states = queueOf<BindState>();
  const connectTo: Connect = ({ host }: Host, stop) =>
    connect(host, () => dial({ host: smsc.host, port: smsc.port }, { tls: false }, stop), stop);
  const bind = new KeptBind({
    account,
    bindTimeoutMs: carrier.bindTimeoutMs,
    tls: false,
    reconnect: carrier.reconnect,
    connect: connectTo,
    readPassword: async () => 'secret',
    random: () => 1,
    clock,
    link: { idleMs: carrier.enquireLink.idleMs, responseMs: carrier.enquireLink.timeoutMs },
    responseTimeoutMs: carrier.responseTimeoutMs,
    deliverRetryStatus: carrier.deliverRetryStatus,
    maxDelivering: 1,
    onDeliver: async () => {},
    onOddity: () => {},
    onState: (state) => states.push(state),
    beforeRetiring: async () => {},
  });
  releaseAfterTest(() => bind.stop());
  bind.start();
  return { bind, smsc, clock, state: () => states.shift() };
}

const refused = () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));

test('a stop in the turn of the bind’s answer ends the session that nobody else would', async () => {
  const { bind, smsc, clock, state } = await keepBind((_host, really) => really());
  const told = await state();
  expect(told.kind).toBe('bound');
  await bind.stop();
  expect(smsc.receivedOf('unbind')).toHaveLength(1);
  expect(clock.pending).toBe(0);
});

test('a preferred host that never says whether it can be reached is given up after bindTimeoutMs, and looked for again', async () => {
  let looked = 0;
  const { clock, state } = await keepBind((host, really, stop) => {
    if (host === 'b.example') return really();
    looked += 1;
    return looked === 1
      ? refused()
      : new Promise((_, reject) => stop.addEventListener('abort', () => reject(stop.reason)));
  });
  await state();
  await expect(state()).resolves.toMatchObject({ kind: 'bound', host: { host: 'b.example' } });
  await clock.advance(1_000);
  expect(looked).toBe(2);
  await clock.advance(8_000);
  await clock.advance(1_000);
  expect(looked).toBe(3);
});

test('the end of the session ends the look for the preferred host', async () => {
  const looks: AbortSignal[] = [];
  const { bind, clock, state } = await keepBind((host, really, stop) => {
    if (host === 'b.example') return really();
    looks.push(stop);
    return looks.length === 1
      ? refused()
      : new Promise((_, reject) => stop.addEventListener('abort', () => reject(stop.reason)));
  });
  await state();
  await state();
  await clock.advance(1_000);
  expect(looks.map(({ aborted }) => aborted)).toEqual([false, false]);
  await bind.stop();
  expect(looks[1]?.aborted).toBe(true);
  expect(clock.pending).toBe(0);
});

test('a preferred host that can be reached and does not take the bind is looked for ever more seldom', async () => {
  let isLook = false;
  const asked: number[] = [];
  const { clock, state } = await keepBind((host, really) => {
    if (host === 'b.example') return really();
    asked.push(clock.monotonic());
    isLook = !isLook;
    // The first is an attempt, then each look is followed by one.
    return isLook ? refused() : really();
  });
  await state();
  let boundAt = clock.monotonic();
  await expect(state()).resolves.toMatchObject({ kind: 'bound', host: { host: 'b.example' } });
  for (const seconds of [1, 2, 4, 8, 16, 32, 64, 64]) {
    const before = asked.length;
    await clock.advance(seconds * 1_000 - 1);
    expect(asked).toHaveLength(before);
    await clock.advance(1);
    expect(asked.at(before)).toBe(boundAt + seconds * 1_000);
    await expect(state()).resolves.toMatchObject({ end: { why: 'returning' } });
    await expect(state()).resolves.toMatchObject({ end: { kind: 'unreachable' }, host: { host: 'a.example' } });
    await expect(state()).resolves.toMatchObject({ kind: 'bound', host: { host: 'b.example' } });
    boundAt = clock.monotonic();
  }
});

test('a preferred host that was bound meanwhile is looked for as often as at first', async () => {
  let canReach = false;
  let looked = 0;
  const { smsc, clock, state } = await keepBind((host, really) => {
    if (host === 'b.example') return really();
    looked += 1;
    return canReach ? really() : refused();
  });
  await state();
  await state();
  canReach = true;
  await clock.advance(1_000);
  await expect(state()).resolves.toMatchObject({ kind: 'unbound', end: { why: 'returning' } });
  await expect(state()).resolves.toMatchObject({ kind: 'bound', host: { host: 'a.example' } });
  canReach = false;
  smsc.connections.at(-1)?.drop();
  await state();
  await expect(state()).resolves.toMatchObject({ kind: 'bound', host: { host: 'b.example' } });
  const before = looked;
  await clock.advance(1_000);
  expect(looked).toBe(before + 1);
});

test('a preferred host is looked for in time, however short the sessions with another are', async () => {
  let looked = 0;
  const { smsc, clock, state } = await keepBind((host, really) => {
    if (host === 'b.example') return really();
    looked += 1;
    return refused();
  });
  await state();
  await expect(state()).resolves.toMatchObject({ kind: 'bound', host: { host: 'b.example' } });
  await clock.advance(600);
  smsc.connections[0]?.drop();
  // A is asked at once, in vain, and then B again.
  for (let told = await state(), n = 0; n < 3 && told.kind === 'unbound'; n += 1) {
    await clock.advance(told.nextTryMs ?? 0);
    told = await state();
  }
  const before = looked;
  await clock.advance(400);
  expect(looked).toBe(before + 1);
});

test('a session is given up once, however often it is asked for', async () => {
  const { bind, smsc, clock, state } = await keepBind((_host, really) => really());
  await state();
  bind.retire('renewing');
  bind.retire('renewing');
  await expect(state()).resolves.toMatchObject({ end: { why: 'renewing' } });
  await clock.advance(250);
  await expect(state()).resolves.toMatchObject({ kind: 'bound' });
  expect(smsc.receivedOf('unbind')).toHaveLength(1);
});
