import { PDU } from 'smpp/lib/pdu.js';
import { malformedKinds } from '../../../../local/simulator/play/behaviour.ts';
import { malformed } from '../../../../local/simulator/sessions/malformed.ts';
import { Random } from '../../../fuzz/random.ts';

const random = new Random(3);
const chance = () => random.uint32() / 0x1_0000_0000;

test.each([
  ['length-0', 0],
  ['length-3', 3],
  ['length-15', 15],
  ['length-too-large', 0x7fff_ffff],
] as const)('%s has a command_length of %i and is sixteen octets', (kind, length) => {
  const octets = malformed(kind, chance);
  expect(octets.readUInt32BE(0)).toBe(length);
  expect(octets).toHaveLength(16);
});

test('length-beyond-end says that more octets follow than do', () => {
  const octets = malformed('length-beyond-end', chance);
  expect(octets.readUInt32BE(0)).toBe(48);
  expect(octets).toHaveLength(16);
});

test('garbage is never of a length that a PDU may have, and never the same', () => {
  const pieces = Array.from({ length: 100 }, () => malformed('garbage', chance));
  for (const piece of pieces) expect(piece.readUInt32BE(0)).toBeGreaterThan(0xff_ffff);
  expect(new Set(pieces.map((piece) => piece.toString('hex'))).size).toBe(100);
});

test('http is an answer of HTTP', () => {
  expect(malformed('http', chance).toString('latin1')).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n(.+\r\n)+\r\n$/);
});

test.each([
  ['unknown-command', false],
  ['unknown-response', true],
] as const)('%s is well framed, of a command that nobody knows', (kind, isResponse) => {
  const octets = malformed(kind, chance);
  const pdu = new PDU(octets);
  expect(octets.readUInt32BE(0)).toBe(octets.length);
  expect(pdu.command).toBe('unknown');
  expect(pdu.isResponse()).toBe(isResponse);
});

test('truncated-body is a deliver_sm whose fields end in source_addr', () => {
  const octets = malformed('truncated-body', chance);
  expect(octets.readUInt32BE(0)).toBe(octets.length);
  expect(new PDU(octets)).toMatchObject({ command: 'deliver_sm', source_addr: '4477009' });
  expect(new PDU(octets).destination_addr).toBeUndefined();
});

test('tlv-beyond-end ends with a TLV whose length goes beyond the PDU', () => {
  const octets = malformed('tlv-beyond-end', chance);
  expect(octets.readUInt32BE(0)).toBe(octets.length);
  expect(octets.subarray(-6).toString('hex')).toBe('042400640102');
});

test('empty-int-tlv ends with a message_state without a value', () => {
  const octets = malformed('empty-int-tlv', chance);
  expect(octets.readUInt32BE(0)).toBe(octets.length);
  expect(octets.subarray(-4).toString('hex')).toBe('04270000');
});

test('every kind is some octets', () => {
  for (const kind of malformedKinds) expect(malformed(kind, chance).length).toBeGreaterThanOrEqual(16);
});
