import type { APIGatewayProxyEvent } from 'aws-lambda';
import { asciiJson } from '#contract/ascii-json.ts';
import type { ReceivedEvent } from '#contract/cloud-events.ts';
import { listInbound } from '../../lambdas/inbound-pages.ts';
import { parseInboundRequest, writeCursor } from '../../lambdas/inbound-request.ts';
import { keepRecords } from '../../lambdas/keep-records.ts';
import type { Pages } from '../../lambdas/ports.ts';
import { useTable } from '../support/dynamo.ts';
import { begin, carrier } from '../support/factories.ts';
import { testPorts } from '../support/lambda-ports.ts';
import { memoryTable } from '../support/memory-table.ts';
import { restEvent } from '../support/rest-event.ts';

const table = useTable();
const dayMs = 86_400_000;

let events = 0;

function nextId(): string {
  events += 1;
  return `event-${events}`;
}

function received(msAgo: number, given: Partial<ReceivedEvent['data']> = {}, id = nextId()): ReceivedEvent {
  const data = { carrier, from: '447700900123', to: '60300', text: 'YES', dataCoding: 0, octets: 'WUVT', ...given };
  return {
    specversion: '1.0',
    id,
    source: `/carriers/${carrier}`,
    type: 'sms.received',
    subject: data.to,
    time: new Date(begin - msAgo).toISOString(),
    datacontenttype: 'application/json',
    data: { fingerprint: 'f', possibleDuplicate: false, tlvs: {}, ...data },
  };
}

function recordsOf(given: readonly ReceivedEvent[]) {
  return given.map((event, index) => ({ messageId: `record-${index}`, body: asciiJson(event) }));
}

function query(given: Readonly<Record<string, string | string[]>>): APIGatewayProxyEvent {
  const values = Object.entries(given).map(([name, value]) => [name, [value].flat()] as const);
  return { ...restEvent(), httpMethod: 'GET', multiValueQueryStringParameters: Object.fromEntries(values) };
}

function kept(pages: ReturnType<typeof table> = table(), retainTextDays = 90) {
  const ports = { ...testPorts(pages), pages, retainTextDays };
  const list = (given: Readonly<Record<string, string>> = {}) => listInbound(ports, parseInboundRequest(query(given)));
  return {
    ...ports,
    list,
    keep: (...given: readonly ReceivedEvent[]) => keepRecords(ports, recordsOf(given)),
    /** Ids on each page, to the last. */
    async walk(given: Readonly<Record<string, string>> = {}) {
      const found: string[][] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await list({ ...given, ...(cursor !== undefined && { cursor }) });
        found.push(page.events.map(({ id }) => id));
        if (page.position === undefined) return found;
        cursor = writeCursor(page.position);
      }
    },
  };
}

function faultsOf(given: Readonly<Record<string, string | string[]>>): unknown {
  try {
    return parseInboundRequest(query(given));
  } catch (error) {
    return (error as { errors?: unknown }).errors;
  }
}

describe('what the inbound topic published', () => {
  test('is kept once, however often it comes, and read back whole', async () => {
    const { keep, list } = kept();
    const event = received(1_000, { text: 'naïve 😀 \ud83d', tlvs: { '0x1400': 'ff' } });
    expect(await keep(event, event)).toEqual([]);
    expect(await keep(event)).toEqual([]);
    expect((await list()).events).toEqual([event]);
    expect(await table().all()).toHaveLength(1);
  });

  test('is kept as long as texts are', async () => {
    const { keep, list, advance } = kept(table(), 2);
    await keep(received(1_000));
    expect((await table().all())[0]?.expiresAt).toBe(begin / 1_000 + 2 * 86_400);
    advance(dayMs);
    expect((await list()).events).toHaveLength(1);
    // DynamoDB deletes days later.
    advance(dayMs);
    expect((await list()).events).toEqual([]);
  });

  test('that cannot be read, or not be stored now, comes again, and the rest of the batch does not', async () => {
    const ports = testPorts(memoryTable());
    const [good, refused] = recordsOf([received(1_000, {}, 'good'), received(1_000, {}, 'refused')]);
    const bad = { messageId: 'bad', body: '{"type":"sms.received"}' };
    const create: typeof ports.table.create = async (item) => {
      if (item.sk.endsWith('refused')) throw new Error('throttled');
      return ports.table.create(item);
    };
    const records = [bad, good, refused].flatMap((record) => record ?? []);
    const failed = await keepRecords({ ...ports, table: { create }, retainTextDays: 90 }, records);
    expect(failed.map(({ messageId }) => messageId)).toEqual(['bad', 'record-1']);
    expect(ports.logged.join()).not.toMatch(/447700900123|YES/);
  });
});

