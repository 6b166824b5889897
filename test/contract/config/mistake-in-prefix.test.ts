import mobiles from 'libphonenumber-js/examples.mobile.json' with { type: 'json' };
import { getCountries, getCountryCallingCode } from 'libphonenumber-js/min';
import { mistakeInPrefix } from '#contract/config/mistake-in-prefix.ts';

test.each([
  ['4401', '44'],
  ['440', '44'],
  ['4407700900123', '44'],
  ['490151', '49'],
  ['3606', '36'],
  ['810120', '81'],
])('%s has a 0 that numbers in E.164 have not', (prefix, code) => {
  expect(mistakeInPrefix(prefix)).toBe(`must be without the 0 after ${code}, for numbers in E.164 are`);
});

test.each(['0', '0044', '07700', '210', '999'])('%s is no code of a country', (prefix) => {
  expect(mistakeInPrefix(prefix)).toBe('must begin with the code of a country, without zeros before it');
});

test.each([
  ['of Italy, whose numbers have a 0', '3906'],
  ['of Côte d’Ivoire, where all have', '22501'],
  ['of Norway, where short ones have', '470'],
  ['of Uruguay, where those that are free have three', '5980'],
  ['of Spain, where nothing is dropped', '340'],
  ['of satellites', '881'],
  ['that several countries share', '2'],
])('a prefix %s is none to find fault with', (_, prefix) => {
  expect(mistakeInPrefix(prefix)).toBeUndefined();
});

test('no country’s mobile number begins with a prefix that is found fault with', () => {
  const refused = getCountries().flatMap((country) => {
    const number = `${getCountryCallingCode(country)}${mobiles[country]}`;
    return [...number].map((_, index) => number.slice(0, index + 1)).filter((prefix) => mistakeInPrefix(prefix));
  });
  expect(refused).toEqual([]);
});
