import fc from 'fast-check';
import { tlvDefinitions } from '#contract/carrier-tlvs.ts';
import { tlvsBy } from '../../lambdas/message-tlvs.ts';
import { route } from '../support/factories.ts';

const acme = route({
  tlvs: tlvDefinitions.parse({
    dltEntityId: { tag: '0x1400', type: 'cstring', maxOctets: 20, required: true },
    dltTemplateId: { tag: 0x1401, type: 'cstring' },
    costCentre: { tag: 0x1402, type: 'int16', default: 7 },
    flags: { tag: 0x1403, type: 'hex', maxOctets: 2 },
  }),
});

function given(values: object) {
  return tlvsBy(acme, new Map(Object.entries(values)));
}

test('they are written by tag, in hex, in the order of the profile, the carrier’s defaults among them', () => {
  expect(given({ flags: 'A0ff', dltEntityId: '1101' })).toEqual({
    faults: [],
    tlvs: [
      { tag: 0x1400, value: '3131303100' },
      { tag: 0x1402, value: '0007' },
      { tag: 0x1403, value: 'a0ff' },
    ],
  });
});

test('what a message says stands before the carrier’s default', () => {
  expect(given({ dltEntityId: '', costCentre: 0 }).tlvs).toEqual([
    { tag: 0x1400, value: '00' },
    { tag: 0x1402, value: '0000' },
  ]);
});

test.each([
  [{}, 'tlvs.dltEntityId', 'is missing: carrier acme requires it'],
  [
    { dltEntityId: 'x'.repeat(21) },
    'tlvs.dltEntityId',
    expect.stringMatching(/^must be a string of at most 20 .*, got "x/),
  ],
  [{ dltEntityId: 'a\0b' }, 'tlvs.dltEntityId', expect.stringMatching(/without NUL/)],
  [{ dltEntityId: 'ж' }, 'tlvs.dltEntityId', expect.stringMatching(/Latin-1/)],
  [{ dltEntityId: '\ud800' }, 'tlvs.dltEntityId', expect.stringMatching(/Latin-1/)],
  [{ dltEntityId: 5 }, 'tlvs.dltEntityId', expect.stringMatching(/^must be a string.*, got 5$/)],
  [{ dltEntityId: true }, 'tlvs.dltEntityId', 'must be a string or a whole number, got true'],
  [{ dltEntityId: null }, 'tlvs.dltEntityId', 'must be a string or a whole number, got null'],
  [{ dltEntityId: ['x'] }, 'tlvs.dltEntityId', 'must be a string or a whole number, got array'],
  [{ dltEntityId: 'x', costCentre: 65_536 }, 'tlvs.costCentre', 'must be a whole number from 0 to 65535, got 65536'],
  [{ dltEntityId: 'x', costCentre: '7' }, 'tlvs.costCentre', 'must be a whole number from 0 to 65535, got "7"'],
  [{ dltEntityId: 'x', costCentre: 1.5 }, 'tlvs.costCentre', 'must be a whole number from 0 to 65535, got 1.5'],
  [{ dltEntityId: 'x', flags: 'abc' }, 'tlvs.flags', expect.stringMatching(/^must be pairs of hex digits/)],
  [{ dltEntityId: 'x', flags: 'aabbcc' }, 'tlvs.flags', expect.stringMatching(/at most 2 octets/)],
  [
    { dltEntityId: 'x', dltEntityid: '1' },
    'tlvs.dltEntityid',
    'is not known; did you mean "dltEntityId"? allowed: dltEntityId, dltTemplateId, costCentre, flags',
  ],
  [{ dltEntityId: 'x', toString: '1' }, 'tlvs.toString', expect.stringMatching(/^is not known; allowed: dltEntityId/)],
  [
    { dltEntityId: 'x', ['n'.repeat(1_000)]: '1' },
    expect.stringMatching(/^tlvs\.n+…$/),
    expect.stringMatching(/^is not known/),
  ],
])('case %#: what cannot be is refused with the name, what is allowed and what was given', (values, field, message) => {
  expect(given(values).faults).toEqual([{ field, message }]);
});

test('all faults are told at once', () => {
  expect(given({ costCentre: -1, flags: 'x', other: 1 }).faults.map(({ field }) => field)).toEqual([
    'tlvs.other',
    'tlvs.dltEntityId',
    'tlvs.costCentre',
    'tlvs.flags',
  ]);
});

test('a carrier without TLVs says so', () => {
  expect(tlvsBy(route(), new Map([['dltEntityId', '1']])).faults).toEqual([
    { field: 'tlvs.dltEntityId', message: 'is not known: carrier acme has no TLVs' },
  ]);
});

test('whatever JSON they are, they have faults or octets that fit', () => {
  const names = fc.constantFrom('dltEntityId', 'dltTemplateId', 'costCentre', 'flags', '__proto__', 'constructor');
  fc.assert(
    fc.property(fc.dictionary(names, fc.jsonValue()), (values) => {
      const { tlvs, faults } = given(values);
      for (const { value } of tlvs) expect(value).toMatch(/^(?:[0-9a-f]{2}){0,256}$/);
      expect(faults.length + tlvs.length).toBeGreaterThan(0);
    }),
  );
});
