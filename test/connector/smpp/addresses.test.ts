import { type AddressRule, addressRules } from '#contract/carrier-addresses.ts';
import { addressOf, type Party } from '../../../connector/smpp/addresses.ts';
import { InvalidPduError } from '../../../connector/smpp/errors.ts';

const number = '+447700900123';

function written(party: Partial<Party> & Pick<Party, 'address'>, rules: readonly object[] = []): string {
  const { ton, npi, digits } = addressOf({ of: 'recipient', ...party }, addressRules.parse(rules));
  return `${ton}/${npi} ${digits}`;
}

const national = { of: 'recipient', kind: 'international', prefix: '44', ton: 2, npi: 1, replacePrefix: '0' };

test.each([
  ['no address', '', '0/0 '],
  ['a number in E.164', number, '1/1 447700900123'],
  ['a short code', '12345', '3/0 12345'],
  ['a name', 'ACME 24', '5/0 ACME 24'],
  ['a name that begins with a plus', '+ACME', '5/0 +ACME'],
  ['a plus alone', '+', '5/0 +'],
])('without rules %s is written as usual', (_, address, expected) => {
  expect(written({ address })).toBe(expected);
  expect(written({ of: 'sender', address })).toBe(expected);
});

test.each([
  ['digits', '1/1 447700900123'],
  ['plus', '1/1 +447700900123'],
  ['00', '1/1 00447700900123'],
])('a number is written in the form "%s" of its rule', (form, expected) => {
  const rule = { of: 'recipient', kind: 'international', ton: 1, npi: 1, form };
  expect(written({ address: number }, [rule])).toBe(expected);
});

test('a rule is of senders or of recipients', () => {
  const rule = { of: 'sender', kind: 'international', ton: 0, npi: 1, form: 'plus' };
  expect(written({ of: 'sender', address: number }, [rule])).toBe('0/1 +447700900123');
  expect(written({ address: number }, [rule])).toBe('1/1 447700900123');
});

test('a rule with a prefix makes a national number of an international one, and leaves those of other countries', () => {
  expect(written({ address: number }, [national])).toBe('2/1 07700900123');
  expect(written({ address: '+4915112345678' }, [national])).toBe('1/1 4915112345678');
});

test('an empty replacement takes the prefix away', () => {
  expect(written({ address: number }, [{ ...national, replacePrefix: '' }])).toBe('2/1 7700900123');
});

test('a prefix without replacement stays', () => {
  const { replacePrefix: _, ...rule } = national;
  expect(written({ address: number }, [rule])).toBe('2/1 447700900123');
});

test('a short code is never written with a sign in front', () => {
  const rule = { of: 'sender', kind: 'short-code', ton: 6, npi: 0, form: 'plus' };
  expect(written({ of: 'sender', address: '12345' }, [rule])).toBe('6/0 12345');
});

test('the first of the rules that fit is used', () => {
  const all = { of: 'recipient', kind: 'international', ton: 0, npi: 0 };
  expect(written({ address: number }, [national, all])).toBe('2/1 07700900123');
  expect(written({ address: number }, [all, national])).toBe('0/0 447700900123');
});

test('a message’s own TON and NPI stand, whatever the rules say of them', () => {
  const addressing = { ton: 6, npi: 9 };
  expect(written({ address: number, addressing })).toBe('6/9 447700900123');
  expect(written({ address: number, addressing }, [national])).toBe('6/9 07700900123');
});

test.each(['A\0B', 'A\nB', 'Zürich', '😀', '\u007f', 'A\tB'])(
  'the address %j cannot be a C-octet string, and is refused without being quoted',
  (address) => {
    expect(() => written({ of: 'sender', address })).toThrow(InvalidPduError);
    expect(() => written({ of: 'sender', address })).toThrow(
      'address of the sender must be of printable ASCII characters, got others',
    );
  },
);

test('every printable ASCII character can be written', () => {
  const all = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index)).join('');
  expect(written({ address: all })).toBe(`5/0 ${all}`);
});

test('64 KB of digits take no longer than they should', () => {
  const rules: AddressRule[] = addressRules.parse(Array.from({ length: 50 }, () => ({ ...national, prefix: '4' })));
  expect(addressOf({ of: 'recipient', address: `+${'4'.repeat(65_536)}x` }, rules)).toMatchObject({ ton: 5 });
});
