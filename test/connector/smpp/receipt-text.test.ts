import { readReceiptText } from '../../../connector/smpp/receipt-text.ts';

describe('which fields are the receipt', () => {
  test.each([
    ['Your id:5 ok id:7 sub:001 dlvrd:001 stat:DELIVRD err:000', { id: '7', stat: 'DELIVRD', err: '000' }],
    ['Your id:5 ok id:7 stat:UNDELIV', { id: '7', stat: 'UNDELIV' }],
    ['err:9 was it, stat:EXPIRED or so err:1 stat:DELIVRD id:7', { id: '7', stat: 'DELIVRD', err: '1' }],
    ['stat:EXPIRED of id:5 here: id:7 stat:DELIVRD', { id: '7', stat: 'DELIVRD', err: undefined }],
    ['id:5 err:2 sub:1 you see id:7 stat:DELIVRD', { id: '7', stat: 'DELIVRD', err: undefined }],
    ['id:5\nok\nid:7\nstat:DELIVRD', { id: '7', stat: 'DELIVRD' }],
    ['id:5 id:6 no id:7 done date:2026-01-02 15:04 stat:DELIVRD', { id: '7', doneDate: '2026-01-02' }],
  ])('it is the first run of fields with an id and a state, not of what a person wrote before: %j', (text, told) => {
    expect(readReceiptText(text)).toMatchObject(told);
    expect(readReceiptText(`${text} and so on id:8 stat:EXPIRED`)).toMatchObject(told);
    expect(readReceiptText(`${text} text:id:8 stat:EXPIRED`)).toMatchObject(told);
  });

  test('it is the last run, where only a field behind an empty text makes it whole', () => {
    const told = { id: '7', stat: 'UNDELIV', err: '001' };
    expect(readReceiptText('your id:5 ok id:7 err:001 text: stat:UNDELIV')).toMatchObject(told);
  });

  test.each([
    ['id:7 was handed over stat:DELIVRD err:1', { id: '7', stat: 'DELIVRD', err: '1' }],
    ['id:7 err:No route stat:UNDELIV', { id: '7', stat: 'UNDELIV', err: 'No' }],
    ['stat:UNDELIV no route id:7', { id: '7', stat: 'UNDELIV' }],
    ['id:7 stat:Handed over err:1', { id: '7', stat: 'Handed', err: '1' }],
  ])('words may stand between the fields, where no run has an id and a state: %j', (text, told) => {
    expect(readReceiptText(text)).toMatchObject(told);
  });
});

test.each([', ', ',', '; ', ';', ' | ', '|', ',\n'])('fields may be parted by %j', (separator) => {
  const fields = ['id:a,7;b', 'sub:001', 'done date:2601021505', 'stat:DELIVRD', 'err:000', 'text:Hi, you'];
  expect(readReceiptText(fields.join(separator))).toEqual({
    id: 'a,7;b',
    stat: 'DELIVRD',
    err: '000',
    submitDate: undefined,
    doneDate: '2601021505',
    hasCounts: true,
  });
});

test.each([
  'id : 7 stat : DELIVRD err : 000',
  'id:"7" stat:"DELIVRD" err:"000"',
  "id:'7',stat:'DELIVRD',err:'000'",
  'ID\t: 7\nStat : DELIVRD\nerr:000;',
])('%j has an id, a state and an err', (text) => {
  expect(readReceiptText(text)).toMatchObject({ id: '7', stat: 'DELIVRD', err: '000' });
});

test.each(['void : 7', 'id 7 : x', '"', 'id:"', 'id:" stat:"'])('%j has no id', (text) => {
  expect(['', '"', undefined]).toContain(readReceiptText(text).id);
});
