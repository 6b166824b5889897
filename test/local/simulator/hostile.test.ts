import { attackOf, strike } from './attack.ts';
import { startRig, submitSm } from './rig.ts';

const seed = 20_260_101;

/** What an error of JavaScript's own says; a peer's fault is told in our words, but for why the package cannot decode it. */
const slips =
  /^(?!cannot decode).*(undefined|not a function|not iterable|out of|outside|Maximum call stack|must be of type|ERR_)/;

test.each([0, 1, 2, 3, 4])('whatever is sent, the simulator serves on: attacks from %i00', async (hundred) => {
  const { simulator, clock, faults, bound } = await startRig({
    change: { handsets: { gsm7: hundred % 2 === 0 ? 'unpacked' : 'packed' } },
  });
  for (let index = hundred * 100; index < (hundred + 1) * 100; index += 1) {
    await strike(attackOf(seed, index), simulator.smsc.port);
  }
  const esme = await bound();
  esme.send('submit_sm', submitSm);
  expect(await esme.next('submit_sm_resp')).toMatchObject({ command_status: 0 });
  await clock.advance(7 * 24 * 3_600_000);
  // Whoever looks at what came, decoded and raw, can.
  const messages = JSON.parse(JSON.stringify(simulator.handsets.messages()));
  expect(messages.at(-1)).toMatchObject({ to: '+447700900123', shortMessages: [{ octets: '48656c6c6f' }] });
  expect(simulator.smsc.sessions).toHaveLength(1);
  expect(faults.filter((fault) => slips.test(fault))).toEqual([]);
});

test('a text that a handset cannot send back is told, and ends no session', async () => {
  const { simulator, bound, faults } = await startRig();
  const esme = await bound();
  const fields = { source_addr: '12345', dest_addr_ton: 1, destination_addr: '447700900915' };
  const answer = await esme.ask('data_sm', { ...fields, message_payload: Buffer.alloc(255 * 153 + 1, 'x') });
  expect(answer).toMatchObject({ command: 'data_sm_resp', command_status: 0 });
  expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp' });
  expect(faults).toEqual([expect.stringContaining('text must fit in 255 parts, needs 256')]);
  expect(simulator.smsc.sessions).toHaveLength(1);
});

test.each([1, 3, 4, 15, 16, 20])('a connection that ends %i octets into a PDU is gone', async (octets) => {
  const { simulator, connect, bound, faults } = await startRig();
  const esme = await connect();
  await esme.bind();
  esme.write(Buffer.from('000000380000000400000000000000070000000000000000', 'hex').subarray(0, octets));
  esme.socket.end();
  await esme.closed;
  await bound();
  expect(simulator.smsc.sessions).toHaveLength(1);
  expect(faults.filter((fault) => slips.test(fault))).toEqual([]);
});

test('a recipient whose number is a word of JavaScript is a number like any other', async () => {
  const { simulator, bound } = await startRig();
  const esme = await bound();
  for (const destination_addr of ['__proto__', 'constructor', 'toString']) {
    const fields = { ...submitSm, dest_addr_ton: 5, destination_addr };
    expect(await esme.ask('submit_sm', fields)).toMatchObject({ command: 'submit_sm_resp', command_status: 0 });
    expect(simulator.handsets.view(destination_addr)).toMatchObject({ state: 'on', messages: [{ text: 'Hello' }] });
  }
});
