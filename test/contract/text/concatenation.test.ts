import fc from 'fast-check';
import {
  concatenationElement,
  readConcatenation,
  readPorts,
  readShifts,
  referenceOf,
  splitUdh,
} from '#contract/text/concatenation.ts';
import { concatenationUdh } from '../../support/concatenation-udh.ts';

function udhOf(...elements: readonly (readonly number[])[]): Uint8Array {
  const octets = elements.flat();
  return Uint8Array.of(octets.length, ...octets);
}

const part2of3 = [0x00, 3, 0x7f, 3, 2];

describe('concatenationUdh', () => {
  test('the header of a part is 05 00 03, reference, total, part', () => {
    expect(concatenationUdh(0xab, 4, 3)).toEqual(Uint8Array.of(0x05, 0x00, 0x03, 0xab, 4, 3));
  });

  test.each([
    [256, 2, 1, 'reference must be 0 to 255, got 256'],
    [Number.NaN, 2, 1, 'reference must be 0 to 255, got NaN'],
    [0, 0, 1, 'total must be 1 to 255, got 0'],
    [0, 256, 1, 'total must be 1 to 255, got 256'],
    [0, 2, 0, 'part must be 1 to 2, got 0'],
    [0, 2, 3, 'part must be 1 to 2, got 3'],
    [0, 2, 1.5, 'part must be 1 to 2, got 1.5'],
  ])('reference %p, total %p, part %p are refused', (reference, total, part, message) => {
    expect(() => concatenationUdh(reference, total, part)).toThrow(new RangeError(message));
  });
});

describe('concatenationElement', () => {
  test('has a reference of 8 bits or of 16', () => {
    expect(concatenationElement({ kind: 'udh8', reference: 0xab, total: 4, part: 3 })).toEqual([0, 3, 0xab, 4, 3]);
    expect(concatenationElement({ kind: 'udh16', reference: 0xabcd, total: 4, part: 3 })).toEqual([
      8, 4, 0xab, 0xcd, 4, 3,
    ]);
  });

  test('a reference of more than 16 bits is refused', () => {
    expect(() => concatenationElement({ kind: 'udh16', reference: 0x10000, total: 1, part: 1 })).toThrow(
      new RangeError('reference must be 0 to 65535, got 65536'),
    );
  });
});

describe('referenceOf', () => {
  test('of 16 bits is the last two octets', () => {
    expect(referenceOf('0198c5a2-7c00-7abc-8def-0123456789fe', 'udh16')).toBe(0x89fe);
  });

  test('the reference is the last octet of the message id, in either case', () => {
    expect(referenceOf('0198c5a2-7c00-7abc-8def-0123456789fe')).toBe(0xfe);
    expect(referenceOf('0198C5A2-7C00-7ABC-8DEF-0123456789FE')).toBe(0xfe);
    expect(referenceOf('0198c5a2-7c00-7abc-8def-012345678900')).toBe(0);
  });

  test('any UUIDv7 gives a reference that a header can carry', () => {
    fc.assert(
      fc.property(fc.uuid({ version: 7 }), (messageId) => {
        expect(concatenationUdh(referenceOf(messageId), 2, 1)[3]).toBe(referenceOf(messageId));
      }),
    );
  });
});

describe('splitUdh', () => {
  test('the header is as long as its first octet says, and that octet', () => {
    expect(splitUdh(Uint8Array.of(0x05, 0x00, 0x03, 1, 2, 1, 0x41, 0x42))).toEqual({
      udh: Uint8Array.of(0x05, 0x00, 0x03, 1, 2, 1),
      body: Uint8Array.of(0x41, 0x42),
    });
  });

  test('a header with nothing behind it leaves an empty body', () => {
    expect(splitUdh(Uint8Array.of(1, 2))).toEqual({ udh: Uint8Array.of(1, 2), body: Uint8Array.of() });
  });

  test('a header of no elements is its length octet', () => {
    expect(splitUdh(Uint8Array.of(0, 0x41))).toEqual({ udh: Uint8Array.of(0), body: Uint8Array.of(0x41) });
  });

  test('octets shorter than their header promises are all body', () => {
    const hello = Uint8Array.from(Buffer.from('Hello'));
    expect(splitUdh(hello)).toEqual({ udh: Uint8Array.of(), body: hello });
  });

  test('no octets are no header and no body', () => {
    expect(splitUdh(Uint8Array.of())).toEqual({ udh: Uint8Array.of(), body: Uint8Array.of() });
  });

  test('any octets are split without loss', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (octets) => {
        const { udh, body } = splitUdh(octets);
        expect([...udh, ...body]).toEqual([...octets]);
      }),
    );
  });
});

