import type { DeliverSm } from '../../../connector/smpp/deliveries.ts';
import { rawPdu } from '../../support/raw-session.ts';
import { drop, hangUp, hold, inTurn, ok, refuse, sendRaw, silence } from '../../support/scripted-smsc.ts';
import { startTransceiver } from '../../support/transceiver-harness.ts';

const deliverSm = 0x00000005;
const submitSmResp = 0x80000004;
const enquireLink = 0x00000015;

describe('an unfinished PDU', () => {
  test('is waited for as long as an answer to enquire_link, and then is the end of the session', async () => {
    const { smsc, clock, state, oddities, transceiver, sockets } = await startTransceiver([{}]);
    await state();
    const before = sockets[0]?.bytesRead;
    (await smsc.connection(1)).sendRaw(rawPdu(enquireLink, '', 7, 17));
    while (sockets[0]?.bytesRead === before) await clock.advance(0);
    await clock.advance(9_999);
    expect(transceiver.bound).toBe(true);
    await clock.advance(1);
    await expect(state()).resolves.toMatchObject({
      kind: 'unbound',
      end: { why: 'protocol' },
      reason: expect.stringContaining('only 16 octets of a PDU came in 10000 ms'),
    });
    expect(oddities).toContain('connection closed within a PDU');
  });

  test('that comes an octet a second is not waited for any longer', async () => {
    const { smsc, clock, state, sockets } = await startTransceiver([{}]);
    await state();
    const connection = await smsc.connection(1);
    const octets = rawPdu(enquireLink);
    let unbound = false;
    const ended = state().finally(() => {
      unbound = true;
    });
    for (let sent = 0; sent < octets.length && !unbound; sent += 1) {
      const before = sockets[0]?.bytesRead ?? 0;
      connection.sendRaw(octets.subarray(sent, sent + 1));
      while (!unbound && sockets[0]?.bytesRead === before) await clock.advance(0);
      await clock.advance(1_000);
    }
    await expect(ended).resolves.toMatchObject({ reason: expect.stringContaining('of a PDU came in 10000 ms') });
    expect(smsc.receivedOf('enquire_link_resp')).toHaveLength(0);
  });

  test('has its own time: what came before, and what else is waited for, changes nothing', async () => {
    const { smsc, clock, state, sockets, transceiver } = await startTransceiver([{}]);
    await state();
    const [socket] = sockets;
    const connection = await smsc.connection(1);
    const send = async (octets: Buffer) => {
      const before = socket?.bytesRead;
      connection.sendRaw(octets);
      while (socket?.bytesRead === before) await clock.advance(0);
    };
    const pdu = rawPdu(enquireLink);
    await send(pdu.subarray(0, 9));
    await clock.advance(9_000);
    await send(Buffer.concat([pdu.subarray(9), pdu.subarray(0, 5)]));
    await clock.advance(9_000);
    expect(transceiver.bound).toBe(true);
    await send(pdu.subarray(5));
    // Silence until the peer is asked, and meanwhile an octet.
    await clock.advance(15_000);
    await send(pdu.subarray(0, 1));
    await clock.advance(9_999);
    expect(transceiver.bound).toBe(true);
    await clock.advance(1);
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', end: { why: 'protocol' } });
  });

  test('that comes in time, an octet at a time, is a PDU like any other', async () => {
    const { smsc, state, transceiver } = await startTransceiver([{}]);
    await state();
    const connection = await smsc.connection(1);
    for (const octet of rawPdu(enquireLink)) connection.sendRaw(Buffer.from([octet]));
    await expect(smsc.next('enquire_link_resp')).resolves.toMatchObject({ sequence_number: 7 });
    expect(transceiver.bound).toBe(true);
  });
});

test.each([0, 1, 4, 5, 15, 70_001, 0xffffffff])(
  'a command_length of %d is the end of the session, and another is begun (demand 16)',
  async (length) => {
    const { smsc, clock, state } = await startTransceiver([{}]);
    await state();
    (await smsc.connection(1)).sendRaw(rawPdu(enquireLink, '', 7, length));
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', end: { kind: 'ended', why: 'protocol' } });
    await clock.advance(250);
    await expect(state()).resolves.toMatchObject({ kind: 'bound' });
  },
);

