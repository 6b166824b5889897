import { concatenationUdh } from '../../support/concatenation-udh.ts';
import { Esme } from './esme.ts';
import { startRig, submitSm } from './rig.ts';

/** What a friendly SMSC does, when no scenario is played. */

describe('a bind', () => {
  test.each(['bind_transceiver', 'bind_transmitter', 'bind_receiver'])(
    'by %s with the right password succeeds',
    async (command) => {
      const { connect } = await startRig();
      const response = await (await connect()).bind({}, command);
      expect(response).toMatchObject({ command: `${command}_resp`, command_status: 0, sequence_number: 1 });
    },
  );

  test('with an unknown system_id or a wrong password is refused by what is wrong', async () => {
    const { connect } = await startRig();
    expect(await (await connect()).bind({ system_id: 'you' })).toMatchObject({ command_status: 0x0f });
    expect(await (await connect()).bind({ password: 'guess' })).toMatchObject({ command_status: 0x0e });
  });

  test('that comes a second time is refused', async () => {
    const { connect } = await startRig();
    const esme = await connect();
    await esme.bind();
    expect(await esme.bind()).toMatchObject({ command_status: 0x05 });
  });
});

describe('a submit_sm', () => {
  test('is answered with an id of its own, and reaches the handset', async () => {
    const { simulator, connect } = await startRig();
    const esme = await connect();
    await esme.bind();
    const first = await esme.ask('submit_sm', submitSm);
    const second = await esme.ask('submit_sm', submitSm);
    expect([first, second]).toMatchObject([{ command_status: 0 }, { command_status: 0 }]);
    expect(first.message_id).not.toBe(second.message_id);
    expect(simulator.handsets.messages({ to: '+447700900123' })).toMatchObject([
      { from: '12345', text: 'Hello', messageIds: [first.message_id] },
      { text: 'Hello', messageIds: [second.message_id] },
    ]);
  });

  test('is refused before a bind and on a receiver', async () => {
    const { connect } = await startRig();
    const unbound = await connect();
    expect(await unbound.ask('submit_sm', submitSm)).toMatchObject({ command_status: 0x04 });
    const receiver = await connect();
    await receiver.bind({}, 'bind_receiver');
    expect(await receiver.ask('submit_sm', submitSm)).toMatchObject({ command_status: 0x04 });
  });

  test('to nobody is refused', async () => {
    const { connect } = await startRig();
    const esme = await connect();
    await esme.bind();
    expect(await esme.ask('submit_sm', { ...submitSm, destination_addr: '' })).toMatchObject({ command_status: 0x0b });
  });

  test('may carry parts, and octets that are no text', async () => {
    const { simulator, connect } = await startRig();
    const esme = await connect();
    await esme.bind();
    for (const [part, octet] of [
      [1, 0xff],
      [2, 0x80],
    ] as const) {
      const short_message = Buffer.concat([concatenationUdh(9, 2, part), Uint8Array.of(octet)]);
      await esme.ask('submit_sm', { ...submitSm, esm_class: 0x40, data_coding: 3, short_message });
    }
    expect(simulator.handsets.messages()).toMatchObject([{ text: '\u00ff\u0080', parts: 2 }]);
  });

  test('may carry its text as message_payload', async () => {
    const { simulator, connect } = await startRig();
    const esme = await connect();
    await esme.bind();
    const message_payload = Buffer.alloc(20_000, 'x');
    await esme.ask('submit_sm', { ...submitSm, short_message: Buffer.alloc(0), message_payload });
    expect(simulator.handsets.messages()[0]?.text).toBe('x'.repeat(20_000));
  });
});

