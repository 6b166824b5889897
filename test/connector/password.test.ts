import { usablePassword } from '../../connector/password.ts';

const use = (password: string) => () => usablePassword(password, 'the password in ACME');

test('a password longer than the 8 octets of SMPP 3.4 is taken, up to the 64 that the codec writes (quirk 44)', () => {
  expect(use('x'.repeat(64))()).toBe('x'.repeat(64));
  expect(use('x'.repeat(65))).toThrow('the password in ACME must have at most 64 characters, has 65');
});

test('an empty password is told', () => {
  expect(use('')).toThrow('the password in ACME is empty');
});

test.each([
  ['NUL', 's3c\0ret'],
  ['no ASCII', 's3cürt'],
  ['a line break', 's3c\nret'],
])('a password with %s is refused by its position, and not repeated', (_, password) => {
  expect(use(password)).toThrow(/^the password in ACME must be printable ASCII, has another character at position 4$/);
});
