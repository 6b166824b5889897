import { type AddressFit, fitOf } from '../../lambdas/address-fit.ts';

test.each<[string, string, string | undefined, AddressFit]>([
  ['the number itself', '447700900123', '+447700900123', 'same'],
  ['the number with "00"', '00447700900123', '+447700900123', 'same'],
  ['a national form', '07700900123', '+447700900123', 'alike'],
  ['a number with a prefix for routing', '99447700900123', '+447700900123', 'alike'],
  ['another number', '447700900124', '+447700900123', 'other'],
  ['a short code', '12345', '+447700900123', 'unknown'],
  ['a name', 'ACMECORP', '+447700900123', 'unknown'],
  ['nothing', '', '+447700900123', 'unknown'],
  ['a number, where the recipient is not known', '447700900123', undefined, 'unknown'],
  ['a short code that is the recipient', '12345', '12345', 'same'],
])('a receipt from %s', (_, from, recipient, fit) => {
  expect(fitOf({ from, to: 'ACME' }, recipient)).toBe(fit);
});

test('the other address of a receipt fits too: there are SMSCs that leave both as they were in the submit_sm', () => {
  expect(fitOf({ from: '447700900999', to: '447700900123' }, '+447700900123')).toBe('same');
  expect(fitOf({ from: '447700900999', to: '12345' }, '+447700900123')).toBe('other');
});

test.each(['0'.repeat(65_536), '+'.repeat(65_536), `${'1'.repeat(65_535)}x`, ' '.repeat(65_536)])(
  'a hostile address of 64 KB is nobody’s, and is compared within the time of a test a hundred times (%.8s)',
  (from) => {
    for (let n = 1; n <= 100; n += 1) expect(fitOf({ from, to: from }, '+447700900123')).not.toBe('same');
  },
);
