import fc from 'fast-check';
import { receiptPattern } from '../../../connector/smpp/receipt-pattern.ts';

test.each<[string, string, object | undefined]>([
  ['{id} {stat}', '12 DELIVRD', { id: '12', stat: 'DELIVRD' }],
  ['{id} {stat}', '12', undefined],
  ['{id} {stat}', ' 12  DELIVRD\r\n', { id: '12', stat: 'DELIVRD' }],
  ['ID={id}&STAT={stat}&', 'id=7&stat=x&', { id: '7', stat: 'x' }],
  ['ID={id}&STAT={stat}&', 'id=7&stat=x', undefined],
  ['ID={id}&STAT={stat}&', 'id=7&stat=x&more', undefined],
  ['{any}id={id};{any}', 'a b c id=7; d', { id: '7' }],
  ['{any}id={id};{any}', 'id=7;', { id: '7' }],
  ['{any}id={id};{any}', 'id=;', undefined],
  ['({id}) {stat} {err}', '(7) DELIVRD 0 and more', { id: '7', stat: 'DELIVRD', err: '0 and more' }],
  ['({id}) {stat}, {err}', '(7) FAILED, ', { id: '7', stat: 'FAILED', err: '' }],
  ['{id}/{sub}/{dlvrd}/{submitDate}/{doneDate}', '7/1/0/2601/2602', { id: '7', submitDate: '2601', doneDate: '2602' }],
  ['{stat} at {doneDate} of {stat}', 'OK at 1 of NO', { stat: 'OK', doneDate: '1' }],
  ['é{id}', 'É7', { id: '7' }],
  ['aa{id}aa', 'aaa', undefined],
  ['a.c{stat}', 'abcd', undefined],
])('%j reads %j', (template, text, expected) => {
  const fields = receiptPattern(template)(text);
  if (expected === undefined) expect(fields).toBeUndefined();
  else expect(fields).toMatchObject(expected);
});

test('what is put into a pattern’s gaps comes out again, as far as no gap has what stands behind it', () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,20}$/);
  fc.assert(
    fc.property(word, word, word, (id, stat, err) => {
      const text = `Message #${id} [${stat}] <${err}>.`;
      expect(receiptPattern('message #{id} [{stat}] <{err}>.')(text)).toMatchObject({ id, stat, err });
    }),
  );
});

test('no field is longer than an event has room for', () => {
  expect(receiptPattern('{id};')(`${'1'.repeat(60_000)};`)?.id).toHaveLength(255);
});
