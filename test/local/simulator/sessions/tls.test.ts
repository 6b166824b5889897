import { once } from 'node:events';
import { connect } from 'node:net';
import { authority, certificate } from '../../../../local/certificates.ts';
import type { BehaviourChange } from '../../../../local/simulator/play/behaviour.ts';
import { startSmsc } from './smsc-rig.ts';

async function startSecure(change: BehaviourChange = {}) {
  const by = await authority('authority');
  const { certificate: cert, key } = await certificate({ subject: 'localhost', names: ['localhost'], by });
  return startSmsc({ tls: { key, cert }, ca: by.certificate, change });
}

test('an ESME binds over TLS, and unbinds', async () => {
  const { bound, faults } = await startSecure();
  const esme = await bound();
  expect(await esme.ask('submit_sm', { destination_addr: '1' })).toMatchObject({ command: 'submit_sm_resp' });
  expect(await esme.ask('unbind')).toMatchObject({ command: 'unbind_resp' });
  await esme.closed;
  expect(faults).toEqual([]);
});

test.each(['FIN', 'RST'] as const)('a session over TLS is ended by %s', async (by) => {
  const { bound, session } = await startSecure();
  const esme = await bound();
  const { closed } = session();
  session().end(by);
  await esme.closed;
  await closed;
});

test('a session over TLS freezes and thaws', async () => {
  const { bound, play, smsc } = await startSecure();
  const esme = await bound();
  play({ connections: { service: 'freeze' } });
  const answered = esme.ask('enquire_link');
  // By the time that another SMSC has answered, this one would have, too.
  const other = await (await startSecure()).bound();
  for (let n = 0; n < 10; n++) await other.ask('enquire_link');
  expect(smsc.stats().pdusIn).toBe(1);
  play({});
  expect(await answered).toMatchObject({ command: 'enquire_link_resp' });
});

test('connections are dropped before the handshake where that is played', async () => {
  const { smsc, connect: dial, bound, play } = await startSecure({ connections: { service: 'drop' } });
  await expect(dial()).rejects.toMatchObject({ code: 'ECONNRESET' });
  play({});
  await bound();
  expect(smsc.stats().connections).toBe(1);
});

test('who speaks no TLS is a fault, and the SMSC serves on', async () => {
  const { smsc, bound, faults } = await startSecure();
  const socket = connect(smsc.port, '127.0.0.1');
  socket.end(Buffer.from('00000010000000150000000000000001', 'hex'));
  await once(socket.resume(), 'close');
  expect(faults).toHaveLength(1);
  await bound();
});

test('a handshake that hangs is ended after a minute', async () => {
  const { smsc, clock } = await startSecure();
  const socket = connect(smsc.port, '127.0.0.1');
  await once(socket.resume(), 'connect');
  while (clock.pending === 0) await new Promise(setImmediate);
  await clock.advance(60_000);
  await once(socket, 'close');
  expect(clock.pending).toBe(0);
});

test('a handshake that is done is not ended', async () => {
  const { clock, bound } = await startSecure();
  const esme = await bound();
  await clock.advance(600_000);
  expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp' });
});

test('an SMSC that stops leaves no connection, bound or in its handshake', async () => {
  const { smsc, bound } = await startSecure();
  const hanging = connect(smsc.port, '127.0.0.1');
  await once(hanging.resume(), 'connect');
  const esme = await bound();
  const closed = once(hanging, 'close');
  await smsc.stop();
  await Promise.all([esme.closed, closed]);
  expect(smsc.sessions).toEqual([]);
});
