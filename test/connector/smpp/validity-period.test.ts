import fc from 'fast-check';
import { validityPeriod } from '../../../connector/smpp/validity-period.ts';

const now = Date.UTC(2026, 10, 23, 14, 30, 0);
const day = 86_400_000;

test.each([
  [1_000, '000000000001000R'],
  [59_999, '000000000059000R'],
  [600_000, '000000001000000R'],
  [day + 2 * 3_600_000 + 30 * 60_000, '000001023000000R'],
  [3 * day, '000003000000000R'],
  [1, '000000000001000R'],
])('of %i ms that are left it is %s (SMPP 3.4, 7.1.1.2)', (left, expected) => {
  expect(validityPeriod('relative', now + left, now)).toBe(expected);
});

test.each([
  [600_000, '261123144000000+'],
  [3 * day, '261126143000000+'],
  [40 * day, '270102143000000+'],
])('as a time, with %i ms left, it is %s, in UTC (SMPP 3.4, 7.1.1.1)', (left, expected) => {
  expect(validityPeriod('absolute', now + left, now)).toBe(expected);
});

test('it is left out for an SMSC that wants none (quirk 71)', () => {
  expect(validityPeriod('none', now + day, now)).toBe('');
});

test('it never lasts longer than the message, but for its last second, and is never none', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 * day }), (left) => {
      const text = validityPeriod('relative', now + left, now);
      const [, days, hours, minutes, seconds] = /^0000(\d\d)(\d\d)(\d\d)(\d\d)000R$/.exec(text)?.map(Number) ?? [];
      const told = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
      expect(told).toBe(Math.max(1, Math.floor(left / 1_000)));
    }),
  );
});
