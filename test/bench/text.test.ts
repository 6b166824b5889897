import { textOptions } from '#contract/carrier-text.ts';
import { encodeText } from '#contract/text/encode-text.ts';
import { UsageError } from '../../bench/options.ts';
import { type Case, cases } from '../../bench/text/cases.ts';
import { measure } from '../../bench/text/measure.ts';
import { encodeWithPackage } from '../../bench/text/package.ts';
import { readPlainly, readToTheLetter } from '../../bench/text/plain-receipt.ts';
import { planOf } from '../../bench/text/plan.ts';
import { aimLines, aimOf, rowLines, rowsOf } from '../../bench/text/report.ts';
import { asRead, deliverSm } from '../support/pdus.ts';

const usual = textOptions.parse({});

test.each(['Hello', 'a'.repeat(500), '€'.repeat(200), 'ж'.repeat(71), '😀'.repeat(50)])(
  'the package, with what is written around it, makes the same octets: %#',
  (text) => {
    const { shortMessages } = encodeText(text, usual, '0198c5a2-7c00-7abc-8def-0123456789ab');
    const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');
    expect(encodeWithPackage(text, 0xab).map(hex)).toEqual(shortMessages.map(({ octets }) => hex(octets)));
  },
);

test('the expressions read what a receipt says', () => {
  const text = 'id:0A1 sub:001 dlvrd:001 submit date:2611231405 done date:2611231406 stat:DELIVRD err:000 text:Hi';
  const pdu = asRead(deliverSm({ esmClass: 4, shortMessage: Buffer.from(text) }));
  const fields = { id: '0A1', stat: 'DELIVRD', err: '000', submitDate: '2611231405', doneDate: '2611231406' };
  expect(readPlainly(pdu)).toEqual(fields);
  expect(readToTheLetter(pdu)).toEqual(fields);
});

test.each(cases)('$name: everybody has work to do, whichever turn it is', ({ ours, others }) => {
  for (const { work } of [{ work: ours }, ...others])
    for (const turn of [0, 1, 63, 64, 1_000]) expect(work(turn)).toEqual(expect.anything());
});

test('all run in each round', () => {
  const counts = { ours: 0, theirs: 0 };
  const made: Case = {
    name: 'made up',
    ours: () => counts.ours++,
    others: [{ name: 'theirs', work: () => counts.theirs++ }],
  };
  const { rounds } = measure(made, { rounds: 3, measuredMs: 0.01, warmUpMs: 0.01 });
  expect(rounds).toHaveLength(3);
  for (const figures of rounds) for (const figure of figures) expect(figure).toBeGreaterThan(0);
  expect(Math.min(counts.ours, counts.theirs)).toBeGreaterThanOrEqual(4 * 256);
});

describe('the report', () => {
  const work = () => undefined;
  const measured = (ours: number) => ({
    measured: {
      name: 'a text',
      ours: work,
      others: [
        { name: 'smpp', work },
        { name: 'another', work },
      ],
    },
    rounds: [
      [ours, 100, 200],
      [2 * ours, 100, 200],
      [4 * ours, 200, 400],
    ],
  });

  test('has the median of the rounds, and of the ratios within a round', () => {
    expect(rowsOf(measured(400))).toEqual([
      { what: 'a text', contender: 'ours', perSecond: 800, timesSlower: { median: 1, least: 1, most: 1 } },
      { what: 'a text', contender: 'smpp', perSecond: 100, timesSlower: { median: 8, least: 4, most: 8 } },
      { what: 'a text', contender: 'another', perSecond: 200, timesSlower: { median: 4, least: 2, most: 4 } },
    ]);
  });

  test('says whether the aim is met: three times as fast as the first of the others', () => {
    expect(aimOf(measured(400))).toMatchObject({ got: 8, wanted: 3, met: true });
    expect(aimOf(measured(140))).toMatchObject({ got: 2.8, met: false });
    expect(aimLines([aimOf(measured(140))])).toBe('  MISSED  2.8  a text: times as fast as smpp; at least 3');
  });

  test('can be read', () => {
    expect(rowLines(rowsOf(measured(400)))).toContain('ours is 8.0 (4.0 to 8.0) times as fast');
  });
});

test('what is asked for wrongly is told', () => {
  expect(planOf(['--quick', '--rounds', '2', '--json'])).toEqual({
    rounds: 2,
    measuredMs: 50,
    warmUpMs: 100,
    json: true,
  });
  expect(planOf([]).rounds).toBe(7);
  expect(() => planOf(['--rounds', '0'])).toThrow(UsageError);
  expect(() => planOf(['--fast'])).toThrow(UsageError);
});
