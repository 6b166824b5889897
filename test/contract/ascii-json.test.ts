import fc from 'fast-check';
import { asciiJson } from '#contract/ascii-json.ts';

test('whatever the value, it is printable ASCII that any parser reads like the ordinary JSON', () => {
  const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)) });
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), anyText, fc.dictionary(anyText, anyText)), (value) => {
      const json = asciiJson(value);
      expect(json).toMatch(/^[\x20-\x7e]*$/);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('a character outside the BMP is the escapes of its two surrogates', () => {
  expect(asciiJson({ text: 'é😀\u007f' })).toBe('{"text":"\\u00e9\\ud83d\\ude00\\u007f"}');
});