describe('a list of what came', () => {
  test('has the newest first, over days, page by page, and ends', async () => {
    const { keep, walk } = kept();
    await keep(
      received(3 * dayMs, {}, 'd'),
      received(1_000, {}, 'b'),
      received(0, {}, 'a'),
      received(dayMs, {}, 'c'),
      received(80 * dayMs, {}, 'e'),
    );
    expect(await walk({ limit: '2' })).toEqual([['a', 'b'], ['c', 'd'], [], [], ['e']]);
  });

  test('has what one sender, one number or one carrier is about, whatever form the address is written in', async () => {
    const { keep, walk } = kept();
    await keep(
      received(1, {}, 'one'),
      received(2, { from: '+447700900124' }, 'from'),
      received(3, { to: '60301' }, 'to'),
      received(4, { carrier: 'other' }, 'carrier'),
    );
    expect((await walk({ from: '447700900124' })).flat()).toEqual(['from']);
    expect((await walk({ from: '+447700900123' })).flat()).toEqual(['one', 'to', 'carrier']);
    expect((await walk({ to: '60301' })).flat()).toEqual(['to']);
    expect((await walk({ carrier: 'other', to: '60300' })).flat()).toEqual(['carrier']);
  });

  test('has what came between two times, without them', async () => {
    const { keep, walk } = kept();
    await keep(...[1, 2, 3, 4].map((seconds) => received(seconds * 1_000, {}, `${seconds}`)));
    const ago = (seconds: number) => new Date(begin - seconds * 1_000).toISOString();
    expect((await walk({ after: ago(4), before: ago(1) })).flat()).toEqual(['2', '3']);
    expect((await walk({ after: ago(1), before: ago(4) })).flat()).toEqual([]);
    expect((await walk({ after: '2025-12-31T23:59:57+00:00' })).flat()).toEqual(['1', '2']);
  });

  test('finds one among many that the filter does not take', async () => {
    const { keep, walk } = kept(memoryTable());
    await keep(received(50_000, { from: '33612345678' }, 'found'));
    await keep(...Array.from({ length: 1_000 }, (_, index) => received(index)));
    expect((await walk({ from: '33612345678' })).flat()).toEqual(['found']);
  });

  test('asks the table a bounded number of times for one answer', async () => {
    let queries = 0;
    const pages: Pages = {
      page: async () => {
        queries += 1;
        return { items: [] };
      },
    };
    const request = parseInboundRequest(query({ from: '33612345678' }));
    const { events: found, position } = await listInbound({ pages, now: () => begin, retainTextDays: 90 }, request);
    expect([found, queries]).toEqual([[], 30]);
    expect(position).toBe('2025-12-02T24');
  });

  test('is no larger than Lambda can answer, and loses nothing at the cut', async () => {
    const { keep, walk } = kept(memoryTable());
    const large = Array.from({ length: 30 }, (_, index) => received(index, { octets: 'A'.repeat(240_000) }));
    await keep(...large);
    const pages = await walk({ limit: '100' });
    expect(pages.flat()).toEqual(large.map(({ id }) => id));
    expect(Math.max(...pages.map((ids) => ids.length))).toBe(16);
  });
});

describe('a question that cannot be answered', () => {
  test.each([
    [{ limit: '0' }, 'limit'],
    [{ limit: '101' }, 'limit'],
    [{ limit: '1e2' }, 'limit'],
    [{ after: 'yesterday' }, 'after'],
    [{ before: '2026-02-31T00:00:00Z' }, 'before'],
    [{ from: '' }, 'from'],
    [{ carrier: 'no carrier' }, 'carrier'],
    [{ cursor: 'x' }, 'cursor'],
    [{ cursor: writeCursor('2026-99-01T24') }, 'cursor'],
    [{ cursor: writeCursor('9') }, 'cursor'],
    [{ cursor: `${writeCursor('2026-01-01T24')}=` }, 'cursor'],
    [{ cursor: 'A'.repeat(8_000) }, 'cursor'],
    [{ limit: ['1', '2'] }, 'limit'],
    [{ sender: '1' }, 'sender'],
  ])('names its fault (%#)', (given, field) => {
    expect(faultsOf(given)).toEqual([{ field, message: expect.stringMatching(/must|not known/) }]);
  });

  test('names all its faults', () => {
    expect(faultsOf({ limit: 'x', after: 'y' })).toHaveLength(2);
  });
});