describe('a well-framed PDU', () => {
  const delivered: DeliverSm[] = [];
  const onDeliver = async (pdu: DeliverSm, respond: (status: number) => boolean) => {
    delivered.push(pdu);
    respond(0);
  };
  beforeEach(() => delivered.splice(0));

  test.each([
    ['without a body', ''],
    ['that ends after its addresses', `000101${'34'.repeat(3)}000101${'35'.repeat(3)}00`],
    ['whose short_message is cut', '000000000000000000000000000000000a6869'],
  ])('of a deliver_sm %s costs an error response, not the bind', async (_, body) => {
    const { smsc, state, oddities, transceiver } = await startTransceiver([{}], { onDeliver });
    await state();
    (await smsc.connection(1)).sendRaw(rawPdu(deliverSm, body));
    await expect(smsc.next('deliver_sm_resp')).resolves.toMatchObject({ command_status: 0x02, sequence_number: 7 });
    await expect(smsc.send('enquire_link')).resolves.toMatchObject({ command_status: 0 });
    expect(delivered).toEqual([]);
    expect(oddities).toEqual(['malformed PDU']);
    expect(transceiver.bound).toBe(true);
  });

  test('of a data_sm is a delivery, and answered by data_sm_resp (quirks 16 and 49)', async () => {
    const { smsc, state } = await startTransceiver([{}], { onDeliver });
    await state();
    const answer = await smsc.send('data_sm', {
      source_addr: '447700900123',
      destination_addr: '12345',
      message_payload: Buffer.from('hi'),
    });
    expect(answer).toMatchObject({ command: 'data_sm_resp', command_status: 0 });
    const payload = { tag: 0x0424, value: Buffer.from('hi') };
    expect(delivered).toMatchObject([{ sourceAddr: '447700900123', destinationAddr: '12345', tlvs: [payload] }]);
  });

  test.each([
    ['submit_sm', 0x04],
    ['query_sm', 0x03],
    ['bind_transceiver', 0x09],
    ['submit_multi', 0x21],
    ['a vendor’s own', 0x00010200],
  ])('of a command that is not for us (%s) is answered by generic_nack (quirk 49, demand 24)', async (_, id) => {
    const { smsc, state, transceiver } = await startTransceiver([{}]);
    await state();
    (await smsc.connection(1)).sendRaw(rawPdu(id));
    await expect(smsc.next('generic_nack')).resolves.toMatchObject({ command_status: 3, sequence_number: 7 });
    expect(transceiver.bound).toBe(true);
  });

  test.each([
    ['alert_notification', 0x0102],
    ['outbind', 0x0b],
  ])('of a command that has no response (%s) gets none (quirk 66)', async (_, id) => {
    const { smsc, state, oddities } = await startTransceiver([{}]);
    await state();
    (await smsc.connection(1)).sendRaw(rawPdu(id, '000000000000'));
    await smsc.send('enquire_link');
    expect(smsc.received.map(({ command }) => command)).toEqual(['bind_transceiver', 'enquire_link_resp']);
    expect(oddities).toContain('request that is not served');
  });
});

describe('responses', () => {
  test('that answer nothing are harmless, 10,000 of them too (quirk 47)', async () => {
    const { smsc, state, oddities, submit } = await startTransceiver([{}]);
    await state();
    const connection = await smsc.connection(1);
    const stray = Array.from({ length: 10_000 }, (_, index) => rawPdu(submitSmResp, '4100', 1_000 + index));
    connection.sendRaw(Buffer.concat(stray));
    await expect(submit()).resolves.toMatchObject({ kind: 'answered', response: { messageId: '1' } });
    expect(oddities).toEqual(stray.map(() => 'response to no request'));
  });

  test('that come twice count once', async () => {
    const twice = inTurn(ok({ message_id: 'first' }), ok({ message_id: 'second' }));
    const { smsc, submit, oddities } = await startTransceiver([{ submit_sm: [twice, ok()] }]);
    await expect(submit()).resolves.toMatchObject({ response: { messageId: 'first' } });
    await smsc.send('enquire_link');
    expect(oddities).toEqual(['response to no request']);
  });

  test('of another command to the same number answer nothing', async () => {
    const { smsc, submit, oddities } = await startTransceiver([
      { submit_sm: inTurn(sendRaw(rawPdu(0x80000103, '', 2)), sendRaw(rawPdu(0x80000015, '', 2)), hold()) },
    ]);
    const outcome = submit();
    await smsc.next('submit_sm');
    await smsc.send('enquire_link');
    expect(oddities.filter((what) => what === 'response to no request')).toHaveLength(2);
    smsc.held.release();
    await expect(outcome).resolves.toMatchObject({ response: { command: 'submit_sm_resp' } });
  });

  test('and a generic_nack with sequence number 0 leave the bind as it is, and are told', async () => {
    const { smsc, state, transceiver, oddities } = await startTransceiver([{}]);
    await state();
    (await smsc.connection(1)).sendRaw(rawPdu(0x80000000, '', 0));
    await smsc.send('enquire_link');
    expect(transceiver.bound).toBe(true);
    expect(oddities).toEqual(['generic_nack', 'response to no request']);
  });
});

