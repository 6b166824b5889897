import { startRig, submitSm } from '../rig.ts';

/** The body of a submit_sm, field by field, as hex. */
const body = {
  serviceType: '00',
  source: '0001313233343500',
  destination: '0101343437373030393030313233'.concat('00'),
  flags: '000000',
  schedule: '00',
  validity: '00',
  more: '00000000',
  text: '0548656c6c6f',
  tlvs: '',
};

function submitSmOf(change: Partial<typeof body>): Buffer {
  const octets = Buffer.from(Object.values({ ...body, ...change }).join(''), 'hex');
  const header = Buffer.from('00000000000000040000000000000007', 'hex');
  header.writeUInt32BE(16 + octets.length, 0);
  return Buffer.concat([header, octets]);
}

const digits = (count: number) => Buffer.alloc(count, '9').toString('hex');

test.each([
  ['nothing wrong', {}, 0x00],
  ['nothing wrong, and an octet behind it', { tlvs: '00' }, 0x00],
  ['a TLV', { tlvs: '020400020001' }, 0x00],
  ['a service_type of 6 characters', { serviceType: '41414141414100' }, 0x15],
  ['a source_addr of 21 digits', { source: `0101${digits(21)}00` }, 0x0a],
  ['a destination_addr of 20 digits', { destination: `0101${digits(20)}00` }, 0x00],
  ['a destination_addr of 21 digits', { destination: `0101${digits(21)}00` }, 0x0b],
  ['a schedule_delivery_time of 17 characters', { schedule: `${digits(17)}00` }, 0x61],
  ['a validity_period of 17 characters', { validity: `${digits(17)}00` }, 0x62],
  ['a sm_length of 255', { text: `ff${'41'.repeat(255)}` }, 0x01],
  ['a sm_length beyond the end', { text: 'c8616263' }, 0x01],
  ['a TLV beyond the end', { tlvs: '042400100102' }, 0xc0],
  [
    'no end of the source_addr',
    { source: '0001313233', destination: '', flags: '', schedule: '', validity: '', more: '', text: '' },
    0x02,
  ],
  ['no octets behind the addresses', { flags: '', schedule: '', validity: '', more: '', text: '' }, 0x02],
])('a submit_sm with %s is answered so', async (_what, change, commandStatus) => {
  const { bound, simulator } = await startRig();
  const esme = await bound();
  esme.write(submitSmOf(change));
  const response = await esme.next();
  expect(response).toMatchObject({ command: 'submit_sm_resp', command_status: commandStatus, sequence_number: 7 });
  expect(simulator.handsets.messages()).toHaveLength(commandStatus === 0 ? 1 : 0);
});

test('a data_sm may have addresses of 64 characters', async () => {
  const { bound } = await startRig();
  const esme = await bound();
  const ask = (count: number) =>
    esme.ask('data_sm', { destination_addr: '9'.repeat(count), message_payload: submitSm.short_message });
  expect(await ask(64)).toMatchObject({ command_status: 0 });
  expect(await ask(65)).toMatchObject({ command_status: 0x0b });
});
