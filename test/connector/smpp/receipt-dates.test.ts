import fc from 'fast-check';
import { dateReader } from '../../../connector/smpp/receipt-dates.ts';

const auto = dateReader({ dateFormat: 'auto', utcOffset: '+00:00' });
const arrivedAt = Date.UTC(2026, 0, 2, 12);

test.each([
  ['2601021130', '2026-01-02T11:30:00.000Z'],
  ['260102113059', '2026-01-02T11:30:59.000Z'],
  ['202601021130', '2026-01-02T11:30:00.000Z'],
  ['20260102113059', '2026-01-02T11:30:59.000Z'],
  ['2512312359', '2025-12-31T23:59:00.000Z'],
])('%s is %s, of whatever length it is (quirk 14)', (written, time) => {
  expect(auto(written, arrivedAt)).toBe(time);
});

test.each([
  ['no digits', 'yesterday!'],
  ['a digit that is none', '26010211:0'],
  ['nothing', ''],
  ['a day without an hour', '260102'],
  ['zeros', '0000000000'],
  ['a month 0', '2600021130'],
  ['a month 13', '2613021130'],
  ['a 31 April', '2604311130'],
  ['an hour 24', '2601022430'],
  ['a minute 60', '2601021160'],
  ['a second 60', '260102113060'],
  ['another length', '26010211301'],
  ['much more', '2'.repeat(60_000)],
])('%s is no date', (_, written) => {
  expect(auto(written, arrivedAt)).toBeUndefined();
});

test.each([
  ['ten days before', Date.UTC(2025, 11, 23, 12), true],
  ['a minute more before', Date.UTC(2025, 11, 23, 11, 59), false],
  ['a day after', Date.UTC(2026, 0, 3, 12), true],
  ['a minute more after', Date.UTC(2026, 0, 3, 12, 1), false],
])('a date %s its arrival is plausible or not', (_, time, isPlausible) => {
  const written = new Date(time).toISOString().replaceAll(/\D/g, '').slice(0, 12);
  expect(auto(written, arrivedAt)).toBe(isPlausible ? new Date(time).toISOString() : undefined);
});

test('a configured format alone is tried', () => {
  const read = dateReader({ dateFormat: 'YYYYMMDDhhmm', utcOffset: '+00:00' });
  expect(read('202601021130', arrivedAt)).toBe('2026-01-02T11:30:00.000Z');
  expect(read('260102113059', arrivedAt)).toBeUndefined();
  expect(read('2601021130', arrivedAt)).toBeUndefined();
});

test.each([
  ['+02:00', '2026-01-02T09:30:00.000Z'],
  ['-03:30', '2026-01-02T15:00:00.000Z'],
])('an offset of %s is taken off', (utcOffset, time) => {
  expect(dateReader({ dateFormat: 'auto', utcOffset })('2601021130', arrivedAt)).toBe(time);
});

test('every minute of the last ten days is read as what it is, in each format', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 * 24 * 60 }), (minutes) => {
      const time = new Date(arrivedAt - minutes * 60_000).toISOString();
      const digits = time.replaceAll(/\D/g, '').slice(0, 14);
      for (const written of [digits, digits.slice(0, 12), digits.slice(2), digits.slice(2, 12)]) {
        expect(auto(written, arrivedAt)).toBe(time);
      }
    }),
  );
});