describe('a bind', () => {
  test.each([
    ['a nack', sendRaw(Buffer.from('00000010800000000000000300000001', 'hex')), 0, 'ESME_RINVCMDID'],
    ['another sequence number', sendRaw(rawPdu(0x80000009, '00', 99)), 8_000, 'the bind is not answered'],
    ['another bind’s response', sendRaw(rawPdu(0x80000001, '00', 1)), 8_000, 'the bind is not answered'],
    ['another command’s response', sendRaw(rawPdu(submitSmResp, '4100', 1)), 8_000, 'the bind is not answered'],
    ['silence', silence, 8_000, 'the bind is not answered'],
    ['a dropped connection', drop, 0, 'closed the connection before it answered the bind'],
    ['a closed connection', hangUp, 0, 'closed the connection before it answered the bind'],
    ['a command that is not for us, and silence', sendRaw(rawPdu(0x04)), 8_000, 'the bind is not answered'],
  ])('that is answered by %s ends that attempt, and the next one binds', async (_, reply, waitsMs, reason) => {
    const { smsc, clock, state } = await startTransceiver([{ bind_transceiver: [reply] }, {}]);
    await smsc.next('bind_transceiver');
    await clock.advance(waitsMs);
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', reason: expect.stringContaining(reason) });
    await clock.advance(250);
    await expect(state()).resolves.toMatchObject({ kind: 'bound' });
  });

  test('that finds a stale session ten times is there soon after the SMSC let go of it (quirk 52)', async () => {
    const stale = Array.from({ length: 10 }, () => ({ bind_transceiver: refuse(0x05) }));
    const { smsc, clock, state } = await startTransceiver([...stale, {}]);
    for (const delayMs of [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]) {
      await expect(state()).resolves.toMatchObject({
        reason: expect.stringContaining('ESME_RALYBND'),
        nextTryMs: delayMs,
      });
      await clock.advance(delayMs);
    }
    await expect(state()).resolves.toMatchObject({ kind: 'bound' });
    expect(smsc.connections).toHaveLength(11);
  });

  test('before which the SMSC asks and unbinds is answered all the same (quirk 48)', async () => {
    const asks = inTurn(
      sendRaw(rawPdu(enquireLink, '', 1)),
      sendRaw(rawPdu(0x04, '', 2)),
      sendRaw(rawPdu(0x06, '', 3)),
    );
    const { smsc, state, clock } = await startTransceiver([{ bind_transceiver: [asks] }, {}]);
    await smsc.next('unbind_resp');
    await clock.advance(2_000);
    await expect(state()).resolves.toMatchObject({
      kind: 'unbound',
      reason: expect.stringContaining('sent unbind before it answered the bind'),
    });
    const [connection] = smsc.connections;
    await connection?.closed;
    const answers = connection?.received.map((pdu) => [pdu.command, pdu.sequence_number]);
    expect(answers?.slice(1)).toEqual([
      ['enquire_link_resp', 1],
      ['generic_nack', 2],
      ['unbind_resp', 3],
    ]);
  });

  test('that is accepted and followed by unbind in one was a session, and is told as one', async () => {
    const accepted = Buffer.concat([rawPdu(0x80000009, '00', 1), rawPdu(0x06)]);
    const { smsc, state } = await startTransceiver([{ bind_transceiver: sendRaw(accepted) }, {}]);
    await smsc.next('unbind_resp');
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', end: { kind: 'ended', why: 'unbound' } });
  });

  test.each([
    ['unbind', rawPdu(0x06)],
    ['garbage', Buffer.from('HTTP/1.1 400 Bad Request')],
  ])('that is refused for its credentials stays refused when %s comes with it', async (_, behind) => {
    const refusal = Buffer.from('00000010800000090000000e00000001', 'hex');
    const { smsc, clock, state } = await startTransceiver([
      { bind_transceiver: sendRaw(Buffer.concat([refusal, behind])) },
    ]);
    await expect(state()).resolves.toMatchObject({ end: { kind: 'refused', commandStatus: 0x0e }, nextTryMs: 300_000 });
    await clock.advance(299_999);
    expect(smsc.connections).toHaveLength(1);
  });

  test('whose password is not read in time, or whose process stops meanwhile, is given up', async () => {
    const { smsc, clock, state, transceiver } = await startTransceiver([{}], {
      readPassword: () => new Promise<string>(() => {}),
    });
    await clock.advance(8_000);
    await expect(state()).resolves.toMatchObject({
      end: { kind: 'no-secret' },
      reason: expect.stringContaining('the password was not read in time'),
    });
    await clock.advance(250);
    await transceiver.stop();
    expect(smsc.connections).toHaveLength(0);
    expect(clock.pending).toBe(0);
  });

  test('that cannot be written closes its connection', async () => {
    const { smsc, state } = await startTransceiver([{}], { readPassword: () => 'x'.repeat(65) });
    await expect(state()).resolves.toMatchObject({ reason: expect.stringContaining('password must be at most 64') });
    await (await smsc.connection(1)).closed;
  });

  test.each([
    ['accepted', { bind_transceiver: drop }],
    ['accepted and bound', { bind_transceiver: inTurn(ok(), drop) }],
  ])('whose connection is %s and dropped at once, for an hour, is not hammered', async (_, conversation) => {
    const { smsc, clock, state, transceiver } = await startTransceiver([conversation]);
    const endsAt = clock.now() + 3_600_000;
    while (clock.now() < endsAt) {
      const told = await state();
      if (told.kind === 'unbound') await clock.advance(told.nextTryMs ?? 0);
    }
    // 250 ms doubled to 8 s: with the longest delays that chance allows.
    expect(smsc.connections.length).toBeLessThan(3_600 / 8 + 10);
    expect(transceiver.bound).toBe(false);
  });
});
