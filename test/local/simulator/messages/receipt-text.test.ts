import { excerptOf, type ReceiptFacts, receiptText } from '../../../../local/simulator/messages/receipt-text.ts';
import type { BehaviourChange } from '../../../../local/simulator/play/behaviour.ts';
import { content, part, stageOf } from '../messages.ts';

const facts: ReceiptFacts = {
  receiptId: 'ABC',
  state: 'delivered',
  stat: 'DELIVRD',
  err: '000',
  submittedAt: Date.UTC(2026, 0, 31, 22, 58, 57),
  doneAt: Date.UTC(2026, 1, 1, 4, 5, 6),
  dateForm: 'YYMMDDhhmm',
  excerpt: 'Hello',
};

function text(change: Partial<ReceiptFacts> = {}, receipts: NonNullable<BehaviourChange['receipts']> = {}): string {
  return receiptText({ ...facts, ...change }, stageOf({ receipts }).behaviour.receipts);
}

test('a receipt reads as Appendix B has it', () => {
  expect(text()).toBe(
    'id:ABC sub:001 dlvrd:001 submit date:2601312258 done date:2602010405 stat:DELIVRD err:000 text:Hello',
  );
});

test('what was not delivered counts as none delivered', () => {
  expect(text({ state: 'expired', stat: 'EXPIRED', err: '027' })).toBe(
    'id:ABC sub:001 dlvrd:000 submit date:2601312258 done date:2602010405 stat:EXPIRED err:027 text:Hello',
  );
});

test.each<[ReceiptFacts['dateForm'], string]>([
  ['YYMMDDhhmm', '2601312258'],
  ['YYMMDDhhmmss', '260131225857'],
  ['YYYYMMDDhhmm', '202601312258'],
  ['YYYYMMDDhhmmss', '20260131225857'],
  ['YYMMDD', '260131'],
  ['zeros', '0000000000'],
  ['empty', ''],
])('a date as %s is %j', (dateForm, date) => {
  expect(text({ dateForm }, { fields: ['submit date', 'stat'] })).toBe(`submit date:${date} stat:DELIVRD`);
});

test.each([
  [330, '2602010428', '2602010935'],
  [-720, '2601311058', '2601311605'],
])('dates may be %i minutes ahead of UTC', (utcOffsetMinutes, submitDate, doneDate) => {
  expect(text({}, { utcOffsetMinutes, fields: ['submit date', 'done date'] })).toBe(
    `submit date:${submitDate} done date:${doneDate}`,
  );
});

test('fields come in the order that is asked for, in upper case if it is, behind other text', () => {
  expect(text({}, { fields: ['err', 'done date', 'id'], fieldCase: 'upper', textBefore: '12345 ' })).toBe(
    '12345 ERR:000 DONE DATE:2602010405 ID:ABC',
  );
});

test.each([
  ['twenty characters of it', content({ octets: Buffer.from('abcdefghijklmnopqrstuvwxyz') }), 'abcdefghijklmnopqrst'],
  ['without a UDH', part(1, 2, { body: Buffer.from('part') }), 'part'],
  [
    'no more than ASCII',
    content({ octets: Buffer.from('\u0416a\u{1f600}b', 'utf16le').swap16(), dataCoding: 8 }),
    '.a..b',
  ],
  ['twenty of two octets each', content({ octets: Buffer.from('\x1b\x65'.repeat(30), 'latin1') }), '.'.repeat(20)],
  [
    'twenty units of UCS-2',
    content({ octets: Buffer.from('x'.repeat(30), 'utf16le').swap16(), dataCoding: 8 }),
    'x'.repeat(20),
  ],
  ['nothing of nothing', content({ octets: Buffer.alloc(0) }), ''],
])('the excerpt of a message is %s', (_what, message, excerpt) => {
  expect(excerptOf(message, stageOf({}).behaviour.handsets)).toBe(excerpt);
});

test('an excerpt is in the alphabet that the network takes data_coding 0 for', () => {
  const { handsets } = stageOf({ handsets: { gsm7: 'packed' } }).behaviour;
  const octets = Buffer.from('c8329bfd06', 'hex');
  expect(excerptOf({ esmClass: 0, dataCoding: 0, octets }, handsets)).toBe('Hello');
});
