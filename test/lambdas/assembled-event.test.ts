import { parseEventList } from '#contract/connector-events.ts';
import { assembledEvents } from '../../lambdas/assembled-event.ts';
import { partEvent, partEvents } from '../support/parts.ts';

describe('what is made of the parts', () => {
  const message = { id: 'id', possibleDuplicate: false };

  test('is decoded over the ends of parts: half a character in each is one', () => {
    const octets = Buffer.from('a😀b', 'utf16le').swap16();
    const cut = [octets.subarray(0, 4), octets.subarray(4)];
    const parts = cut.map((of, index) => partEvent({ part: index + 1, total: 2, octets: of, dataCoding: 8 }));
    expect(assembledEvents(message, parts)[0]?.data.text).toBe('a😀b');
  });

  test('has the TLVs of all, of equal ones those of the first part', () => {
    const parts = [partEvent({ part: 2, tlvs: { a: '02', b: '03' } }), partEvent({ part: 1, tlvs: { a: '01' } })];
    expect(assembledEvents(message, parts)[0]?.data.tlvs).toEqual({ a: '01', b: '03' });
  });

  test('may be a repeat when one part may', () => {
    const parts = [partEvent({ part: 1 }), partEvent({ part: 2, possibleDuplicate: true })];
    expect(assembledEvents(message, parts)[0]?.data.possibleDuplicate).toBe(true);
  });

  test('of data for a program is binary, with its ports', () => {
    const udh = Buffer.of(11, 5, 4, 0x0b, 0x84, 0x23, 0xf0, 0, 3, 7, 3, 1).toString('base64');
    const [event] = assembledEvents(message, [
      partEvent({ part: 1, udh, dataCoding: 4 }),
      partEvent({ part: 2, dataCoding: 4 }),
    ]);
    expect(event?.data).toMatchObject({ kind: 'binary', ports: { source: 0x23f0, destination: 0x0b84 } });
  });

  test('fits the topic: 255 parts in one event, and what is larger in several without loss', () => {
    const largest = partEvents(255, { text: 'x'.repeat(153) });
    expect(assembledEvents(message, largest)).toHaveLength(1);
    const payloads = partEvents(20, { octets: Buffer.alloc(40_000, 7), dataCoding: 4 });
    expect(parseEventList(JSON.stringify({ version: 1, events: payloads })).every(({ kind }) => kind === 'event')).toBe(
      true,
    );
    const events = assembledEvents(message, payloads);
    expect(Buffer.concat(events.map(({ data }) => Buffer.from(data.octets, 'base64')))).toEqual(
      Buffer.alloc(800_000, 7),
    );
    expect(Math.max(...events.map((event) => JSON.stringify(event).length))).toBeLessThan(250_000);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    const missing = events.map(({ data }) => data.parts?.missing.length ?? 0);
    expect(missing.reduce((sum, count) => sum + (20 - count), 0)).toBe(20);
  });
});
