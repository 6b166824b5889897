import type { Role } from '../../../connector/smpp/account.ts';
import { releaseAfterTest } from '../../support/release-after-test.ts';
import { refuse, type ScriptedSmsc, startScriptedSmsc } from '../../support/scripted-smsc.ts';
import { startTransceiver } from '../../support/transceiver-harness.ts';

/** A transmitter at one SMSC and a receiver at another (quirk 64). */
async function startPair(given: Parameters<typeof startTransceiver>[1] & { receiverRefused?: boolean } = {}) {
  const { receiverRefused = false, ...fields } = given;
  const receiving = await startScriptedSmsc(receiverRefused ? [{ bind_receiver: refuse(0x0d) }, {}] : [{}]);
  releaseAfterTest(() => receiving.stop());
  const pair = await startTransceiver([{}], {
    bindMode: 'transmitter-receiver',
    systemId: 'sends',
    ...fields,
    receiver: { hosts: [{ host: receiving.host, port: receiving.port }], ...fields.receiver },
  });
  return { ...pair, sending: pair.smsc, receiving };
}

const commandsOf = ({ received }: ScriptedSmsc) => received.map(({ command }) => command);

test('a pair is a transmitter and a receiver, each with host, credentials and system_type of its own', async () => {
  const roles: Role[] = [];
  const { sending, receiving, state, transceiver } = await startPair({
    receiver: { systemId: 'receives', systemType: 'RX' },
    systemType: 'TX',
    readPassword: (role) => {
      roles.push(role);
      return `of ${role}`;
    },
  });
  const told = [await state(), await state()];
  expect(told.map(({ kind, role }) => `${role} ${kind}`).sort()).toEqual(['receiver bound', 'transmitter bound']);
  expect(sending.received).toMatchObject([
    { command: 'bind_transmitter', system_id: 'sends', password: 'of transmitter', system_type: 'TX' },
  ]);
  expect(receiving.received).toMatchObject([
    { command: 'bind_receiver', system_id: 'receives', password: 'of receiver', system_type: 'RX' },
  ]);
  expect(roles.sort()).toEqual(['receiver', 'transmitter']);
  expect(transceiver.bound).toBe(true);
});

test('what a receiver has not of its own it has of the carrier', async () => {
  const { receiving, state } = await startPair({ systemType: 'VMA' });
  await state();
  await state();
  expect(receiving.received).toMatchObject([{ command: 'bind_receiver', system_id: 'sends', system_type: 'VMA' }]);
});

test('messages go out by the transmitter, and come in by the receiver', async () => {
  const { sending, receiving, state, submit } = await startPair();
  await state();
  await state();
  await expect(submit()).resolves.toMatchObject({ kind: 'answered' });
  await expect(receiving.send('deliver_sm')).resolves.toMatchObject({ command: 'deliver_sm_resp', command_status: 0 });
  expect(commandsOf(sending)).toEqual(['bind_transmitter', 'submit_sm']);
  expect(commandsOf(receiving)).toEqual(['bind_receiver', 'deliver_sm_resp']);
});

test('messages go out while the receiver is not there, but the pair is not bound', async () => {
  const { state, submit, transceiver, clock } = await startPair({ receiverRefused: true });
  const told = [await state(), await state()];
  expect(told.map(({ kind, role }) => `${role} ${kind}`).sort()).toEqual(['receiver unbound', 'transmitter bound']);
  expect([transceiver.canSubmit, transceiver.bound]).toEqual([true, false]);
  await expect(submit()).resolves.toMatchObject({ kind: 'answered' });
  await clock.advance(250);
  await expect(state()).resolves.toMatchObject({ role: 'receiver', kind: 'bound' });
  expect(transceiver.bound).toBe(true);
});

test('a lost transmitter is bound anew, and leaves the receiver as it is', async () => {
  const { sending, receiving, state, clock, transceiver } = await startPair();
  await state();
  await state();
  sending.connections[0]?.drop();
  await expect(state()).resolves.toMatchObject({ role: 'transmitter', kind: 'unbound' });
  expect([transceiver.canSubmit, transceiver.bound]).toEqual([false, false]);
  await clock.advance(250);
  await expect(state()).resolves.toMatchObject({ role: 'transmitter', kind: 'bound' });
  expect(receiving.connections).toHaveLength(1);
});

test('each of a pair is watched by enquire_link', async () => {
  const { sending, receiving, state, clock } = await startPair();
  await state();
  await state();
  await clock.advance(20_000);
  await Promise.all([sending.next('enquire_link'), receiving.next('enquire_link')]);
});

test('a stop unbinds both', async () => {
  const { sending, receiving, state, transceiver, clock } = await startPair();
  await state();
  await state();
  await transceiver.stop();
  expect(commandsOf(sending)).toEqual(['bind_transmitter', 'unbind']);
  expect(commandsOf(receiving)).toEqual(['bind_receiver', 'unbind']);
  expect(clock.pending).toBe(0);
});

test('a pair was last heard from when its quieter half was', async () => {
  const { sending, receiving, state, clock, transceiver } = await startPair();
  expect(transceiver.lastHeard).toBeUndefined();
  await state();
  await state();
  const boundAt = clock.monotonic();
  await clock.advance(5_000);
  await sending.send('enquire_link');
  expect(transceiver.lastHeard).toBe(boundAt);
  await receiving.send('enquire_link');
  expect(transceiver.lastHeard).toBe(boundAt + 5_000);
});
