import { readTime, writeTime } from '../../../../local/simulator/messages/smpp-time.ts';

const now = Date.UTC(2026, 0, 31, 12, 0, 0);

test.each([
  ['260201003000000+', Date.UTC(2026, 1, 1, 0, 30)],
  ['260201003000700+', Date.UTC(2026, 1, 1, 0, 30, 0, 700)],
  ['260201003000004+', Date.UTC(2026, 0, 31, 23, 30)],
  ['260201003000048-', Date.UTC(2026, 1, 1, 12, 30)],
  ['000001000000000R', now + 24 * 3_600_000],
  ['000000003000000R', now + 30 * 60_000],
  ['000000000001000R', now + 1_000],
  ['010000000000000R', Date.UTC(2027, 0, 31, 12)],
  // No 31st of February: as calendars count on.
  ['000100000000000R', Date.UTC(2026, 2, 3, 12)],
  ['999999995959000R', Date.UTC(2125 + 8, 3, 31 + 99, 12) + (99 * 3_600 + 59 * 60 + 59) * 1_000],
])('%s is a time', (value, expected) => {
  expect(new Date(readTime(value, now) ?? Number.NaN)).toEqual(new Date(expected));
});

test.each([
  '',
  'tomorrow',
  '1R',
  '26020100300000+',
  '2602010030000000+',
  '260201003000000',
  '260201003000000Z',
  '261301003000000+',
  '260231003000000+',
  '260201240000000+',
  '260201006000000+',
  '260201003060000+',
  '260201003000049+',
  '26020100300000\u0660+',
  ' 60201003000000+',
])('%j is none', (value) => {
  expect(readTime(value, now)).toBeUndefined();
});

test('what is written is read as the same time, to the tenth of a second', () => {
  const time = Date.UTC(2026, 11, 31, 23, 59, 59, 900);
  expect(writeTime(time)).toBe('261231235959900+');
  expect(readTime(writeTime(time), now)).toBe(time);
});
