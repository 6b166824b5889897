import fc from 'fast-check';
import { measureText } from '#contract/text/encode-text.ts';
import { encodeGsm } from '#contract/text/gsm0338.ts';
import { smarten } from '#contract/text/smart.ts';
import { anyText, gsmText } from './arbitraries.ts';
import { textOptionsWith } from './options.ts';

test.each([
  ['‘single’ ‚quotes‛ ′', "'single' 'quotes' '"],
  ['“double” „quotes‟ «here»', '"double" "quotes" "here"'],
  ['a – b — c ‑ d − e', 'a - b - c - d - e'],
  ['and so on…', 'and so on...'],
  ['12\u00a0000\u202f€', '12 000 €'],
  ['soft\u00adhyphen, zero\u200bwidth, \ufeffmark', 'softhyphen, zerowidth, mark'],
  ['• one\u2028• two', '* one\n* two'],
  ['a\tb`c´d', "a b'c'd"],
])('%s is %s', (text, smart) => {
  expect(smarten(text).text).toBe(smart);
});

test('says what was replaced by what, how often', () => {
  expect(smarten('“It’s” – “it’s”…')).toEqual({
    text: '"It\'s" - "it\'s"...',
    replaced: [
      { character: '“', by: '"', count: 2 },
      { character: '’', by: "'", count: 2 },
      { character: '”', by: '"', count: 2 },
      { character: '–', by: '-', count: 1 },
      { character: '…', by: '...', count: 1 },
    ],
  });
});

test('a text of GSM stays as it is', () => {
  fc.assert(
    fc.property(gsmText(), (text) => {
      expect(smarten(text)).toEqual({ text, replaced: [] });
    }),
  );
});

test('a text that other characters force into UCS-2 stays as it is', () => {
  for (const text of ['It’s ж…', '“😀”', 'क\u200dष “']) expect(smarten(text)).toEqual({ text, replaced: [] });
});

test('a text that would take more segments stays as it is', () => {
  for (const options of [undefined, textOptionsWith()]) {
    expect(smarten('…'.repeat(60), options)).toEqual({ text: '…'.repeat(60), replaced: [] });
    expect(smarten('…'.repeat(53), options).text).toBe('...'.repeat(53));
  }
});

test('what forces into UCS-2 depends on the alphabets of the carrier', () => {
  const turkish = textOptionsWith({ nationalLanguages: ['turkish'] });
  expect(smarten('Dağ’ı').text).toBe('Dağ’ı');
  expect(smarten('Dağ’ı', turkish).text).toBe("Dağ'ı");
  const latin1 = textOptionsWith({
    encodings: [
      { alphabet: 'gsm7', dataCoding: 0 },
      { alphabet: 'latin1', dataCoding: 3 },
      { alphabet: 'ucs2', dataCoding: 8 },
    ],
  });
  expect(smarten('«garçon»', latin1).replaced).toEqual([]);
  expect(smarten('l’«garçon»', latin1).text).toBe('l\'"garçon"');
});

test('a carrier that has no UCS-2 gets a text that it could not have had', () => {
  const options = textOptionsWith({ encodings: [{ alphabet: 'gsm7', dataCoding: 0 }] });
  expect(() => measureText('It’s', options)).toThrow(expect.objectContaining({ code: 'unencodable-text' }));
  expect(smarten('It’s', options).text).toBe("It's");
});

test('what is replaced is all that the GSM alphabet lacked, and the rest is as it was', () => {
  const typographic = fc.string({ unit: fc.constantFrom('a', 'é', '’', '…', '\u200b', '€'), maxLength: 200 });
  fc.assert(
    fc.property(fc.oneof(typographic, anyText()), (text) => {
      const smart = smarten(text);
      if (smart.replaced.length === 0) expect(smart.text).toBe(text);
      else expect(encodeGsm(smart.text)).toBeDefined();
      const again = smart.replaced.reduce((made, { character, by }) => made.replaceAll(character, by), text);
      expect(smart.text).toBe(again);
    }),
  );
});
