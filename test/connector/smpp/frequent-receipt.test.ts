import fc from 'fast-check';
import { readFrequentReceipt } from '../../../connector/smpp/frequent-receipt.ts';
import { readReceiptText } from '../../../connector/smpp/receipt-text.ts';

const octetsOf = (text: string) => Buffer.from(text, 'latin1');
const upToErr = 'id:0123456789 sub:001 dlvrd:001 submit date:2601021504 done date:2601021505 stat:DELIVRD err:000';

test.each([
  upToErr,
  `${upToErr} text:Hello there`,
  `${upToErr} text:`,
  `${upToErr} text:id:8 stat:EXPIRED`,
  `${upToErr} text: stat:EXPIRED err:001`,
])('%j is read as Appendix B has it', (text) => {
  expect(readFrequentReceipt(octetsOf(text))).toEqual({
    id: '0123456789',
    stat: 'DELIVRD',
    err: '000',
    submitDate: '2601021504',
    doneDate: '2601021505',
    hasCounts: true,
  });
});

test.each([
  '',
  'id:',
  upToErr.toUpperCase(),
  `x${upToErr}`,
  `${upToErr} `,
  `${upToErr} Text:Hi`,
  `${upToErr}\0`,
  upToErr.replace(' sub', '  sub'),
  upToErr.replace('DELIVRD', ''),
  upToErr.replace('DELIVRD', 'a:b'),
  upToErr.replace('0123456789', '01\u00ff'),
  upToErr.replace(' dlvrd:001', ''),
  upToErr.slice(0, -3),
  upToErr.replace('DELIVRD', 'DELIVRD,'),
  `${upToErr} text:${'x'.repeat(254)}`,
])('%j is left to the reader of what is less usual', (text) => {
  expect(readFrequentReceipt(octetsOf(text))).toBeUndefined();
});

test('whatever it reads, the other reads alike', () => {
  const word = fc.oneof(fc.constantFrom('001', 'DELIVRD', 'id:8', ''), fc.stringMatching(/^[!-9;-~]{1,12}$/));
  const separator = fc.constantFrom(...Array.from({ length: 20 }, () => ' '), '  ', '');
  const names = ['id', 'sub', 'dlvrd', 'submit date', 'done date', 'stat', 'err', 'text'];
  const fields = fc.tuple(
    ...names.map((name) => fc.tuple(separator, word).map(([gap, value]) => `${gap}${name}:${value}`)),
  );
  let read = 0;
  fc.assert(
    fc.property(fields, fc.nat(200), (parts, end) => {
      const text = parts
        .join('')
        .trimStart()
        .slice(0, 200 - (end % 40));
      const frequent = readFrequentReceipt(octetsOf(text));
      if (frequent === undefined) return;
      read += 1;
      expect(frequent).toEqual(readReceiptText(text));
    }),
    { numRuns: 2_000 },
  );
  expect(read).toBeGreaterThan(0);
});
