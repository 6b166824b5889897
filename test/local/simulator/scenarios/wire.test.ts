import { once } from 'node:events';
import type { Socket } from 'node:net';
import { malformedKinds } from '../../../../local/simulator/play/behaviour.ts';
import { malformed } from '../../../../local/simulator/sessions/malformed.ts';
import { pduOctets } from '../../../../local/simulator/sessions/pdu-octets.ts';
import { socketPair } from '../../../support/socket-pair.ts';
import { type Rig, scenarioTest, submitSm } from '../rig.ts';

const bind = pduOctets('bind_transceiver', { sequence: 1, fields: { system_id: 'me', password: 'secret' } });
const enquireLink = pduOctets('enquire_link', { sequence: 2 });
const bindResponse = pduOctets('bind_transceiver_resp', {
  sequence: 1,
  fields: { system_id: 'simulator', sc_interface_version: 0x34 },
});

/** A connection that keeps what was one write apart from the next. */
function connectInMemory(rig: Rig): { socket: Socket; writes: Buffer[] } {
  const [socket, server] = socketPair();
  const writes: Buffer[] = [];
  socket.on('data', (octets) => writes.push(octets));
  rig.simulator.smsc.serve(server);
  return { socket, writes };
}

async function writesOf(rig: Rig, octets: number): Promise<Buffer[]> {
  const { socket, writes } = connectInMemory(rig);
  socket.write(bind);
  while (Buffer.concat(writes).length < octets) await once(socket, 'data');
  return writes;
}

scenarioTest('split', 'each octet is a write of its own, and together they are the PDU', async (rig) => {
  const writes = await writesOf(rig, bindResponse.length);
  expect(writes.map(({ length }) => length)).toEqual(Array.from(bindResponse, () => 1));
  expect(Buffer.concat(writes)).toEqual(bindResponse);
  expect((await (await rig.connect()).bind()).octets).toEqual(bindResponse);
});

scenarioTest('split-anywhere', 'the pieces have many lengths, and together they are the PDUs', async (rig) => {
  const { socket, writes } = connectInMemory(rig);
  socket.write(bind);
  for (let n = 0; n < 50; n++) socket.write(enquireLink);
  const all = Buffer.concat([bindResponse, ...Array(50).fill(pduOctets('enquire_link_resp', { sequence: 2 }))]);
  while (Buffer.concat(writes).length < all.length) await once(socket, 'data');
  expect(Buffer.concat(writes)).toEqual(all);
  expect(new Set(writes.map(({ length }) => length)).size).toBeGreaterThan(5);
  expect((await (await rig.connect()).bind()).octets).toEqual(bindResponse);
});

scenarioTest('one-write', 'what is due within 50 ms goes out in one write', async (rig) => {
  const { socket, writes } = connectInMemory(rig);
  socket.write(bind);
  await rig.clock.advance(20);
  socket.write(enquireLink);
  await rig.clock.advance(29);
  expect(writes).toEqual([]);
  await rig.clock.advance(1);
  expect(writes).toEqual([Buffer.concat([bindResponse, pduOctets('enquire_link_resp', { sequence: 2 })])]);
});

scenarioTest(
  'malformed',
  'the tenth PDU comes after octets of one kind, over the next connection of the next',
  async (rig) => {
    for (const kind of malformedKinds) {
      const esme = await rig.bound();
      for (let n = 2; n <= 10; n++) esme.send('enquire_link');
      const before = bindResponse.length + 8 * 16;
      const last = pduOctets('enquire_link_resp', { sequence: 10 });
      const octets = await esme.until((come) => come.length > before && come.subarray(-16).equals(last));
      const bad = octets.subarray(before, -16);
      if (kind === 'garbage') expect(bad.readUInt32BE(0)).toBeGreaterThan(0xff_ffff);
      else expect(bad).toEqual(malformed(kind, () => 0));
    }
  },
);

scenarioTest('quirk-42', 'four octets of zero end each PDU, within its command_length', async (rig) => {
  const esme = await rig.connect();
  const response = await esme.bind();
  expect(response.octets.readUInt32BE(0)).toBe(bindResponse.length + 4);
  expect(response.octets.subarray(16)).toEqual(Buffer.concat([bindResponse.subarray(16), Buffer.alloc(4)]));
  const { octets } = await esme.ask('enquire_link');
  expect(octets.toString('hex')).toBe('0000001480000015000000000000000200000000');
});

scenarioTest('quirk-42-without-nul', 'the message_id of a submit_sm_resp ends with the PDU', async (rig) => {
  const esme = await rig.bound();
  const { octets } = await esme.ask('submit_sm', submitSm);
  expect(octets.readUInt32BE(0)).toBe(octets.length);
  expect(octets.subarray(16).toString('latin1')).toMatch(/^[0-9A-F]{16}$/);
});

scenarioTest('high-sequence-numbers', 'the first is 0x80000000, and answers to them are understood', async (rig) => {
  const esme = await rig.bound();
  for (const expected of [0x8000_0000, 0x8000_0001]) {
    const sent = rig.simulator.sendMo({ from: '+447700900123', to: '12345', text: 'Hi' });
    const deliver = await esme.next('deliver_sm');
    expect(deliver.octets.readUInt32BE(12)).toBe(expected);
    esme.answer(deliver);
    expect(await sent).toEqual([0]);
  }
});

scenarioTest(
  'random-sequence-numbers',
  'they are spread over 32 bits, and answers to them are understood',
  async (rig) => {
    const esme = await rig.bound();
    const numbers = [];
    for (let n = 0; n < 20; n++) {
      const sent = rig.simulator.sendMo({ from: '+447700900123', to: '12345', text: 'Hi' });
      const deliver = await esme.next('deliver_sm');
      numbers.push(deliver.octets.readUInt32BE(12));
      esme.answer(deliver);
      expect(await sent).toEqual([0]);
    }
    expect(new Set(numbers).size).toBe(20);
    expect(numbers.some((number) => number >= 0x8000_0000)).toBe(true);
    expect(numbers.some((number) => number < 0x8000_0000)).toBe(true);
  },
);
