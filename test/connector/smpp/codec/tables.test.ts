import type { PduToWrite } from '../../../../connector/smpp/codec/pdu.ts';
import { readPdu } from '../../../../connector/smpp/codec/read.ts';
import {
  commandIdOf,
  commandNameOf,
  isResponse,
  requestOf,
  responseOf,
  tlvName,
  tlvTags,
} from '../../../../connector/smpp/codec/tables.ts';
import { asRead, deliverSm } from '../../../support/pdus.ts';

const frame = { commandStatus: 0, sequenceNumber: 1, tlvs: [] };

test('commands have the ids of the specification', () => {
  expect(commandIdOf('submit_sm')).toBe(0x00000004);
  expect(commandIdOf('bind_transceiver_resp')).toBe(0x80000009);
  expect(commandNameOf(0x00000015)).toBe('enquire_link');
  expect(commandNameOf(0x00000103)).toBeUndefined();
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
  expect(ofId('00000103')).toBe(false);
  expect(ofId('80000103')).toBe(true);
});

test('a response and its request name each other', () => {
  expect(responseOf('submit_sm')).toBe('submit_sm_resp');
  expect(requestOf('submit_sm_resp')).toBe('submit_sm');
  expect(requestOf('submit_sm')).toBeUndefined();
  expect(requestOf('generic_nack')).toBeUndefined();
});

test('TLVs have the tags and names of the specification', () => {
  expect(tlvTags).toEqual({
    receiptedMessageId: 0x001e,
    networkErrorCode: 0x0423,
    messagePayload: 0x0424,
    messageState: 0x0427,
  });
  expect(tlvName(0x0204)).toBe('user_message_reference');
  expect(tlvName(0x1400)).toBeUndefined();
});
