import type { Respond } from '../../../connector/smpp/deliveries.ts';
import { queueOf } from '../../support/awaited-queue.ts';
import { type Conversation, drop, freeze, hold, ok, refuse, sendRaw } from '../../support/scripted-smsc.ts';
import { startTransceiver } from '../../support/transceiver-harness.ts';

const throttled = 0x58;

describe('a submit', () => {
  test('gets the response of the SMSC', async () => {
    const { submit } = await startTransceiver([{}]);
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
    const { submit } = await startTransceiver([{ submit_sm: reply }]);
    await expect(submit()).resolves.toMatchObject({ kind: 'answered', response: { commandStatus: throttled } });
  });

  test('that is answered by generic_nack gets the nack (quirk 47)', async () => {
    const nack = sendRaw(Buffer.from('00000010800000000000000300000002', 'hex'));
    const { submit, oddities } = await startTransceiver([{ submit_sm: nack }]);
    await expect(submit()).resolves.toMatchObject({
      kind: 'answered',
      response: { command: 'generic_nack', commandStatus: 3 },
    });
    expect(oddities).toEqual(['generic_nack']);
  });

  test('that is never answered is unanswered after responseTimeoutMs, and its late answer harmless', async () => {
    const { smsc, submit, clock, oddities, transceiver } = await startTransceiver([{ submit_sm: [hold(), ok()] }], {
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
    const { submit } = await startTransceiver([{ submit_sm: drop }, {}]);
    await expect(submit()).resolves.toEqual({ kind: 'unanswered', why: 'session-ended' });
  });

  test('waits for the bind, and for room in the window', async () => {
    const { smsc, submit } = await startTransceiver([{ bind_transceiver: hold(), submit_sm: hold() }], { window: 2 });
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
    const { smsc, submit } = await startTransceiver([{ submit_sm: hold() }]);
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
    const { smsc, clock, state, transceiver } = await startTransceiver([{}]);
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
    const { smsc, clock, state } = await startTransceiver([{ enquire_link: freeze }, {}]);
    await state();
    await clock.advance(20_000);
    await smsc.next('enquire_link');
    await clock.advance(10_000);
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', end: { why: 'peer-silent' } });
    await clock.advance(250);
    await expect(state()).resolves.toMatchObject({ kind: 'bound' });
  });

  test('answers the peer’s enquire_link, before the bind too (quirk 48)', async () => {
    const { smsc, state } = await startTransceiver([{ bind_transceiver: hold() }]);
    await smsc.next('bind_transceiver');
    await expect(smsc.send('enquire_link')).resolves.toMatchObject({ command: 'enquire_link_resp', command_status: 0 });
    smsc.held.release();
    await state();
    await expect(smsc.send('enquire_link')).resolves.toMatchObject({ command: 'enquire_link_resp' });
  });

  test('answers the peer’s unbind, and binds anew', async () => {
    const { smsc, state, clock } = await startTransceiver([{}]);
    await state();
    await expect(smsc.send('unbind')).resolves.toMatchObject({ command: 'unbind_resp' });
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', end: { why: 'unbound' } });
    await clock.advance(250);
    await expect(state()).resolves.toMatchObject({ kind: 'bound' });
  });

  test('that the peer unbinds in mid-window gets the answers that are on their way first', async () => {
    const { smsc, state, submit } = await startTransceiver([{ submit_sm: hold() }, {}]);
    await state();
    const outcomes = [submit(), submit()];
    await smsc.atLeast(2, 'submit_sm');
    await smsc.send('unbind');
    smsc.held.release();
    for (const outcome of outcomes) await expect(outcome).resolves.toMatchObject({ kind: 'answered' });
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', end: { why: 'unbound' } });
  });

  test('whose peer says unbind again and again, and never closes, ends all the same', async () => {
    const { smsc, state, clock, submit } = await startTransceiver([{ submit_sm: hold() }, {}]);
    await state();
    const outcome = submit();
    await smsc.next('submit_sm');
    for (let i = 0; i < 4; i += 1) {
      await smsc.send('unbind');
      await clock.advance(500);
    }
    await expect(state()).resolves.toMatchObject({ kind: 'unbound' });
    await expect(outcome).resolves.toEqual({ kind: 'unanswered', why: 'session-ended' });
  });

  test('is watched in time that does not step with the system’s clock', async () => {
    const { smsc, clock, state } = await startTransceiver([{ enquire_link: freeze }, {}]);
    await state();
    clock.step(-3_600_000);
    await clock.advance(20_000);
    await smsc.next('enquire_link');
    await clock.advance(10_000);
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', end: { why: 'peer-silent' } });
  });

  test('whose peer sends and does not read is not read either, and closed in the end', async () => {
    const { smsc, clock, state, sockets } = await startTransceiver([{}]);
    await state();
    const connection = await smsc.connection(1);
    connection.freeze();
    const enquiries = Buffer.alloc(16 * 4_000);
    for (let i = 0; i < 4_000; i += 1) enquiries.set(Buffer.from('00000010000000150000000000000001', 'hex'), 16 * i);
    // Without back-pressure as much in answers as is sent here would be waiting in memory.
    const sent = 1_000 * enquiries.length;
    for (let i = 0; i < 1_000; i += 1) connection.sendRaw(enquiries);
    let ended = false;
    const unbound = state().finally(() => {
      ended = true;
    });
    while (!ended) await clock.advance(1_000);
    await expect(unbound).resolves.toMatchObject({ kind: 'unbound', end: { why: 'peer-not-reading' } });
    expect(sockets[0]?.bytesRead).toBeLessThan(sent / 2);
  });

  test('answers a command it does not know with generic_nack, and holds (quirk 49)', async () => {
    const { smsc, state, transceiver } = await startTransceiver([{}]);
    await state();
    const connection = await smsc.connection(1);
    connection.sendRaw(Buffer.from('00000010000001110000000000000007', 'hex'));
    await expect(smsc.next('generic_nack')).resolves.toMatchObject({ command_status: 3, sequence_number: 7 });
    expect(transceiver.bound).toBe(true);
  });

  test('to a port that speaks HTTP says so (quirk 50)', async () => {
    const { state } = await startTransceiver([
      { bind_transceiver: sendRaw(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')) },
    ]);
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', reason: expect.stringContaining('speaks HTTP') });
  });
});

describe('a deliver_sm', () => {
  test('is answered when its handler says so, not before', async () => {
    const handled = queueOf<Respond>();
    const { smsc, state } = await startTransceiver([{}], { onDeliver: async (_pdu, respond) => handled.push(respond) });
    await state();
    const answer = smsc.send('deliver_sm', { short_message: Buffer.from('hi') });
    const respond = await handled.shift();
    await smsc.send('enquire_link');
    expect(smsc.receivedOf('deliver_sm_resp')).toHaveLength(0);
    expect(respond(0)).toBe(true);
    await expect(answer).resolves.toMatchObject({ command: 'deliver_sm_resp', command_status: 0 });
  });

  test('whose handler fails is answered with a status on which the SMSC tries again (quirk 61)', async () => {
    const { smsc, state, oddities } = await startTransceiver([{}], {
      onDeliver: () => Promise.reject(new Error('no SNS')),
    });
    await state();
    await expect(smsc.send('deliver_sm')).resolves.toMatchObject({ command_status: 0x58 });
    expect(oddities).toEqual(['deliver_sm could not be handled']);
  });

  test('over the number handled at once is answered the same, and told (quirk 62)', async () => {
    const handled = queueOf<Respond>();
    const { smsc, state, oddities } = await startTransceiver([{}], {
      onDeliver: async (_pdu, respond) => {
        handled.push(respond);
        await new Promise(() => {});
      },
    });
    await state();
    void smsc.send('deliver_sm').catch(() => {});
    void smsc.send('deliver_sm').catch(() => {});
    await expect(smsc.send('deliver_sm')).resolves.toMatchObject({ command_status: 0x58 });
    expect(oddities).toEqual(['more deliver_sm at once than are handled']);
  });

  test('whose session is over before the answer tells the handler that it was not written', async () => {
    const handled = queueOf<Respond>();
    const { smsc, state } = await startTransceiver([{}], { onDeliver: async (_pdu, respond) => handled.push(respond) });
    await state();
    void smsc.send('deliver_sm').catch(() => {});
    const respond = await handled.shift();
    smsc.connections[0]?.drop();
    await expect(state()).resolves.toMatchObject({ kind: 'unbound' });
    expect(respond(0)).toBe(false);
  });

  test('with a sequence number over 0x7fffffff is answered with the same', async () => {
    const { smsc, state } = await startTransceiver([{}]);
    await state();
    const connection = await smsc.connection(1);
    connection.sendRaw(Buffer.from('0000001000000015000000 00ffffffff'.replaceAll(' ', ''), 'hex'));
    await expect(smsc.next('enquire_link_resp')).resolves.toMatchObject({ sequence_number: 0xffffffff });
  });
});
