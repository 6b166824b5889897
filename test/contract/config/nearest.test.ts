import { nearest } from '#contract/config/nearest.ts';

const words = ['name', 'hosts', 'host', 'port', 'binds', 'bindTon', 'window', 'password'];

test.each([
  ['passwordd', 'password'],
  ['pasword', 'password'],
  ['passwort', 'password'],
  ['Password', 'password'],
  ['pass_word', 'password'],
  ['prot', 'port'],
  ['host', 'host'],
  ['hostz', 'hosts'],
  ['windwo', 'window'],
])('"%s" was meant to be "%s"', (given, word) => {
  expect(nearest(given, words)).toBe(word);
});

test.each(['', 'x', 'pw', 'pwd', 'tls', 'passphrase', 'p'.repeat(100_000)])('"%.20s" is like none', (given) => {
  expect(nearest(given, words)).toBeUndefined();
});
