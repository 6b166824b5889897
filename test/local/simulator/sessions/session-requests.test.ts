import { once } from 'node:events';
import type { ReceivedPdu } from '../../../../local/simulator/sessions/package-smpp.ts';
import { pduOctets } from '../../../../local/simulator/sessions/pdu-octets.ts';
import type { SmscSession } from '../../../../local/simulator/sessions/session.ts';
import { socketPair } from '../../../support/socket-pair.ts';
import { submitSm } from '../rig.ts';
import { startSmsc } from './smsc-rig.ts';

const deliverSm = { destination_addr: '12345', short_message: Buffer.from('Hi') };

describe('requests', () => {
  test('are counted until they are answered, but for the one that is being handled', async () => {
    const held: [ReceivedPdu, SmscSession, number][] = [];
    const { bound, session } = await startSmsc({
      onRequest: (pdu, from) => held.push([pdu, from, from.unanswered]),
    });
    const esme = await bound();
    for (let n = 0; n < 3; n++) esme.send('submit_sm', submitSm);
    await esme.ask('enquire_link');
    expect(held.map(([, , unanswered]) => unanswered)).toEqual([0, 1, 2]);
    expect(session().unanswered).toBe(3);
    for (const [pdu, from] of held) from.respond(pdu, { status: 0 });
    expect(session().unanswered).toBe(0);
  });

  test('count while their response is delayed, and not when they will never be answered', async () => {
    const { bound, session, clock, play } = await startSmsc({ change: { responses: { delayMs: 1_000 } } });
    const esme = await bound();
    esme.send('submit_sm', submitSm);
    await esme.ask('enquire_link');
    expect(session().unanswered).toBe(1);
    await clock.advance(1_000);
    expect(await esme.next()).toMatchObject({ command: 'submit_sm_resp' });
    expect(session().unanswered).toBe(0);
    play({ responses: { missing: 1 } });
    esme.send('submit_sm', submitSm);
    await esme.ask('enquire_link');
    expect(session().unanswered).toBe(0);
  });

  test.each([
    ['at once', {}, ['handled', 'written', 'over']],
    ['when the delay is over', { delayMs: 1_000 }, ['handled', 'over', 'written']],
    ['when there never is one', { missing: 1 }, ['handled', 'written', 'over']],
  ])('%s tell that their response is written', async (_when, responses, expected) => {
    const told: string[] = [];
    const { bound, clock } = await startSmsc({
      change: { responses },
      onRequest: (pdu, session) => {
        told.push('handled');
        session.respond(pdu, { status: 0, onWritten: () => told.push('written') });
        told.push('over');
      },
    });
    const esme = await bound();
    esme.send('submit_sm', submitSm);
    await esme.ask('enquire_link');
    await clock.advance(1_000);
    expect(told).toEqual(expected);
  });

  test('whose session ends before their response tell so too', async () => {
    const told: string[] = [];
    const { bound, session } = await startSmsc({
      change: { responses: { delayMs: 1_000 } },
      onRequest: (pdu, from) => from.respond(pdu, { status: 0, onWritten: () => told.push('given up') }),
    });
    const esme = await bound();
    esme.send('submit_sm', submitSm);
    await esme.ask('enquire_link');
    const { closed } = session();
    esme.destroy();
    await closed;
    expect(told).toEqual(['given up']);
  });

  test('that come on and on while all of them wait end the session', async () => {
    const { smsc, faults } = await startSmsc({ change: { responses: { delayMs: 1_000 } } });
    const [client, server] = socketPair();
    smsc.serve(server);
    client.write(pduOctets('bind_transceiver', { sequence: 1, fields: { system_id: 'me', password: 'secret' } }));
    const submit = pduOctets('submit_sm', { sequence: 2, fields: submitSm });
    for (let n = 0; n <= 20_000; n++) client.write(submit);
    await once(client.resume(), 'close');
    expect(faults).toEqual([expect.stringContaining('more than 20000 requests')]);
  });
});

describe('a delivery', () => {
  test.each([
    ['the status of its response', 'deliver_sm_resp', 0x45, 0x45],
    ['the status of a nack', 'generic_nack', 0x03, 0x03],
    ['ESME_RSYSERR for a nack that says ESME_ROK', 'generic_nack', 0, 0x08],
  ])('resolves with %s', async (_what, command, status, expected) => {
    const { bound, session } = await startSmsc();
    const esme = await bound();
    const delivered = session().deliver('deliver_sm', deliverSm, null);
    const { sequence_number: sequence } = await esme.next();
    expect(session().undelivered).toBe(1);
    esme.write(pduOctets(command, { sequence, status }));
    expect(await delivered).toBe(expected);
    expect(session().undelivered).toBe(0);
  });

  test('is not answered by a response of another command', async () => {
    const { bound, session } = await startSmsc();
    const esme = await bound();
    const delivered = session().deliver('deliver_sm', deliverSm, null);
    const { sequence_number: sequence } = await esme.next();
    esme.write(pduOctets('enquire_link_resp', { sequence }));
    esme.write(pduOctets('deliver_sm_resp', { sequence, status: 0x14 }));
    expect(await delivered).toBe(0x14);
  });

  test('that takes too long is unanswered, and its late answer changes nothing', async () => {
    const { bound, session, clock } = await startSmsc();
    const esme = await bound();
    const delivered = session().deliver('deliver_sm', deliverSm, 1_000);
    const deliver = await esme.next();
    await clock.advance(1_000);
    expect(await delivered).toBe('unanswered');
    esme.answer(deliver);
    expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp' });
  });

  test('is lost when the session ends, and on a session that takes none', async () => {
    const { bound, session } = await startSmsc();
    const esme = await bound();
    const delivered = session().deliver('deliver_sm', deliverSm, null);
    await esme.next();
    esme.destroy();
    expect(await delivered).toBe('lost');
    await bound({}, 'bind_transmitter');
    expect(await session().deliver('deliver_sm', deliverSm, null)).toBe('lost');
  });

  test('of what fits in no PDU is rejected, and takes nothing with it', async () => {
    const { bound, session } = await startSmsc();
    const esme = await bound();
    const tooLong = { ...deliverSm, short_message: Buffer.alloc(256) };
    await expect(session().deliver('deliver_sm', tooLong, null)).rejects.toMatchObject({ code: 'ERR_OUT_OF_RANGE' });
    expect(session().undelivered).toBe(0);
    expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp' });
  });

  test('carries TLVs that the package does not know', async () => {
    const { bound, session } = await startSmsc();
    const esme = await bound();
    const delivered = session().deliver(
      'data_sm',
      { ...deliverSm, extraTlvs: { '0x1400': '0102', '0x1501': '' } },
      null,
    );
    const deliver = await esme.next();
    expect(deliver.octets.subarray(-10).toString('hex')).toBe('14000002010215010000');
    expect(deliver.octets.readUInt32BE(0)).toBe(deliver.octets.length);
    esme.answer(deliver);
    expect(await delivered).toBe(0);
  });
});
