import { once } from 'node:events';
import { connect } from 'node:net';
import type { ReceivedPdu } from '../../../../local/simulator/sessions/package-smpp.ts';
import { pduOctets } from '../../../../local/simulator/sessions/pdu-octets.ts';
import { socketPair } from '../../../support/socket-pair.ts';
import { submitSm } from '../rig.ts';
import { startSmsc } from './smsc-rig.ts';

describe('a session', () => {
  test('has a number, counted from 1 over all of them', async () => {
    const { smsc, bound } = await startSmsc({ hosts: 2 });
    await bound();
    await bound();
    expect(smsc.sessions.map(({ number }) => number)).toEqual([1, 2]);
  });

  test('tells its watcher about binds, refusals and its end', async () => {
    const { events, connect: dial, session } = await startSmsc();
    const esme = await dial();
    await esme.bind({ password: 'guess' });
    await esme.bind();
    const { closed } = session();
    esme.destroy();
    await closed;
    const who = { session: 1, systemId: 'me' };
    expect(events).toEqual([
      { kind: 'bind-refused', command: 'bind_transceiver', status: 0x0e, ...who },
      { kind: 'bound', command: 'bind_transceiver', ...who },
      { kind: 'ended', ...who },
    ]);
  });

  test('that was never bound ends without a word', async () => {
    const { events, connect: dial, session } = await startSmsc();
    const esme = await dial();
    await esme.ask('enquire_link');
    const { closed } = session();
    esme.destroy();
    await closed;
    expect(events).toEqual([]);
  });

  test('is bound when its bind is answered, however late', async () => {
    const { connect: dial, clock, session } = await startSmsc({ change: { binds: { delayMs: 700 } } });
    const esme = await dial();
    esme.send('bind_transceiver', { system_id: 'me', password: 'secret' });
    esme.send('bind_transceiver', { system_id: 'me', password: 'secret' });
    expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp' });
    expect(session().state).toEqual({ kind: 'open' });
    await clock.advance(700);
    expect(await esme.next()).toMatchObject({ command_status: 0, sequence_number: 1 });
    expect(await esme.next()).toMatchObject({ command_status: 0x05, sequence_number: 2 });
    expect(session().state).toEqual({ kind: 'bound', command: 'bind_transceiver', systemId: 'me' });
  });

  test('has at most a hundred binds that wait', async () => {
    const { connect: dial } = await startSmsc({ change: { binds: { delayMs: 700 } } });
    const esme = await dial();
    for (let n = 0; n < 101; n++) esme.send('bind_transceiver', { system_id: 'me', password: 'secret' });
    expect(await esme.next()).toMatchObject({ command: 'generic_nack', command_status: 0x0d, sequence_number: 101 });
  });

  test('that does not bind within a minute is hung up on', async () => {
    const { clock, connect: dial } = await startSmsc();
    const esme = await dial();
    await clock.advance(59_999);
    await esme.ask('enquire_link');
    await clock.advance(1);
    await esme.closed;
  });

  test('is reset when its peer does not close its side within five seconds', async () => {
    const { smsc, clock, session } = await startSmsc();
    const socket = connect({ port: smsc.port, host: '127.0.0.1', allowHalfOpen: true });
    await once(socket.resume(), 'connect');
    socket.write(pduOctets('bind_transceiver', { sequence: 1, fields: { system_id: 'me', password: 'secret' } }));
    await once(socket, 'data');
    session().end('FIN');
    await once(socket, 'end');
    const { closed } = session();
    await clock.advance(5_000);
    await closed;
    socket.destroy();
  });

  test('serves nothing after its FIN', async () => {
    const asked: ReceivedPdu[] = [];
    const { smsc, session } = await startSmsc({ onRequest: (pdu) => asked.push(pdu) });
    const [client, server] = socketPair();
    smsc.serve(server);
    client.write(pduOctets('bind_transceiver', { sequence: 1, fields: { system_id: 'me', password: 'secret' } }));
    await once(client, 'data');
    session().end('FIN');
    const { closed } = session();
    client.write(pduOctets('submit_sm', { sequence: 2, fields: submitSm }));
    await closed;
    expect([asked, smsc.stats().pdusIn]).toEqual([[], 2]);
  });

  test('answers what came right before the FIN of its peer', async () => {
    const { smsc } = await startSmsc();
    const [client, server] = socketPair();
    smsc.serve(server);
    client.end(pduOctets('enquire_link', { sequence: 1 }));
    const [octets] = await once(client, 'data');
    expect(octets).toEqual(pduOctets('enquire_link_resp', { sequence: 1 }));
  });

  test('that is frozen sees that its peer closes, behind all that it did not read', async () => {
    const { bound, session, smsc } = await startSmsc();
    const esme = await bound();
    session().end('freeze');
    const { closed } = session();
    for (let n = 0; n < 100; n++) esme.send('submit_sm', submitSm);
    esme.socket.end();
    await closed;
    expect(smsc.stats().pdusIn).toBe(1);
  });

  test('that is thawed reads on where it stopped, within a PDU too', async () => {
    const { smsc, session, play } = await startSmsc();
    const [client, server] = socketPair();
    smsc.serve(server);
    const { number } = session();
    const bind = pduOctets('bind_transceiver', { sequence: 1, fields: { system_id: 'me', password: 'secret' } });
    client.write(bind.subarray(0, 6));
    // The package has taken the command_length, and not yet what follows.
    await new Promise(setImmediate);
    play({ connections: { service: 'freeze' } });
    client.write(bind.subarray(6));
    await new Promise(setImmediate);
    play({});
    const [octets] = await once(client, 'data');
    expect([number, octets.readUInt32BE(4)]).toEqual([1, 0x8000_0009]);
  });

  test('ends with a fault when serving it fails, and the SMSC serves on', async () => {
    const { bound, faults } = await startSmsc({
      onRequest: () => {
        throw new Error('out of order');
      },
    });
    const esme = await bound();
    esme.send('submit_sm', submitSm);
    esme.send('submit_sm', submitSm);
    await esme.closed;
    expect(faults).toEqual(['out of order']);
    await bound();
  });

  test('answers what it cannot decode by a generic_nack, and goes on', async () => {
    const { bound, faults } = await startSmsc();
    const esme = await bound();
    // user_message_reference of two octets, of which there are none.
    esme.write(Buffer.from('0000001400000015000000000000000902040002', 'hex'));
    expect((await esme.next()).octets.toString('hex')).toBe('00000010800000000000000200000009');
    expect(faults).toEqual([expect.stringContaining('cannot decode the enquire_link')]);
    expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp' });
  });

  test('that ends within a PDU is no fault', async () => {
    const { bound, session, faults } = await startSmsc();
    for (const octets of ['0000', '00000010', '000000100000000400']) {
      const esme = await bound();
      const { closed } = session();
      esme.socket.end(Buffer.from(octets, 'hex'));
      await closed;
    }
    expect(faults).toEqual([]);
  });

  test('reads and writes as it is played now, also one that is there already', async () => {
    const { bound, play } = await startSmsc();
    const esme = await bound();
    play({ connections: { answersEnquireLink: false }, wire: { trailing: 'ff' } });
    esme.send('enquire_link');
    expect((await esme.ask('submit_sm', submitSm)).octets.subarray(-3).toString('hex')).toBe('3100ff');
    play({ connections: { service: 'drop' } });
    await esme.closed;
  });

  test('is asked enquire_link as often as is played, once it is bound', async () => {
    const { bound, clock, play } = await startSmsc();
    const esme = await bound();
    play({ connections: { enquireLinkEveryMs: 10_000 } });
    await clock.advance(10_000);
    expect(await esme.next()).toMatchObject({ command: 'enquire_link', sequence_number: 1 });
    await clock.advance(10_000);
    expect(await esme.next()).toMatchObject({ command: 'enquire_link', sequence_number: 2 });
    play({});
    await clock.advance(60_000);
    expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp' });
  });

  test('ends so long after its end was played', async () => {
    const { bound, clock, play } = await startSmsc();
    const esme = await bound();
    await clock.advance(60_000);
    play({ connections: { end: { by: 'FIN', afterMs: 1_000 } } });
    await clock.advance(999);
    await esme.ask('enquire_link');
    await clock.advance(1);
    await esme.closed;
  });

  test('leaves no timer behind', async () => {
    const { bound, clock, session } = await startSmsc({
      change: {
        connections: { idleMs: 50_000, enquireLinkEveryMs: 10_000, end: { by: 'RST', afterMs: 90_000 } },
        responses: { delayMs: 80_000 },
      },
    });
    const esme = await bound();
    esme.send('submit_sm', submitSm);
    await esme.ask('enquire_link');
    const { closed } = session();
    esme.destroy();
    await closed;
    expect(clock.pending).toBe(0);
  });
});

