import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { metrics } from '#contract/metrics.ts';
import { applyEvent } from '../../lambdas/apply-event.ts';
import type { Item, Table } from '../../lambdas/ports.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { messageId, receiptEvent, sendingEvent, submittedEvent } from '../support/factories.ts';
import { keyedSends } from '../support/keyed-sends.ts';
import { acceptedMessage, type TestPorts, testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';

const document = readFileSync(join(__dirname, '../../docs/cost.md'), 'utf8');

type Row = readonly string[];

/** The rows of the one table that has a column of this name. */
function tableWith(column: string): readonly Row[] {
  const tables = document.split(/\n(?!\|)/).map((block) => block.split('\n').filter((line) => line.startsWith('|')));
  const found = tables.filter(([head = '']) => cellsOf(head).includes(column));
  if (found.length !== 1) throw new Error(`${found.length} tables with a column "${column}"`);
  return found.flatMap((lines) => lines.slice(2).map(cellsOf));
}

function cellsOf(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('**', ''));
}

const [fixed, perMillion, more, monthly] = ['nat', 'a million', 'a million with …', 'messages a second'].map(tableWith);

function rowOf(table: readonly Row[] = [], what: string): Row {
  const row = table.find(([name]) => name?.startsWith(what));
  if (row === undefined) throw new Error(`no row "${what}"`);
  return row;
}

/** The first number of a cell: `1,051,200 requests`, `−$6.93`. */
function numberIn(cell: string | undefined): number {
  const [digits = 'NaN'] = cell?.replaceAll(',', '').match(/\d+(\.\d+)?/) ?? [];
  return Number(digits) * (cell?.startsWith('−') ? -1 : 1);
}

/** `$0.50 per million`, of one. */
function priceIn(cell: string | undefined): number {
  const [, price, per = '1'] = cell?.match(/^\$([\d.]+)(?: per (million|10,000))?$/) ?? [];
  return Number(price) / ({ '1': 1, '10,000': 10_000, million: 1_000_000 }[per] ?? Number.NaN);
}

/** `3 × $0.625 + 0.015 × $13.3334` */
function sumOf(products: string): number {
  const terms = products.replaceAll('− ', '+ −').split(' + ');
  return terms.reduce((sum, term) => {
    const [count, price] = term.split(' × ');
    return sum + numberIn(count) * numberIn(price);
  }, 0);
}

/** To the cent, the exact half going either way. */
function expectCents(shown: number, exact: number): void {
  expect(Math.abs(shown - exact)).toBeLessThan(0.005 + 1e-9);
}

describe.each([
  ['a month, nothing sent', fixed],
  ['a million messages', perMillion],
])('of %s', (_, table = []) => {
  const items = table.filter(([what]) => what !== 'total');

  test.each(items)('the row "%s" is count times price', (_what, count, price, ...amounts) => {
    const exact = numberIn(count) * priceIn(price);
    for (const amount of amounts.filter((cell) => cell !== '–')) expectCents(numberIn(amount), exact);
  });

  test('the total of each column is the sum of its rows', () => {
    const [, , , ...totals] = rowOf(table, 'total');
    const sums = totals.map((_total, column) =>
      items.reduce((sum, { [column + 3]: amount }) => sum + (amount === '–' ? 0 : numberIn(amount)), 0),
    );
    expect(totals).toEqual(sums.map((sum) => `$${sum.toFixed(2)}`));
  });
});

test('the summary says what the tables say', () => {
  const summary = tableWith('us-east-1');
  const million = numberIn(rowOf(perMillion, 'total')[3]);
  const throughNat = numberIn(rowOf(perMillion, 'data through the NAT gateway')[3]);
  expect(rowOf(summary, 'a month').slice(1)).toEqual(rowOf(fixed, 'total').slice(3));
  expect(rowOf(summary, 'a million').slice(1)).toEqual(
    [million, million - throughNat].map((sum) => `$${sum.toFixed(2)}`),
  );
});

test.each(more ?? [])('what %s adds to a million is what its products add up to', (_, products = '', amount) => {
  expectCents(numberIn(amount), sumOf(products));
});

const sums = [...document.matchAll(/(\d[\d.]* × \$[\d. ×$+]+) = (\$[\d.]+)/g)].map(([, products = '', is]) => [
  products,
  is,
]);

test.each(sums)('the sum in the text, %s, is %s', (products = '', amount) => {
  expectCents(numberIn(amount), sumOf(products));
});

