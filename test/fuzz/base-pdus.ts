import { commands } from 'smpp/lib/defs.js';
import { PDU } from '../support/smpp-oracle.ts';

/** Valid PDUs by the package `smpp`, which shares nothing with our codec: what the mutations begin with. */

type Fields = Readonly<Record<string, unknown>>;

export const headerOctets = 16;
export const noOctets: Buffer = Buffer.alloc(0);

export const commandIds = {
  enquireLink: 0x00000015,
  unbind: 0x00000006,
  deliverSm: 0x00000005,
  dataSm: 0x00000103,
  alertNotification: 0x00000102,
  outbind: 0x0000000b,
  submitSm: 0x00000004,
  bindTransceiver: 0x00000009,
  genericNack: 0x80000000,
} as const;

/** The bit that makes the id of a request that of its response. */
export const responseBit = 0x80000000;

function pdu(command: string, fields: Fields = {}): Buffer {
  return new PDU(command, { sequence_number: 1, ...fields }).toBuffer();
}

const addresses = {
  source_addr_ton: 1,
  source_addr_npi: 1,
  source_addr: '447700900123',
  dest_addr_ton: 3,
  destination_addr: '12345',
};
const receiptText =
  'id:0123456789 sub:001 dlvrd:001 submit date:2601010000 done date:2601010001 stat:DELIVRD err:000 text:Hello';
/** UDH of part 1 of 2, then "Hi" in UCS-2. */
const firstPart = Buffer.from('05000342020100480069', 'hex');

function deliverSm(fields: Fields): Buffer {
  return pdu('deliver_sm', { ...addresses, data_coding: 0, ...fields });
}

const deliverSms: readonly Buffer[] = [
  deliverSm({ short_message: Buffer.from('YES') }),
  deliverSm({ short_message: noOctets }),
  deliverSm({ short_message: Buffer.alloc(254, 'x') }),
  deliverSm({ short_message: firstPart, esm_class: 0x40, data_coding: 8 }),
  deliverSm({ short_message: Buffer.from(receiptText), esm_class: 0x04 }),
  deliverSm({
    short_message: Buffer.from(receiptText),
    esm_class: 0x04,
    receipted_message_id: '0123456789',
    message_state: 2,
    network_error_code: Buffer.from([3, 0, 0]),
  }),
  deliverSm({ short_message: noOctets, message_payload: Buffer.alloc(1_000, 'P') }),
  deliverSm({ short_message: Buffer.from('a'), validity_period: '000007000000000R', user_message_reference: 7 }),
];

const bind = { system_id: 'smsc', password: 'secret', interface_version: 0x34 };
const ids = { message_id: '0123456789', source_addr: '12345' };

/** Requests of an SMSC; `unbind` is apart, for it ends the session. */
export const smscRequests: readonly Buffer[] = [
  ...deliverSms,
  pdu('data_sm', { ...addresses, message_payload: Buffer.from('hi') }),
  pdu('alert_notification', { source_addr: '447700900123', esme_addr: '12345' }),
  pdu('enquire_link'),
  pdu('outbind', { system_id: 'smsc', password: 'secret' }),
];

/** Requests that only an ESME sends. */
export const esmeRequests: readonly Buffer[] = [
  pdu('bind_transceiver', bind),
  pdu('bind_transmitter', bind),
  pdu('bind_receiver', bind),
  pdu('submit_sm', { ...addresses, data_coding: 0, short_message: Buffer.from('hi') }),
  pdu('submit_multi', {
    dest_address: [{ dest_addr_ton: 1, dest_addr_npi: 1, destination_addr: '447700900123' }],
    short_message: Buffer.from('hi'),
  }),
  pdu('query_sm', ids),
  pdu('cancel_sm', ids),
  pdu('replace_sm', { ...ids, short_message: Buffer.from('hi') }),
  pdu('broadcast_sm', ids),
  pdu('query_broadcast_sm', ids),
  pdu('cancel_broadcast_sm', ids),
];

const bodies: Readonly<Record<string, Fields>> = {
  bind_transceiver_resp: { system_id: 'smsc', sc_interface_version: 0x34 },
  bind_transmitter_resp: { system_id: 'smsc' },
  bind_receiver_resp: { system_id: 'smsc' },
  submit_sm_resp: { message_id: '0123456789' },
  submit_multi_resp: { message_id: '0123456789', unsuccess_sme: [] },
  data_sm_resp: { message_id: '0123456789' },
  query_sm_resp: { message_id: '0123456789', final_date: '', message_state: 2 },
};

/** Every response of SMPP 3.4, and those of 5.0 that the package knows. */
export const responses: readonly Buffer[] = Object.entries(commands)
  .filter(([, { id }]) => id >= responseBit)
  .map(([command]) => pdu(command, bodies[command]));

export const bindTransceiverResp = pdu('bind_transceiver_resp', bodies.bind_transceiver_resp);
export const submitSmResp = pdu('submit_sm_resp', { message_id: '0123456789' });
export const unbindResp = pdu('unbind_resp');
export const genericNack = pdu('generic_nack', { command_status: 3 });
export const enquireLinkResp = pdu('enquire_link_resp');
export const enquireLink = pdu('enquire_link');
export const unbind = pdu('unbind');
export const deliverSmOfHandset = deliverSm({ short_message: Buffer.from('YES') });

const offsets = { length: 0, id: 4, status: 8, sequence: 12 } as const;

export function withHeader(pdu: Buffer, header: Partial<Record<keyof typeof offsets, number>>): Buffer {
  const octets = Buffer.from(pdu);
  for (const [field, value] of Object.entries(header)) {
    octets.writeUInt32BE(value, offsets[field as keyof typeof offsets]);
  }
  return octets;
}
