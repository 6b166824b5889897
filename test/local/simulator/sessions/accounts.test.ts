import smpp from 'smpp';
import type { BehaviourChange } from '../../../../local/simulator/play/behaviour.ts';
import { Stage } from '../../../../local/simulator/play/stage.ts';
import { type Account, Accounts, type Place } from '../../../../local/simulator/sessions/accounts.ts';
import { bindOf } from '../../../../local/simulator/sessions/bind.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

type Binds = NonNullable<BehaviourChange['binds']>;

const [ok, bindFailed, alreadyBound, invalidPassword, invalidSystemId] = [0, 0x0d, 0x05, 0x0e, 0x0f];

function startAccounts(binds: Binds = {}, accounts: readonly Account[] = [{ systemId: 'me', password: 'secret' }]) {
  const [stage, clock] = [new Stage(), new FakeClock()];
  const play = (next: Binds) => stage.play({ scenarios: [], change: { binds: next } });
  play(binds);
  const held = new Accounts(accounts, { stage, clock });
  const take = (fields: Record<string, unknown> = {}, command = 'bind_transceiver') => held.take(bind(fields, command));
  const status = (fields: Record<string, unknown> = {}, command = 'bind_transceiver') => {
    const taken = take(fields, command);
    return typeof taken === 'number' ? taken : ok;
  };
  const place = (): Place => {
    const taken = take();
    if (typeof taken === 'number') throw new Error(`there was no place: ${taken}`);
    return taken;
  };
  return { accounts: held, clock, play, status, place };
}

function bind(fields: Record<string, unknown>, command: string) {
  const pdu = new smpp.PDU(command, { system_id: 'me', password: 'secret', interface_version: 0x34, ...fields });
  const found = bindOf(Object.assign(pdu, { octets: Buffer.alloc(0) }));
  if (found === undefined) throw new Error(`${command} is no bind`);
  return found;
}

test('who is unknown or has a wrong password is refused by what is wrong', () => {
  const { status } = startAccounts();
  expect(status()).toBe(ok);
  expect(status({ system_id: 'you' })).toBe(invalidSystemId);
  expect(status({ password: 'guess' })).toBe(invalidPassword);
});

test('each account has its own password', () => {
  const { status } = startAccounts({}, [
    { systemId: 'me', password: 'secret' },
    { systemId: 'you', password: 'other' },
  ]);
  expect(status({ system_id: 'you', password: 'other' })).toBe(ok);
  expect(status({ system_id: 'you' })).toBe(invalidPassword);
});

test('what is wrong with the bind itself comes before who asks', () => {
  const { status } = startAccounts({ modes: ['receiver'], statuses: { wrongMode: 1 } });
  expect(status({ system_id: 'you' })).toBe(1);
  expect(status({ system_id: 'you' }, 'bind_receiver')).toBe(invalidSystemId);
});

test('a wrong password is told before a place that is taken', () => {
  const { status } = startAccounts({ limit: 1 });
  expect(status()).toBe(ok);
  expect(status({ password: 'guess' })).toBe(invalidPassword);
  expect(status()).toBe(alreadyBound);
});

test('an account has as many places as it says, and as many as the play says instead', () => {
  const { status, play } = startAccounts({}, [{ systemId: 'me', password: 'secret', maxBinds: 2 }]);
  expect([status(), status(), status()]).toEqual([ok, ok, alreadyBound]);
  play({ limit: 3 });
  expect([status(), status()]).toEqual([ok, alreadyBound]);
});

test('a place is free again when its session has ended', () => {
  const { status, place } = startAccounts({ limit: 1 });
  place().release('cut');
  expect(status()).toBe(ok);
});

test('a session that was cut holds its place for a while, one that unbound does not', async () => {
  const { status, place, clock } = startAccounts({ limit: 1, staleMs: 120_000 });
  place().release('unbound');
  place().release('cut');
  await clock.advance(119_999);
  expect(status()).toBe(alreadyBound);
  await clock.advance(1);
  expect(status()).toBe(ok);
});

test('who comes back too soon is refused, however the last session ended', async () => {
  const { status, place, clock } = startAccounts({ rebindAfterMs: 30_000 });
  place().release('unbound');
  await clock.advance(29_999);
  expect(status()).toBe(bindFailed);
  await clock.advance(1);
  expect(status()).toBe(ok);
});

test('refusals are counted anew with each play', () => {
  const refuse = { status: 'ESME_RALYBND', times: 2 };
  const { status, play } = startAccounts({ refuse });
  expect([status(), status(), status()]).toEqual([alreadyBound, alreadyBound, ok]);
  play({ refuse });
  expect([status(), status(), status()]).toEqual([alreadyBound, alreadyBound, ok]);
});

test.each([
  ['system_type', 'x'],
  ['address_range', '^44'],
  ['addr_ton', 1],
  ['addr_npi', 1],
] as const)('a bind without %s is refused where that is required', (field, value) => {
  const { status } = startAccounts({ requires: [field] });
  expect(status()).toBe(bindFailed);
  expect(status({ [field]: value })).toBe(ok);
});

test('an interface_version is accepted that is on the list', () => {
  const { status } = startAccounts({ interfaceVersions: [0x34, 0x50] });
  expect([status(), status({ interface_version: 0x50 }), status({ interface_version: 0x33 })]).toEqual([
    ok,
    ok,
    bindFailed,
  ]);
});

test('an SMSC that was switched off has forgotten who was bound', () => {
  const { accounts, status, place } = startAccounts({ limit: 1, rebindAfterMs: 30_000, staleMs: 60_000 });
  const before = place();
  accounts.forget();
  before.release('cut');
  expect([status(), status()]).toEqual([ok, alreadyBound]);
});