describe('readConcatenation', () => {
  test('an 8-bit element is read', () => {
    expect(readConcatenation(udhOf(part2of3))).toEqual({ kind: 'udh8', reference: 0x7f, total: 3, part: 2 });
  });

  test('a 16-bit element is read, the high octet of the reference first', () => {
    expect(readConcatenation(udhOf([0x08, 4, 0x12, 0x34, 3, 2]))).toEqual({
      kind: 'udh16',
      reference: 0x1234,
      total: 3,
      part: 2,
    });
  });

  test.each([
    ['behind application ports', [[0x05, 4, 0x0b, 0x84, 0x23, 0xf0], part2of3]],
    ['before application ports', [part2of3, [0x05, 4, 0x0b, 0x84, 0x23, 0xf0]]],
    ['between national language tables', [[0x24, 1, 1], part2of3, [0x25, 1, 1]]],
    ['behind an element without data', [[0x70, 0], part2of3]],
    ['before an element that runs over the end', [part2of3, [0x05, 4, 0x0b]]],
    ['before half an element', [part2of3, [0x05]]],
  ])('an element is found %s', (_, elements) => {
    expect(readConcatenation(udhOf(...elements))).toEqual({ kind: 'udh8', reference: 0x7f, total: 3, part: 2 });
  });

  test('of two elements the last counts', () => {
    expect(readConcatenation(udhOf([0x00, 3, 1, 2, 1], [0x08, 4, 1, 2, 5, 4]))).toEqual({
      kind: 'udh16',
      reference: 0x102,
      total: 5,
      part: 4,
    });
  });

  test('an impossible element counts as absent, also behind a good one', () => {
    expect(readConcatenation(udhOf(part2of3, [0x00, 3, 9, 0, 0]))).toEqual({
      kind: 'udh8',
      reference: 0x7f,
      total: 3,
      part: 2,
    });
  });

  test.each([
    ['an empty header', Uint8Array.of()],
    ['a header of no elements', udhOf()],
    ['a header of other elements', udhOf([0x05, 4, 0x0b, 0x84, 0x23, 0xf0])],
    ['total 0', udhOf([0x00, 3, 1, 0, 0])],
    ['part 0', udhOf([0x00, 3, 1, 2, 0])],
    ['part over total', udhOf([0x00, 3, 1, 2, 3])],
    ['an 8-bit element of 4 octets', udhOf([0x00, 4, 1, 2, 1, 0])],
    ['a 16-bit element of 3 octets', udhOf([0x08, 3, 1, 2, 1])],
    ['an element that runs over the end', udhOf([0x00, 3, 1, 2])],
    ['an element that promises more than there is', udhOf([0x00, 5, 1, 2, 1])],
  ])('no concatenation is found in %s', (_, udh) => {
    expect(readConcatenation(udh)).toBeUndefined();
  });

  test('what concatenationUdh writes is read back', () => {
    const numbers = fc
      .tuple(fc.nat(255), fc.integer({ min: 1, max: 255 }), fc.nat(254))
      .map(([reference, total, n]) => ({ reference, total, part: 1 + (n % total) }));
    fc.assert(
      fc.property(numbers, fc.uint8Array(), (concatenation, text) => {
        const { reference, total, part } = concatenation;
        const { udh, body } = splitUdh(Uint8Array.of(...concatenationUdh(reference, total, part), ...text));
        expect(readConcatenation(udh)).toEqual({ kind: 'udh8', ...concatenation });
        expect(body).toEqual(text);
      }),
    );
  });

  test('any octets are read without an error', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 8 }), fc.nat(255))), (octets) => {
        const found = readConcatenation(Uint8Array.from(octets));
        if (found !== undefined) expect(found.part).toBeLessThanOrEqual(found.total);
      }),
    );
  });
});

describe('readPorts', () => {
  test('reads ports of 8 and of 16 bits, the destination first, anywhere among other elements', () => {
    expect(readPorts(udhOf([0x04, 2, 0xf0, 0xf1]))).toEqual({ destination: 0xf0, source: 0xf1 });
    expect(readPorts(udhOf(part2of3, [0x05, 4, 0x0b, 0x84, 0x23, 0xf0]))).toEqual({
      destination: 2948,
      source: 9200,
    });
  });

  test('of several the last counts, and one of another length not at all', () => {
    expect(readPorts(udhOf([0x04, 2, 1, 2], [0x05, 4, 0, 3, 0, 4], [0x05, 2, 9, 9]))).toEqual({
      destination: 3,
      source: 4,
    });
  });

  test('there are none in other headers', () => {
    for (const udh of [Uint8Array.of(), udhOf(), udhOf(part2of3), udhOf([0x05, 4, 1])])
      expect(readPorts(udh)).toBeUndefined();
  });
});

describe('readShifts', () => {
  test('reads the national tables, of several of a kind the last', () => {
    expect(readShifts(udhOf([0x24, 1, 1], part2of3, [0x25, 1, 3], [0x24, 1, 2]))).toEqual({ single: 2, locking: 3 });
    expect(readShifts(udhOf([0x25, 1, 6]))).toEqual({ locking: 6 });
  });

  test('there are none in other headers', () => {
    for (const udh of [Uint8Array.of(), udhOf(part2of3), udhOf([0x24, 0], [0x25, 2, 1, 1])])
      expect(readShifts(udh)).toEqual({});
  });
});
