import { asciiJson } from '#contract/ascii-json.ts';
import { type ConnectorEvent, parseEventList } from '#contract/connector-events.ts';
import { InvalidInputError } from '#contract/parse.ts';
import { messageId } from '../support/connector-factories.ts';

const base = { id: 'id-1', carrier: 'acme', time: '2026-01-01T00:00:00.000Z' };
const ofMessage = { ...base, messageId, clientId: 'client-1' };
const ofSegment = { ...ofMessage, segment: 1, segments: 2, commandStatus: 0, commandStatusText: 'ESME_ROK 0x00' };

const events: ConnectorEvent[] = [
  { ...ofMessage, type: 'sending' },
  { ...ofSegment, type: 'submitted', smscMessageId: '', possibleDuplicate: false, receiptExpected: true },
  { ...ofSegment, type: 'rejected' },
  { ...ofMessage, type: 'expired' },
  { ...ofMessage, type: 'unsendable', reason: 'to must be at most 20 octets, got 21' },
  { ...base, type: 'receipt', smscMessageId: 'a', state: 'delivered', from: '447700900123', to: 'ACME' },
  { ...base, type: 'carrier-state', bindId: 'bind-1', state: 'unbound', reason: 'peer-silent' },
];

function list(values: readonly unknown[]): string {
  return asciiJson({ version: 1, events: values });
}

test.each(events)('a $type event is read as it was written', (event) => {
  expect(parseEventList(list([event]))).toEqual([{ kind: 'event', event }]);
});

test('a bad event is told with what it was, and holds up no other', () => {
  const unknown = { ...base, type: 'delayed' };
  const [first, second] = events;
  const parsed = parseEventList(list([first, unknown, null, second]));
  expect(parsed.map(({ kind }) => kind)).toEqual(['event', 'invalid', 'invalid', 'event']);
  expect(parsed[1]).toEqual({ kind: 'invalid', value: unknown, error: expect.any(InvalidInputError) });
});

test.each([
  ['an id that is too long', { id: 'x'.repeat(201) }],
  ['an id that is empty', { id: '' }],
  ['a time without zone', { time: '2026-01-01T00:00:00' }],
  ['a message id that is none', { messageId: '17' }],
  ['a segment 0', { segment: 0 }],
])('%s makes an event invalid', (_, fields) => {
  expect(parseEventList(list([{ ...ofSegment, type: 'rejected', ...fields }]))).toMatchObject([{ kind: 'invalid' }]);
});

test.each([
  ['what is not JSON', '{"version":1,'],
  ['another version', asciiJson({ version: 2, events: [] })],
  ['a list that is none', asciiJson({ version: 1, events: {} })],
])('%s cannot be read as a list', (_, json) => {
  expect(() => parseEventList(json)).toThrow(InvalidInputError);
});