describe('an unbind by the SMSC', () => {
  test('is followed by FIN when it was answered; what comes meanwhile is served', async () => {
    const { bound, session } = await startSmsc();
    const esme = await bound();
    session().end('unbind');
    const unbind = await esme.next('unbind');
    expect(await esme.ask('submit_sm', submitSm)).toMatchObject({ command: 'submit_sm_resp', message_id: '1' });
    expect(session().canReceive).toBe(false);
    esme.answer(unbind);
    await esme.closed;
  });

  test('that is not answered is followed by FIN after five seconds', async () => {
    const { bound, session, clock } = await startSmsc();
    const esme = await bound();
    session().end('unbind');
    await esme.next('unbind');
    await clock.advance(4_999);
    await esme.ask('enquire_link');
    await clock.advance(1);
    await esme.closed;
  });

  test('frees the place of the session at once', async () => {
    const { bound, session } = await startSmsc({ change: { binds: { limit: 1, staleMs: 60_000 } } });
    const esme = await bound();
    session().end('unbind');
    esme.answer(await esme.next('unbind'));
    await esme.closed;
    await bound();
  });
});

describe('a session that is over', () => {
  test('leaves no timer, whatever waited to be written', async () => {
    const change = { wire: { togetherMs: 600_000 }, responses: { delayMs: 600_000 } };
    const { session, connect, clock } = await startSmsc({ change });
    const esme = await connect();
    esme.send('bind_transceiver', { system_id: 'me', password: 'secret' });
    esme.send('submit_sm', submitSm);
    const { closed } = session();
    esme.socket.end();
    esme.destroy();
    await closed;
    expect(clock.pending).toBe(0);
  });

  test('by freezing does not come back, whatever is played', async () => {
    const { session, bound, play } = await startSmsc();
    const esme = await bound();
    session().end('freeze');
    const { length } = esme.octets;
    esme.send('enquire_link');
    for (const change of [{ responses: { repeat: 1 } }, { connections: { service: 'freeze' as const } }, {}]) {
      play(change);
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    }
    expect(esme.octets).toHaveLength(length);
  });
});

