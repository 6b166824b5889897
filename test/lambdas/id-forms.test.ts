import { otherForms } from '../../lambdas/id-forms.ts';

const formsOf = (id: string) => otherForms(id).map((form) => form.id);

/** Pairs that are one id, as SMSCs write it in a response and in a receipt. */
test.each([
  ['hexadecimal and decimal (quirks 1, 2)', '4D2', '1234'],
  ['hexadecimal in lower case and decimal', 'ffffffffffffffffffff', '1208925819614629174706175'],
  ['with and without leading zeros (quirk 3)', '00B8BE19', 'B8BE19'],
  ['decimal, with and without a zero', '0972660181', '972660181'],
  ['in upper and lower case (quirk 4)', '1101C1-C9D03D-F000', '1101c1-c9d03d-f000'],
  ['decimal, and hexadecimal with leading zeros', '12107289', '0000000000B8BE19'],
  ['as characters, and their hexadecimal digits (quirk 6)', 'ABC', '414243'],
])('an id that is written %s is found from either', (_, one, other) => {
  expect(formsOf(one)).toContain(other);
  expect(formsOf(other)).toContain(one);
});

test.each(['', '0', '1234', 'f'.repeat(255), 'Ω', '9'.repeat(40), '0'.repeat(65_536), '41'.repeat(32_768)])(
  'the forms of %.20j are few, others, and none empty',
  (id) => {
    const forms = formsOf(id);
    expect(forms).not.toContain(id);
    expect(forms).not.toContain('');
    expect(new Set(forms).size).toBe(forms.length);
    expect(forms.length).toBeLessThan(60);
  },
);