test('the text has three sums', () => {
  expect(sums).toHaveLength(3);
});

test.each(monthly ?? [])('%s a second, all month, cost as much as the parts', (rate, ...cells) => {
  const [millions = 0, variable = 0, standing = 0, sum = 0] = cells.map(numberIn);
  expect(millions).toBeCloseTo(Number(rate) * 2.628, 6);
  expectCents(variable, millions * numberIn(rowOf(perMillion, 'total')[3]));
  expect(standing).toBe(numberIn(rowOf(fixed, 'total')[3]));
  expectCents(sum, variable + standing);
});

test('a carrier has as many metrics as the document says', () => {
  expect(numberIn(rowOf(fixed, '[metrics]')[1])).toBe(Object.keys(metrics).length);
});

describe('the code makes as many writes as the document says', () => {
  const perMessage = numberIn(rowOf(perMillion, 'DynamoDB: 11 writes')[1]) / 1e6;
  /** Write units are the first product of a row. */
  const moreFor = (what: string) => numberIn(rowOf(more, what)[1]);

  test('for a message that is delivered', async () => {
    const { ports, units } = counted();
    await acceptedMessage(ports, messageId);
    await applyEvent(ports, submittedEvent());
    await applyEvent(ports, receiptEvent());
    expect(units()).toBe(perMessage);
  });

  test('for one with an Idempotency-Key', async () => {
    const plain = counted();
    await acceptedMessage(plain.ports, messageId);
    const keyed = counted();
    await keyedSends({ ...memoryTable(), ...keyed.ports.table }).send();
    expect(keyed.units() - plain.units()).toBe(moreFor('`Idempotency-Key`'));
  });

  test('for one that is sent at most once', async () => {
    const { ports, units } = counted();
    await acceptedMessage(ports, messageId, { guarantee: 'at-most-once' });
    await applyEvent(ports, sendingEvent());
    await applyEvent(ports, submittedEvent());
    await applyEvent(ports, receiptEvent());
    expect(units()).toBe(perMessage + moreFor('`"guarantee": "at-most-once"`'));
  });

  test('for one whose receipt nobody asked for', async () => {
    const { ports, units } = counted();
    await acceptedMessage(ports, messageId, { receipt: false });
    await applyEvent(ports, submittedEvent({ receiptExpected: false }));
    expect(units()).toBe(perMessage + moreFor('`"receipt": false`'));
  });

  test('for one of two segments', async () => {
    const { ports, units } = counted();
    await acceptedMessage(ports, messageId, { text: 'x'.repeat(200) });
    for (const segment of [1, 2]) await applyEvent(ports, submittedEvent({ segment, segments: 2 }));
    for (const segment of [1, 2]) {
      const smscMessageId = `smsc-${messageId}-${segment}`;
      await applyEvent(ports, receiptEvent({ id: `receipt-${segment}`, smscMessageId }));
    }
    expect(units()).toBe(perMessage + moreFor('each further segment'));
  });

  test('for one whose text is forgotten before its row', async () => {
    const { ports, units } = counted();
    const retaining = { ...ports, retainTextDays: 1 };
    await acceptedMessage(retaining, messageId);
    await applyEvent(ports, submittedEvent());
    await applyEvent(ports, receiptEvent());
    ports.advance(2 * 86_400_000);
    await settleItems(ports);
    expect(units()).toBe(perMessage + moreFor('`"retainTextDays"`'));
  });
});

/** Ports over a table that counts units: each write one, for no item is over a kilobyte, and what it changes in the index `due`. */
function counted(): { readonly ports: TestPorts; readonly units: () => number } {
  let units = 0;
  const table = memoryTable();
  const placeOf = (item: Item | undefined) =>
    item?.dueAt === undefined ? undefined : `${item.dueShard} ${item.dueAt}`;
  const count = (before: Item | undefined, after: Item | undefined) => {
    const [old, fresh] = [placeOf(before), placeOf(after)];
    const moved = old !== undefined && fresh !== undefined;
    units += 1;
    if (old !== fresh) units += moved ? 2 : 1;
  };
  const counting: Table = {
    ...table,
    async create(item) {
      const made = await table.create(item);
      count(undefined, item);
      return made;
    },
    async update(key, change) {
      const before = await table.get(key);
      const after = await table.update(key, change);
      count(before, after === 'refused' ? before : after);
      return after;
    },
  };
  return { ports: testPorts(counting), units: () => units };
}