describe('an ESME that unbinds', () => {
  test('is first answered what it asked before', async () => {
    const { bound } = await startSmsc({ change: { responses: { delayMs: 600_000 } } });
    const esme = await bound();
    esme.send('submit_sm', submitSm);
    esme.send('unbind');
    expect([(await esme.next()).command, (await esme.next()).command]).toEqual(['submit_sm_resp', 'unbind_resp']);
    await esme.closed;
  });
});

describe('an ESME of before version 3.4', () => {
  test('is sent no TLVs', async () => {
    const { session, connect } = await startSmsc();
    const esme = await connect();
    const response = await esme.bind({ interface_version: 0x33 });
    expect(response.octets.subarray(16).toString()).toBe('simulator\0');
    void session().deliver('deliver_sm', { ...submitSm, message_state: 2, extraTlvs: { '0x1400': '41' } }, null);
    const { octets } = await esme.next('deliver_sm');
    expect(octets.subarray(-submitSm.short_message.length)).toEqual(submitSm.short_message);
  });
});

test('what an ESME may not ask is told', async () => {
  const { connect, events } = await startSmsc();
  const esme = await connect();
  await esme.ask('submit_sm', submitSm);
  await esme.ask('replace_sm');
  esme.write(Buffer.from('00000010000077770000000000000003', 'hex'));
  await esme.next();
  expect(events).toEqual([
    { kind: 'refused', session: 1, command: 'submit_sm', status: 0x04 },
    { kind: 'refused', session: 1, command: 'replace_sm', status: 0x03 },
    { kind: 'refused', session: 1, command: '0x00007777', status: 0x03 },
  ]);
});

test('octets that are no PDU are answered by a generic_nack before the end', async () => {
  const { bound, faults } = await startSmsc();
  const esme = await bound();
  esme.write(Buffer.from('0000000f000000150000000000000000', 'hex'));
  expect((await esme.next()).octets.toString('hex')).toBe('00000010800000000000000200000000');
  await esme.closed;
  expect(faults).toEqual([expect.stringContaining('command_length must be 16')]);
});