describe('a receipt', () => {
  test('comes a moment after the message, when it was asked for', async () => {
    const { clock, connect } = await startRig();
    const esme = await connect();
    await esme.bind();
    const { message_id } = await esme.ask('submit_sm', { ...submitSm, registered_delivery: 1 });
    await clock.advance(200);
    const receipt = await esme.next();
    expect(receipt).toMatchObject({
      command: 'deliver_sm',
      esm_class: 0x04,
      data_coding: 0,
      source_addr: '447700900123',
      destination_addr: '12345',
      receipted_message_id: message_id,
      message_state: 2,
    });
    expect(String(receipt.short_message)).toBe(
      `id:${message_id} sub:001 dlvrd:001 submit date:2601010000 done date:2601010000 stat:DELIVRD err:000 text:Hello`,
    );
  });

  test.each([0, 2])('does not come for registered_delivery %i', async (registered_delivery) => {
    const { clock, connect } = await startRig();
    const esme = await connect();
    await esme.bind();
    await esme.ask('submit_sm', { ...submitSm, registered_delivery });
    await clock.advance(60_000);
    expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp' });
  });

  test('of what a transmitter sent comes to the receiver beside it', async () => {
    const { clock, connect } = await startRig();
    const transmitter = await connect();
    await transmitter.bind({}, 'bind_transmitter');
    const receiver = await connect();
    await receiver.bind({}, 'bind_receiver');
    const { message_id } = await transmitter.ask('submit_sm', { ...submitSm, registered_delivery: 1 });
    await clock.advance(200);
    expect(await receiver.next()).toMatchObject({ command: 'deliver_sm', receipted_message_id: message_id });
    expect(await transmitter.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp' });
  });

  test('of what a transmitter sent waits until a receiver is bound', async () => {
    const { clock, connect } = await startRig();
    const transmitter = await connect();
    await transmitter.bind({}, 'bind_transmitter');
    const { message_id } = await transmitter.ask('submit_sm', { ...submitSm, registered_delivery: 1 });
    await clock.advance(200);
    expect(await transmitter.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp' });
    const receiver = await connect();
    await receiver.bind({}, 'bind_receiver');
    expect(await receiver.next()).toMatchObject({ receipted_message_id: message_id });
  });

  test('waits for the next bind when nobody is bound', async () => {
    const { clock, connect } = await startRig();
    const first = await connect();
    await first.bind();
    const { message_id } = await first.ask('submit_sm', { ...submitSm, registered_delivery: 1 });
    await first.ask('unbind');
    await first.closed;
    await clock.advance(200);
    const second = await connect();
    await second.bind();
    expect(await second.next()).toMatchObject({ receipted_message_id: message_id });
  });
});

describe('what a handset sends', () => {
  test('comes as deliver_sm, and the answer goes back to the handset', async () => {
    const { simulator, connect } = await startRig();
    const esme = await connect();
    await esme.bind();
    const sent = simulator.sendMo({ from: '+447700900123', to: '12345', text: 'Hi €' });
    const deliver = await esme.next();
    expect(deliver).toMatchObject({
      command: 'deliver_sm',
      source_addr_ton: 1,
      source_addr: '447700900123',
      destination_addr: '12345',
      esm_class: 0,
      data_coding: 0,
      short_message: Buffer.from([0x48, 0x69, 0x20, 0x1b, 0x65]),
    });
    esme.answer(deliver, { command_status: 0x45 });
    expect(await sent).toEqual([0x45]);
  });

  test('comes in parts when it is long', async () => {
    const { simulator, connect } = await startRig();
    const esme = await connect();
    await esme.bind();
    const sent = simulator.sendMo({ from: '+447700900123', to: '12345', text: 'Ж'.repeat(80) });
    for (const part of [1, 2]) {
      const deliver = await esme.next();
      expect(deliver).toMatchObject({ esm_class: 0x40, data_coding: 8 });
      expect((deliver.short_message as Buffer).subarray(0, 6)).toEqual(Buffer.from([5, 0, 3, 1, 2, part]));
      esme.answer(deliver);
    }
    expect(await sent).toEqual([0, 0]);
  });

  test('goes to a session that receives, not to a transmitter', async () => {
    const { simulator, connect } = await startRig();
    await (await connect()).bind({}, 'bind_transmitter');
    const sent = simulator.sendMo({ from: '+447700900123', to: '12345', text: 'Hi' });
    const receiver = await connect();
    await receiver.bind({}, 'bind_receiver');
    receiver.answer(await receiver.next());
    expect(await sent).toEqual([0]);
  });

  test('comes again after a refusal that asks for it', async () => {
    const { simulator, clock, connect } = await startRig();
    const esme = await connect();
    await esme.bind();
    const sent = simulator.sendMo({ from: '+447700900123', to: '12345', text: 'Hi' });
    esme.answer(await esme.next(), { command_status: 0x58 });
    // The answer of the enquire_link shows that the refusal was read.
    await esme.ask('enquire_link');
    await clock.advance(1_000);
    esme.answer(await esme.next());
    expect(await sent).toEqual([0]);
  });

  test('comes again when the session ended without an answer', async () => {
    const { simulator, connect } = await startRig();
    const first = await connect();
    await first.bind();
    const sent = simulator.sendMo({ from: '+447700900123', to: '12345', text: 'Hi' });
    await first.next();
    first.destroy();
    const second = await connect();
    await second.bind();
    second.answer(await second.next());
    expect(await sent).toEqual([0]);
  });
});

describe('a session', () => {
  test('is asked whether it is alive, and ended by unbind', async () => {
    const { connect } = await startRig();
    const esme = await connect();
    expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp', command_status: 0 });
    expect(await esme.ask('unbind')).toMatchObject({ command: 'unbind_resp', command_status: 0 });
    await esme.closed;
  });

  test('gets generic_nack for a command that the SMSC does not know, and goes on', async () => {
    const { connect } = await startRig();
    const esme = await connect();
    esme.write(Buffer.from('00000010000099990000000000000007', 'hex'));
    expect(await esme.next()).toMatchObject({ command: 'generic_nack', command_status: 0x03, sequence_number: 7 });
    expect(await esme.ask('replace_sm')).toMatchObject({ command: 'generic_nack', command_status: 0x03 });
    expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp' });
  });

  test('takes responses to nothing in its stride', async () => {
    const { connect } = await startRig();
    const esme = await connect();
    for (const command of ['deliver_sm_resp', 'generic_nack', 'enquire_link_resp']) esme.send(command);
    expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp' });
  });

  test.each([
    ['a command_length of 0', '00000000'],
    ['a command_length of 3', '00000003'],
    ['a command_length of 15', '0000000f'],
    ['a command_length of 1 MB', '00100000'],
    ['another protocol', Buffer.from('GET / HTTP/1.1\r\n').toString('hex')],
  ])('that sends %s is ended, and the SMSC serves on', async (_what, hex) => {
    const { connect, faults } = await startRig();
    const esme = await connect();
    esme.write(Buffer.from(hex, 'hex'));
    await esme.closed;
    expect(faults).toHaveLength(1);
    expect(await (await connect()).bind()).toMatchObject({ command_status: 0 });
  });

  test('that sends a submit_sm without a body gets an answer', async () => {
    const { connect } = await startRig();
    const esme = await connect();
    await esme.bind();
    esme.write(Buffer.from('00000010000000040000000000000009', 'hex'));
    expect(await esme.next()).toMatchObject({ command: 'submit_sm_resp', command_status: 0x02, sequence_number: 9 });
  });
});

describe('the SMSC', () => {
  test('that is switched off drops its sessions, and comes back on the same port', async () => {
    const { simulator, connect } = await startRig();
    const { port } = simulator.smsc;
    const esme = await connect();
    await esme.bind();
    await simulator.stop();
    await esme.closed;
    await expect(Esme.connect(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await simulator.start();
    expect(simulator.smsc.port).toBe(port);
    expect(await (await connect()).bind()).toMatchObject({ command_status: 0 });
  });

  test('that ends gives up what it could not deliver', async () => {
    const { simulator } = await startRig();
    const sent = simulator.sendMo({ from: '+447700900123', to: '12345', text: 'Hi' });
    await simulator.end();
    expect(await sent).toEqual([undefined]);
  });

  test('tells its state', async () => {
    const { simulator, connect } = await startRig();
    const esme = await connect();
    await esme.bind();
    await esme.ask('submit_sm', submitSm);
    expect(simulator.stats()).toMatchObject({
      listening: true,
      port: simulator.smsc.port,
      sessions: [{ kind: 'bound', command: 'bind_transceiver', systemId: 'me' }],
      submitted: 1,
      outstandingDeliveries: 0,
    });
  });
});
