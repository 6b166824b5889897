import { connect, type Socket } from 'node:net';
import type { Esme } from '../esme.ts';
import { type Rig, scenarioTest, startRig, submitSm } from '../rig.ts';

async function submit(esme: Esme, times: number): Promise<void> {
  for (let n = 1; n <= times; n++) {
    expect(await esme.ask('submit_sm', submitSm)).toMatchObject({ command: 'submit_sm_resp', command_status: 0 });
  }
}

/** Resolves with how a connection ends: by the error of a reset, or quietly. */
function ending(socket: Socket): Promise<string> {
  let code = 'FIN';
  socket.once('error', (error) => {
    code = 'code' in error ? String(error.code) : error.message;
  });
  return new Promise((resolve) => socket.once('close', () => resolve(code)));
}

/** As long as an SMSC that is well needs to answer a few times: whatever was sent before has come by then. */
async function aWhile(): Promise<void> {
  const esme = await (await startRig()).bound();
  for (let n = 0; n < 10; n++) await esme.ask('enquire_link');
}

/** A reset may come before the connection is told to be there. */
async function expectReset({ simulator }: Rig, port = simulator.smsc.port): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  expect(await ending(socket)).toBe('ECONNRESET');
  expect(chunks).toEqual([]);
}

scenarioTest('drop', 'the connection is reset five seconds after the bind, not before', async (rig) => {
  const esme = await rig.bound();
  const ended = ending(esme.socket);
  await rig.clock.advance(4_999);
  await esme.ask('enquire_link');
  await rig.clock.advance(1);
  expect(await ended).toBe('ECONNRESET');
});

scenarioTest('freeze', 'nothing is read or written until something else is played', async (rig) => {
  const esme = await rig.connect();
  const answered = esme.bind();
  await aWhile();
  await rig.clock.advance(600_000);
  expect([rig.simulator.smsc.stats().pdusIn, esme.octets.length]).toEqual([0, 0]);
  rig.simulator.stage.play({ scenarios: [], change: {} });
  expect(await answered).toMatchObject({ command: 'bind_transceiver_resp', command_status: 0 });
});

scenarioTest('quirk-48', 'an enquire_link comes before the bind, and one after the unbind', async (rig) => {
  const esme = await rig.connect();
  expect((await esme.next()).octets.toString('hex')).toBe('00000010000000150000000000000001');
  await esme.bind();
  await submit(esme, 10);
  const unbind = await esme.next();
  expect(unbind.octets.toString('hex')).toBe('00000010000000060000000000000002');
  expect((await esme.next()).octets.toString('hex')).toBe('00000010000000150000000000000003');
  esme.answer(unbind);
  expect(await ending(esme.socket)).toBe('FIN');
});

scenarioTest('quirk-50', 'HTTP comes instead of an answer to the bind', async (rig) => {
  const esme = await rig.connect();
  const refused = expect(esme.bind()).rejects.toThrow('closed');
  await esme.closed;
  await refused;
  expect(esme.octets.toString('latin1')).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
});

scenarioTest('quirk-50-amqp', 'the greeting of AMQP 0-9-1 comes', async (rig) => {
  const esme = await rig.connect();
  await esme.closed;
  expect(esme.octets.toString('hex')).toBe(`${Buffer.from('AMQP').toString('hex')}00000901`);
});

scenarioTest('quirk-50-tls', 'an alert of TLS comes', async (rig) => {
  const esme = await rig.connect();
  await esme.closed;
  expect(esme.octets.toString('hex')).toBe('1503030002020a');
});

scenarioTest('quirk-54', 'who says something in time stays, who says nothing is hung up on', async (rig) => {
  const esme = await rig.bound();
  await rig.clock.advance(20_000);
  await esme.ask('enquire_link');
  await rig.clock.advance(29_999);
  await esme.ask('enquire_link');
  const ended = ending(esme.socket);
  await rig.clock.advance(30_000);
  expect(await ended).toBe('FIN');
});

scenarioTest('quirk-55', 'ten submit_sm are answered, what comes after them is not', async (rig) => {
  const esme = await rig.bound();
  await submit(esme, 10);
  const [{ length }, { pdusIn }] = [esme.octets, rig.simulator.smsc.stats()];
  esme.send('enquire_link');
  await aWhile();
  await rig.clock.advance(600_000);
  expect([rig.simulator.smsc.stats().pdusIn, esme.octets.length]).toEqual([pdusIn, length]);
  rig.simulator.stage.play({ scenarios: [], change: {} });
  await aWhile();
  expect(esme.octets).toHaveLength(length);
});

scenarioTest('quirk-56', 'after the tenth response comes RST', async (rig) => {
  const esme = await rig.bound();
  await submit(esme, 9);
  const ended = ending(esme.socket);
  await submit(esme, 1);
  expect(await ended).toBe('ECONNRESET');
  expect(esme.received).toEqual([]);
});

scenarioTest('quirk-56-fin', 'after the tenth response comes FIN', async (rig) => {
  const esme = await rig.bound();
  await submit(esme, 9);
  const ended = ending(esme.socket);
  await submit(esme, 1);
  expect(await ended).toBe('FIN');
  expect(esme.received).toEqual([]);
});

scenarioTest('quirk-57', 'of two hosts each is away for a minute, a single one comes and goes', async (single) => {
  const pair = await startRig({ scenarios: ['quirk-57'], hosts: 2 });
  const [first, second] = pair.simulator.smsc.ports;
  for (const [away, here] of [
    [first, second],
    [second, first],
    [first, second],
  ]) {
    await expectReset(pair, away);
    const esme = await pair.connect(here);
    expect(await esme.bind()).toMatchObject({ command_status: 0 });
    await pair.clock.advance(60_000);
    await esme.closed;
  }
  const esme = await single.bound();
  await single.clock.advance(60_000);
  await esme.closed;
  await expectReset(single);
  await single.clock.advance(60_000);
  await single.bound();
});

scenarioTest('quirk-58', 'the 1,024th submit_sm is answered, then comes an unbind', async (rig) => {
  const esme = await rig.bound();
  for (let n = 1; n <= 1_024; n++) esme.send('submit_sm', submitSm);
  const unbind = await esme.next('unbind');
  expect(unbind.octets.toString('hex')).toBe('00000010000000060000000000000001');
  expect(esme.received).toHaveLength(1_024);
  esme.answer(unbind);
  expect(await ending(esme.socket)).toBe('FIN');
});

scenarioTest('quirk-65', 'connections are reset before anything is said', async (rig) => {
  await expectReset(rig);
  rig.simulator.stage.play({ scenarios: [], change: {} });
  await rig.bound();
});

scenarioTest('quirk-66', 'an outbind comes as soon as somebody connects', async (rig) => {
  const esme = await rig.connect();
  const { octets } = await esme.next();
  const body = Buffer.from('simulator\0\0');
  expect(octets.toString('hex')).toBe(`0000001b0000000b0000000000000001${body.toString('hex')}`);
});
