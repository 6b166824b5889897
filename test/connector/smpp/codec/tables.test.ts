import type { CommandName, PduToWrite } from '../../../../connector/smpp/codec/pdu.ts';
import { readPdu } from '../../../../connector/smpp/codec/read.ts';
import { commandIdOf, isResponse, responseOf, tlvName, tlvTags } from '../../../../connector/smpp/codec/tables.ts';
import { asRead, deliverSm } from '../../../support/pdus.ts';

const frame = { commandStatus: 0, sequenceNumber: 1, tlvs: [] };

test.each<[CommandName, number]>([
  ['generic_nack', 0x80000000],
  ['bind_receiver', 0x00000001],
  ['bind_receiver_resp', 0x80000001],
  ['bind_transmitter', 0x00000002],
  ['bind_transmitter_resp', 0x80000002],
  ['query_sm', 0x00000003],
  ['query_sm_resp', 0x80000003],
  ['submit_sm', 0x00000004],
  ['submit_sm_resp', 0x80000004],
  ['deliver_sm', 0x00000005],
  ['deliver_sm_resp', 0x80000005],
  ['unbind', 0x00000006],
  ['unbind_resp', 0x80000006],
  ['cancel_sm', 0x00000008],
  ['cancel_sm_resp', 0x80000008],
  ['bind_transceiver', 0x00000009],
  ['bind_transceiver_resp', 0x80000009],
  ['outbind', 0x0000000b],
  ['enquire_link', 0x00000015],
  ['enquire_link_resp', 0x80000015],
  ['alert_notification', 0x00000102],
  ['data_sm', 0x00000103],
  ['data_sm_resp', 0x80000103],
])('%s has the id of the specification', (command, id) => {
  expect(commandIdOf(command)).toBe(id);
});

test.each<[PduToWrite, boolean]>([
  [deliverSm(), false],
  [{ ...frame, command: 'unbind' }, false],
  [{ ...frame, command: 'unbind_resp' }, true],
  [{ ...frame, command: 'generic_nack' }, true],
])('$command is a response: %s', (pdu, expected) => {
  expect(isResponse(asRead(pdu))).toBe(expected);
});

test('an unknown command is a response by its highest bit', () => {
  const ofId = (id: string) => isResponse(readPdu(Buffer.from(`00000010${id}0000000000000001`, 'hex')));
  expect(ofId('00000021')).toBe(false);
  expect(ofId('80000021')).toBe(true);
});

test('a request names its response', () => {
  expect(responseOf('submit_sm')).toBe('submit_sm_resp');
});

test('TLVs have the tags and names of the specification', () => {
  expect(tlvTags).toEqual({
    receiptedMessageId: 0x001e,
    networkErrorCode: 0x0423,
    sarMsgRefNum: 0x020c,
    sarTotalSegments: 0x020e,
    sarSegmentSeqnum: 0x020f,
    messagePayload: 0x0424,
    messageState: 0x0427,
    userMessageReference: 0x0204,
  });
  expect(tlvName(0x0204)).toBe('user_message_reference');
  expect(tlvName(0x1400)).toBeUndefined();
});
