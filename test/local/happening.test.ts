import type { APIGatewayProxyEvent } from 'aws-lambda';
import { acceptedHappening, publishedHappening } from '../../local/happening.ts';

const id = '01a2071e-d68e-7260-aef1-83038b886e13';
const asked = { body: JSON.stringify({ to: '+447700900123', text: 'Hello' }) } as APIGatewayProxyEvent;
const envelope = {
  specversion: '1.0',
  source: '/carriers/acme',
  time: '2026-11-23T06:36:56.955Z',
  datacontenttype: 'application/json',
};

test('a message that the API took is queued', () => {
  const body = JSON.stringify({ id, status: 'queued', encoding: 'gsm7', segments: 1 });
  expect(acceptedHappening(asked, { statusCode: 202, body })).toEqual({
    id,
    direction: 'out',
    number: '+447700900123',
    status: 'queued',
    detail: 'gsm7, 1 segment',
    text: 'Hello',
  });
});

test('any other answer is nothing that happened to a message', () => {
  expect(acceptedHappening(asked, { statusCode: 400, body: '{}' })).toBeUndefined();
});

test('an answer that is given again is nothing that happened', () => {
  const body = JSON.stringify({ id, status: 'queued', encoding: 'gsm7', segments: 1 });
  const headers = { 'idempotency-replayed': 'true' };
  expect(acceptedHappening(asked, { statusCode: 202, headers, body })).toBeUndefined();
});

test("a status event tells the SMSC's words", () => {
  const data = { id, clientId: 'local', carrier: 'acme', to: '+447700900123', segments: 1, possibleDuplicate: true };
  const json = JSON.stringify({
    ...envelope,
    id: `${id}:undelivered`,
    subject: id,
    type: 'sms.undelivered',
    data: { ...data, status: 'undelivered', stat: 'UNDELIV', err: '069' },
  });
  expect(publishedHappening(json)).toMatchObject({
    id: `${id}:undelivered`,
    direction: 'out',
    number: '+447700900123',
    status: 'undelivered',
    detail: 'by acme, UNDELIV, err 069, possibly sent twice',
  });
});

test('a received event tells to whom, and which part', () => {
  const json = JSON.stringify({
    ...envelope,
    id: 'mo-1',
    subject: '12345',
    type: 'sms.received',
    data: {
      carrier: 'acme',
      from: '+447700900123',
      to: '12345',
      text: 'Yes',
      dataCoding: 0,
      octets: 'WWVz',
      concatenation: { reference: 1, total: 2, part: 1 },
      fingerprint: 'f',
      possibleDuplicate: false,
      tlvs: {},
    },
  });
  expect(publishedHappening(json)).toEqual({
    id: 'mo-1',
    direction: 'in',
    number: '+447700900123',
    status: 'received',
    detail: 'to 12345, part 1 of 2',
    text: 'Yes',
  });
});

test('a receipt of no message of ours tells what the SMSC said, and of which id', () => {
  const json = JSON.stringify({
    ...envelope,
    id: 'r-1:unmatched',
    type: 'sms.receipt.unmatched',
    data: {
      carrier: 'acme',
      receiptId: 'r-1',
      smscMessageId: '17',
      from: '447700900123',
      to: '12345',
      state: 'delivered',
      stat: 'DELIVRD',
      err: '000',
    },
  });
  expect(publishedHappening(json)).toEqual({
    id: 'r-1:unmatched',
    direction: 'in',
    number: '447700900123',
    status: 'unmatched',
    detail: 'receipt for 17, which is no message of ours, by acme, DELIVRD, err 000',
  });
});

test('what no subscriber could read is refused', () => {
  expect(() => publishedHappening('{"type":"sms.delivered"}')).toThrow(
    expect.objectContaining({ code: 'invalid-input' }),
  );
});
