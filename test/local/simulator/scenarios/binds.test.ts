import { scenarioTest, startRig } from '../rig.ts';

const [ok, alreadyBound, bindFailed] = [0, 0x05, 0x0d];

scenarioTest('already-bound', 'each bind is refused, right or wrong', async (rig) => {
  for (const password of ['secret', 'guess']) {
    const { octets } = await (await rig.connect()).bind({ password });
    expect(octets.toString('hex')).toBe('00000010800000090000000500000001');
  }
});

scenarioTest('wrong-password', 'each bind is refused', async (rig) => {
  const { octets } = await (await rig.connect()).bind();
  expect(octets.toString('hex')).toBe('00000010800000090000000e00000001');
});

scenarioTest('silent-bind', 'nothing answers a bind, and whoever waits is hung up on after a minute', async (rig) => {
  const esme = await rig.connect();
  esme.send('bind_transceiver', { system_id: 'me', password: 'secret' });
  expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp', sequence_number: 2 });
  await rig.clock.advance(60_000);
  await esme.closed;
  expect(esme.octets).toHaveLength(16);
});

scenarioTest('bind-nack', 'a generic_nack has the sequence number of the bind', async (rig) => {
  const { octets } = await (await rig.connect()).bind();
  expect(octets.toString('hex')).toBe('00000010800000000000000300000001');
});

scenarioTest('bind-wrong-sequence', 'the response is right but for its sequence number', async (rig) => {
  const response = await (await rig.connect()).bind();
  expect(response).toMatchObject({ command: 'bind_transceiver_resp', command_status: ok, sequence_number: 0x1001 });
});

scenarioTest('bind-other-command', 'an enquire_link_resp has the sequence number of the bind', async (rig) => {
  const { octets } = await (await rig.connect()).bind();
  expect(octets.toString('hex')).toBe('00000010800000150000000000000001');
});

scenarioTest('quirk-44', 'the system_id of the SMSC is longer than 15 characters', async (rig) => {
  const { octets } = await (await rig.connect()).bind();
  const systemId = Buffer.from('smsc-with-a-long-name.example.com\0');
  expect(octets.subarray(16, 16 + systemId.length)).toEqual(systemId);
});

scenarioTest('quirk-45', 'interface_version 0x50 is refused, 0x34 is not', async (rig) => {
  const esme = await rig.connect();
  expect(await esme.bind({ interface_version: 0x50 })).toMatchObject({ command_status: bindFailed });
  expect(await esme.bind({ interface_version: 0x34 })).toMatchObject({ command_status: ok });
});

scenarioTest('quirk-46', 'command_status is 3 for wrong credentials and 5 for too many binds', async () => {
  const accounts = [{ systemId: 'me', password: 'secret', maxBinds: 1 }];
  const { connect, bound } = await startRig({ scenarios: ['quirk-46'], accounts });
  const esme = await connect();
  expect(await esme.bind({ password: 'guess' })).toMatchObject({ command_status: 3 });
  expect(await esme.bind({ system_id: 'you' })).toMatchObject({ command_status: 3 });
  await bound();
  expect(await esme.bind()).toMatchObject({ command_status: 5 });
});

scenarioTest('quirk-52', 'a second bind is refused, and so is one within two minutes of a cut', async (rig) => {
  const first = await rig.bound();
  expect(await (await rig.connect()).bind()).toMatchObject({ command_status: alreadyBound });
  const [session] = rig.simulator.smsc.sessions;
  first.destroy();
  await session?.closed;
  await rig.clock.advance(119_999);
  expect(await (await rig.connect()).bind()).toMatchObject({ command_status: alreadyBound });
  await rig.clock.advance(1);
  await rig.bound();
});

scenarioTest('quirk-53', 'who comes back within half a minute is refused', async (rig) => {
  const first = await rig.bound();
  await first.ask('unbind');
  await rig.clock.advance(29_999);
  const second = await rig.connect();
  expect(await second.bind()).toMatchObject({ command_status: bindFailed });
  await rig.clock.advance(1);
  expect(await second.bind()).toMatchObject({ command_status: ok });
});

scenarioTest('quirk-63', 'a bind without one of them is refused with ESME_RINVSYSTYP', async (rig) => {
  const fields = { system_type: 'smpp', address_range: '^44', addr_ton: 1 };
  const esme = await rig.connect();
  for (const lacking of [{ system_type: '' }, { address_range: '' }, { addr_ton: 0 }]) {
    expect(await esme.bind({ ...fields, ...lacking })).toMatchObject({ command_status: 0x53 });
  }
  expect(await esme.bind(fields)).toMatchObject({ command_status: ok });
});

scenarioTest('quirk-64', 'a transceiver is refused, a transmitter and a receiver are not', async (rig) => {
  const esme = await rig.connect();
  expect(await esme.bind()).toMatchObject({ command: 'bind_transceiver_resp', command_status: bindFailed });
  expect(await esme.bind({}, 'bind_transmitter')).toMatchObject({ command_status: ok });
  expect(await (await rig.connect()).bind({}, 'bind_receiver')).toMatchObject({ command_status: ok });
});
