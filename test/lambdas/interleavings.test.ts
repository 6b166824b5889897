import { applyEvent } from '../../lambdas/apply-event.ts';
import { messageId } from '../support/factories.ts';
import { everyInterleaving, type Race } from '../support/interleavings.ts';
import { dyingAt } from '../support/lambda-ports.ts';
import { eventOf, type Happening, happening } from '../support/lives.ts';
import { crashPoints, endOf, impliedIds, portsWithMessage } from '../support/storms.ts';

/** The promise of `apply-event.ts` where handlers of one message work at once, each call of one between any two of another. */

const segments = 1;

function handlerOf(each: Happening): Race['workers'][number] {
  return (ports) => applyEvent(ports, eventOf(each, messageId, segments));
}

async function endOfOneByOne(happenings: readonly Happening[]) {
  const ports = await portsWithMessage();
  for (const each of happenings) await handlerOf(each)(ports);
  return endOf(ports);
}

async function expectSameEnd(first: readonly Happening[], others: readonly Happening[], maxSwitches?: number) {
  const expected = await endOfOneByOne([...first, ...others]);
  const start = async () => {
    const ports = await portsWithMessage();
    for (const each of first) await handlerOf(each)(ports);
    return { ports, workers: others.map(handlerOf) };
  };
  const check = async ({ ports }: Race) => {
    const end = await endOf(ports);
    expect(end).toEqual(expected);
    expect(end.published).toEqual(await impliedIds(ports));
  };
  return everyInterleaving(start, check, maxSwitches);
}

const submitted = happening('submitted');
const again = happening('submitted', { attempt: 1 });
const receipt = happening('receipt');
const undeliverable = happening('receipt', { state: 'undeliverable' });

test('handlers of a response and its receipt end the same, however their calls follow one another', async () => {
  expect(await expectSameEnd([], [submitted, receipt])).toBeGreaterThan(500);
});

test.each<[string, Happening[], Happening[]]>([
  ['the same response told twice', [], [submitted, submitted]],
  ['two receipts of one message', [submitted], [undeliverable, receipt]],
  ['the same receipt told twice', [submitted], [receipt, receipt]],
  ['an acceptance and the expiry of its copy', [], [submitted, happening('expired')]],
  ['two acceptances, one with a receipt already', [receipt], [submitted, again]],
])('handlers of %s end the same with up to three switches between them at any calls', async (_, first, others) => {
  expect(await expectSameEnd(first, others, 3)).toBeGreaterThan(100);
});

test('three handlers end the same with up to two switches between them at any calls', async () => {
  expect(await expectSameEnd([], [receipt, submitted, happening('rejected')], 2)).toBeGreaterThan(300);
});

test('a handler that dies at any call beside another that goes on is completed by its retry', async () => {
  const expected = await endOfOneByOne([submitted, receipt]);
  for (const [dies, lives] of [
    [submitted, receipt],
    [receipt, submitted],
  ] as const) {
    for (const point of crashPoints(8)) {
      const start = async () => ({
        ports: await portsWithMessage(),
        workers: [(ports: Race['ports']) => handlerOf(dies)(dyingAt(ports, point)), handlerOf(lives)],
      });
      const check = async ({ ports }: Race) => {
        await handlerOf(dies)(ports);
        expect(await endOf(ports)).toEqual(expected);
      };
      await everyInterleaving(start, check, 2);
    }
  }
});
