import { scenarioTest, submitSm } from '../rig.ts';

/** The header of a response to the second request of a connection. */
function header(commandId: string, status: number, length = 16): string {
  return [length.toString(16).padStart(8, '0'), commandId, status.toString(16).padStart(8, '0'), '00000002'].join('');
}

scenarioTest('reject-by-nack', 'the generic_nack has the sequence number of the submit_sm', async (rig) => {
  const esme = await rig.bound();
  const { octets } = await esme.ask('submit_sm', submitSm);
  expect(octets.toString('hex')).toBe(header('80000000', 0x08));
});

scenarioTest('quirk-41', 'a body of one NUL follows the header', async (rig) => {
  const esme = await rig.bound();
  const { octets } = await esme.ask('submit_sm', submitSm);
  expect(octets.toString('hex')).toBe(`${header('80000004', 0x08, 17)}00`);
});

scenarioTest('quirk-41-without-nul', 'a body of one digit follows the header', async (rig) => {
  const esme = await rig.bound();
  const { octets } = await esme.ask('submit_sm', submitSm);
  expect(octets.toString('hex')).toBe(`${header('80000004', 0x08, 17)}30`);
});

scenarioTest('quirk-43', 'TLVs 0x1400 and 0x1401 end a submit_sm_resp', async (rig) => {
  const esme = await rig.bound();
  const { octets } = await esme.ask('submit_sm', submitSm);
  const template = '1400000e3131303031303030303030303030';
  const entity = '1401001331313037313631303030303030303030303030';
  expect(octets.toString('hex')).toMatch(new RegExp(`00${template}${entity}$`));
  expect(octets.readUInt32BE(0)).toBe(octets.length);
});

scenarioTest('quirk-47', 'a response to nothing and a nack come first, then the response twice', async (rig) => {
  const esme = await rig.bound();
  const sequence = esme.send('submit_sm', submitSm);
  const [stray, nack, first, second] = [await esme.next(), await esme.next(), await esme.next(), await esme.next()];
  expect(stray).toMatchObject({ command: 'submit_sm_resp', sequence_number: 0x4000_0002 });
  expect(nack).toMatchObject({ command: 'generic_nack', sequence_number: 0 });
  expect(first).toMatchObject({ command: 'submit_sm_resp', command_status: 0, sequence_number: sequence });
  expect(second.octets).toEqual(first.octets);
});

scenarioTest('quirk-49', 'data_sm gets a generic_nack, and each fifth PDU comes after an unknown one', async (rig) => {
  const esme = await rig.bound();
  const { octets } = await esme.ask('data_sm', { destination_addr: '447700900123' });
  expect(octets.toString('hex')).toBe(header('80000000', 0x03));
  for (const _ of [3, 4]) expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp' });
  expect(await esme.ask('enquire_link')).toMatchObject({ command: 'unknown', command_id: 0x0001_9999 });
  expect(await esme.next()).toMatchObject({ command: 'enquire_link_resp', sequence_number: 5 });
});

scenarioTest('quirk-51', 'query_sm and cancel_sm get a generic_nack with ESME_RINVCMDID', async (rig) => {
  const esme = await rig.bound();
  for (const [index, command] of ['query_sm', 'cancel_sm'].entries()) {
    const sequence_number = index + 2;
    expect(await esme.ask(command, { message_id: '1' })).toMatchObject({
      command: 'generic_nack',
      command_status: 0x03,
      sequence_number,
    });
  }
});

scenarioTest('slow', 'a response takes half a second at least and two seconds at most', async (rig) => {
  const esme = await rig.bound();
  esme.send('submit_sm', submitSm);
  expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp', sequence_number: 3 });
  await rig.clock.advance(499);
  expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp', sequence_number: 4 });
  await rig.clock.advance(1_501);
  expect(await esme.next()).toMatchObject({ command: 'submit_sm_resp', command_status: 0, sequence_number: 2 });
});

scenarioTest('silent', 'a submit_sm reaches the handset, and nothing answers it', async (rig) => {
  const esme = await rig.bound();
  esme.send('submit_sm', submitSm);
  await rig.simulator.handsets.awaitMessages({ to: '+447700900123' }, new AbortController().signal);
  await rig.clock.advance(24 * 3_600_000);
  expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp', sequence_number: 3 });
});

scenarioTest('silent-link', 'a submit_sm is answered, the enquire_link before it is not', async (rig) => {
  const esme = await rig.bound();
  esme.send('enquire_link');
  expect(await esme.ask('submit_sm', submitSm)).toMatchObject({ command: 'submit_sm_resp', sequence_number: 3 });
  expect(esme.received).toEqual([]);
});

scenarioTest('stray-nacks', 'a nack, a response to nothing and one of another command come first', async (rig) => {
  const esme = await rig.bound();
  const sequence_number = esme.send('submit_sm', submitSm);
  expect(await esme.next()).toMatchObject({ command: 'generic_nack', sequence_number: 0 });
  expect(await esme.next()).toMatchObject({ command: 'submit_sm_resp', sequence_number: 0x4000_0002 });
  expect(await esme.next()).toMatchObject({ command: 'enquire_link_resp', sequence_number });
  expect(await esme.next()).toMatchObject({ command: 'submit_sm_resp', command_status: 0, sequence_number });
});
