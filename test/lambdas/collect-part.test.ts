import { isAssemblyKey } from '../../lambdas/assembly.ts';
import { collect, settle, texts } from '../support/assembling.ts';
import { useTable } from '../support/dynamo.ts';
import { at } from '../support/factories.ts';
import { testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';
import { partEvents } from '../support/parts.ts';

const table = useTable();

describe('the parts of a long message', () => {
  test('make one message, in their order, when the last has come', async () => {
    const ports = testPorts(table());
    await collect(ports, { part: 2, seconds: 1 }, { part: 1, seconds: 3 });
    expect(ports.received).toEqual([]);
    await collect(ports, { part: 3, seconds: 2 });
    expect(texts(ports)).toEqual(['part 1 part 2 part 3 ']);
    expect(ports.received[0]).toMatchObject({
      type: 'sms.received',
      time: at(3),
      subject: '60300',
      data: {
        from: '447700900123',
        to: '60300',
        parts: { reference: 7, total: 3, missing: [] },
        octets: Buffer.from('part 1 part 2 part 3 ').toString('base64'),
        possibleDuplicate: false,
      },
    });
  });

  test('leave nothing due behind when all have come', async () => {
    const ports = testPorts(table());
    await collect(ports, ...partEvents(3));
    ports.advance(86_400_000);
    await settle(ports);
    expect(ports.received).toHaveLength(1);
    const due = (await table().all()).filter(({ dueAt }) => dueAt !== undefined);
    expect(due).toEqual([]);
  });

  test('are no message before the last of them, until their time is up: then what came is one, and says so', async () => {
    const ports = testPorts(table());
    await collect(ports, { part: 1 }, { part: 3 });
    ports.advance(599_999);
    await settle(ports);
    expect(ports.received).toEqual([]);
    ports.advance(1);
    await settle(ports);
    expect(texts(ports)).toEqual(['part 1 part 3 ']);
    expect(ports.received[0]?.data.parts).toEqual({ reference: 7, total: 3, missing: [2] });
    ports.advance(600_000);
    await settle(ports);
    expect(ports.received).toHaveLength(1);
  });

  test('are waited for from the last that came', async () => {
    const ports = testPorts(table());
    await collect(ports, { part: 1 });
    ports.advance(599_000);
    await collect(ports, { part: 2, seconds: 600 });
    ports.advance(1_000);
    await settle(ports);
    ports.advance(598_999);
    await settle(ports);
    expect(ports.received).toEqual([]);
    await collect(ports, { part: 3, seconds: 1_200 });
    expect(texts(ports)).toEqual(['part 1 part 2 part 3 ']);
  });

  test('that come when the others are published are a message of what came, in their own time', async () => {
    const ports = testPorts(table());
    await collect(ports, { part: 1 }, { part: 2 });
    ports.advance(600_000);
    await settle(ports);
    await collect(ports, { part: 3, seconds: 700 });
    expect(ports.received).toHaveLength(1);
    ports.advance(600_000);
    await settle(ports);
    expect(texts(ports)).toEqual(['part 1 part 2 ', 'part 3 ']);
    expect(ports.received[1]?.data.parts?.missing).toEqual([1, 2]);
  });

  test.each([
    ['carrier', { carrier: 'other' }],
    ['sender', { from: '447700900124' }],
    ['recipient', { to: '60301' }],
    ['reference', { reference: 8 }],
    ['kind of reference', { kind: 'udh16' }],
    ['total', { total: 4 }],
  ] as const)('are told apart by their %s', async (_, other) => {
    const ports = testPorts(table());
    await collect(ports, { part: 1 }, { part: 2 }, { part: 3, ...other });
    expect(ports.received).toEqual([]);
    await collect(ports, { part: 3 });
    expect(texts(ports)).toEqual(['part 1 part 2 part 3 ']);
  });

  test('say no number and no text in the keys of the table, which get into logs', async () => {
    const ports = testPorts(table());
    await collect(ports, ...partEvents(3));
    const keys = (await table().all()).map(({ pk, sk }) => `${pk} ${sk}`).join();
    expect(keys).not.toMatch(/447700900123|60300|part 1/);
  });
});

describe('a part that comes again', () => {
  test('is one part, also of a message that is published', async () => {
    const ports = testPorts(table());
    await collect(
      ports,
      { part: 1 },
      { part: 1, seconds: 2 },
      { part: 2 },
      { part: 3 },
      { part: 3, seconds: 31 },
      { part: 3, seconds: 32 },
    );
    ports.advance(86_400_000);
    await settle(ports);
    expect(texts(ports)).toEqual(['part 1 part 2 part 3 ']);
    expect((await table().all()).filter(({ dueAt }) => dueAt !== undefined)).toEqual([]);
  });

  test('before the others have come takes none of them away', async () => {
    const ports = testPorts(table());
    await collect(ports, { part: 1 }, { part: 2, seconds: 2 }, { part: 2, seconds: 3 }, { part: 3, seconds: 4 });
    ports.advance(86_400_000);
    await settle(ports);
    expect(texts(ports)).toEqual(['part 1 part 2 part 3 ']);
  });

  test.each([299, 3_600])(
    'with all others %d s later is a message, which says that it may be a repeat',
    async (seconds) => {
      const ports = testPorts(table());
      await collect(ports, ...partEvents(3), ...partEvents(3, { seconds }));
      expect(texts(ports)).toEqual(['part 1 part 2 part 3 ', 'part 1 part 2 part 3 ']);
      expect(ports.received.map(({ data }) => data.possibleDuplicate)).toEqual([false, true]);
      expect(new Set(ports.received.map(({ id }) => id)).size).toBe(2);
    },
  );

  test('later, and alone, is no message', async () => {
    const ports = testPorts(table());
    await collect(ports, ...partEvents(3), { part: 2, seconds: 3_600 });
    ports.advance(86_400_000);
    await settle(ports);
    expect(ports.received).toHaveLength(1);
    expect((await table().all()).filter(({ dueAt }) => dueAt !== undefined)).toEqual([]);
  });

  test('is the same delivery when it is the queue that hands it out again', async () => {
    const ports = testPorts(table());
    const parts = partEvents(3);
    await collect(ports, ...parts);
    ports.advance(7_200_000);
    await collect(ports, ...parts, ...parts);
    ports.advance(86_400_000);
    await settle(ports);
    expect(ports.received).toHaveLength(1);
  });
});

describe('a reference that is used again', () => {
  test('begins another message with the first number that is there already', async () => {
    const ports = testPorts(table());
    const second = { text: 'other ', seconds: 60 };
    await collect(ports, { part: 1 }, { part: 1, ...second }, { part: 2, ...second }, { part: 3, ...second });
    expect(texts(ports)).toEqual(['other other other ']);
    ports.advance(600_000);
    await settle(ports);
    expect(texts(ports)).toEqual(['other other other ', 'part 1 ']);
  });

  test('makes another message of other parts right after the first was published', async () => {
    const ports = testPorts(table());
    await collect(ports, ...partEvents(3), ...partEvents(3, { text: 'other ', seconds: 2 }));
    expect(texts(ports)).toEqual(['part 1 part 2 part 3 ', 'other other other ']);
  });

  test.each([
    ['first', ['Dear customer, ', 'code 111'], ['Dear customer, ', 'code 222']],
    ['last', ['code 111, ', 'your bank'], ['code 222, ', 'your bank']],
  ])('with the same words in the %s part loses none of them', async (_, one, other) => {
    const ports = testPorts(table());
    for (const [index, words] of [one, other].entries()) {
      const seconds = 1 + 60 * index;
      await collect(ports, ...words.map((text, at) => ({ part: at + 1, total: 2, text, seconds: seconds + at })));
    }
    ports.advance(86_400_000);
    await settle(ports);
    expect(texts(ports)).toEqual([one.join(''), other.join('')]);
    expect(ports.received.map(({ data }) => data.possibleDuplicate)).toEqual([false, false]);
  });

  test('takes no late repeat of the message before for its own part', async () => {
    const ports = testPorts(table());
    await collect(ports, ...partEvents(2), { part: 2, total: 2, seconds: 31 });
    await collect(ports, ...partEvents(2, { text: 'other ', seconds: 61 }));
    ports.advance(86_400_000);
    await settle(ports);
    expect(texts(ports)).toEqual(['part 1 part 2 ', 'other other ']);
  });

  test('by a sender who uses no other one fills no item, and costs no message', async () => {
    const memory = memoryTable();
    const ports = testPorts(memory);
    const messages = Array.from({ length: 400 }, (_, index) => `message ${index} `);
    for (const [seconds, text] of messages.entries()) await collect(ports, ...partEvents(2, { text, seconds }));
    expect(texts(ports)).toEqual(messages.map((text) => text + text));
    const [assembly] = (await memory.all()).filter(isAssemblyKey);
    expect(JSON.stringify([...((assembly?.done ?? []) as Set<string>)]).length).toBeLessThan(30_000);
  });

  test('for one part over and over fills no item, and takes nothing from the message', async () => {
    const ports = testPorts(memoryTable());
    const again = Array.from({ length: 650 }, (_, index) => ({ part: 1, total: 2, seconds: index / 10 }));
    await collect(ports, ...again, { part: 2, total: 2, seconds: 70 });
    ports.advance(86_400_000);
    await settle(ports);
    expect(texts(ports)).toEqual(['part 1 part 2 ']);
  });

  test('for parts that never are a whole is no way to fill the item', async () => {
    const ports = testPorts(memoryTable());
    for (let index = 0; index < 700; index += 1)
      await collect(ports, { part: 1, text: `again ${index}`, seconds: index / 10 });
    const published = ports.received.length;
    expect(published).toBeGreaterThan(0);
    ports.advance(86_400_000);
    await settle(ports);
    expect(new Set(texts(ports)).size).toBe(700);
    expect(ports.received).toHaveLength(700);
  });
});
