import { MessageIds } from '../../../../local/simulator/messages/message-ids.ts';
import type { BehaviourChange } from '../../../../local/simulator/play/behaviour.ts';
import { Random } from '../../../fuzz/random.ts';
import { content, part, stageOf } from '../messages.ts';

type Ids = NonNullable<BehaviourChange['ids']>;

function idsOf(change: Ids, more: { readonly random?: () => number; readonly taken?: ReadonlySet<string> } = {}) {
  const seeded = new Random(3);
  const { random = () => seeded.uint32() / 2 ** 32, taken = new Set() } = more;
  return new MessageIds({ stage: stageOf({ ids: change }), random, isTaken: (id) => taken.has(id) });
}

/** Numbers of 32 bits, one after the other. */
function numbers(...values: number[]): () => number {
  let next = 0;
  return () => (values[next++ % values.length] ?? 0) / 2 ** 32;
}

test.each<[Ids, RegExp, RegExp]>([
  [{ value: '32-bit', inResponse: 'lower-hex', inReceipt: 'decimal' }, /^[1-9a-f][0-9a-f]{0,7}$/, /^[1-9]\d{0,9}$/],
  [{ value: '64-bit' }, /^[89A-F][0-9A-F]{15}$/, /^[89A-F][0-9A-F]{15}$/],
  [{ value: '64-bit', inReceipt: 'decimal' }, /^[89A-F][0-9A-F]{15}$/, /^\d{19,20}$/],
  [
    { value: '64-bit', inResponse: 'zero-padded-hex', inReceipt: 'zero-padded-decimal' },
    /^00[89A-F][0-9A-F]{15}$/,
    /^00\d{20}$/,
  ],
  [
    { value: '32-bit', inResponse: 'zero-padded-hex', inReceipt: 'zero-padded-decimal' },
    /^00[0-9A-F]{8}$/,
    /^00\d{10}$/,
  ],
  [
    { value: 'uuid', inResponse: 'lower-hex', inReceipt: 'upper-hex' },
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    /^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/,
  ],
  [
    { value: 'text', inResponse: 'lower-hex' },
    /^[0-9a-f]{6}-[0-9a-f]{6}-[0-9a-f]{4}$/,
    /^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{4}$/,
  ],
])('ids of %j look like %s and %s', (change, inResponse, inReceipt) => {
  const ids = idsOf(change);
  for (let n = 0; n < 200; n++) {
    const { messageId, receiptId } = ids.of(content());
    expect(messageId).toMatch(inResponse);
    expect(receiptId).toMatch(inReceipt);
  }
});

test('both forms are of one number', () => {
  const ids = idsOf({ value: '64-bit', inResponse: 'upper-hex', inReceipt: 'decimal' });
  for (let n = 0; n < 200; n++) {
    const { messageId, receiptId } = ids.of(content());
    expect(BigInt(`0x${messageId}`)).toBe(BigInt(receiptId));
  }
});

test('a number that is small has no leading zeros but where they are asked for', () => {
  const pair = (change: Ids) => idsOf(change, { random: numbers(0xab) }).of(content());
  expect(pair({ value: '32-bit', inResponse: 'upper-hex', inReceipt: 'decimal' })).toEqual({
    messageId: 'AB',
    receiptId: '171',
  });
  expect(pair({ value: '32-bit', inResponse: 'zero-padded-hex', inReceipt: 'zero-padded-decimal' })).toEqual({
    messageId: '00000000AB',
    receiptId: '000000000171',
  });
});

test("hex-of-text has the response's characters, each as two digits", () => {
  const random = numbers(0xabc);
  expect(idsOf({ value: '32-bit', inReceipt: 'hex-of-text' }, { random }).of(content())).toEqual({
    messageId: 'ABC',
    receiptId: '414243',
  });
  expect(
    idsOf({ value: '32-bit', inResponse: 'hex-of-text', inReceipt: 'upper-hex' }, { random }).of(content()),
  ).toEqual({
    messageId: '414243',
    receiptId: 'ABC',
  });
});

test('ids below a number have the same form in both, from it on another', () => {
  const ids = idsOf(
    { value: '32-bit', inResponse: 'upper-hex', inReceipt: 'decimal', differFrom: 0x100 },
    { random: numbers(0xff, 0x100) },
  );
  expect(ids.of(content())).toEqual({ messageId: 'FF', receiptId: 'FF' });
  expect(ids.of(content())).toEqual({ messageId: '100', receiptId: '256' });
});

test.each<Ids>([{ value: '32-bit' }, { value: '64-bit' }, { value: 'uuid' }, { value: 'text' }])(
  'an id that a message has is not given again, even by a chance that always says the same: %j',
  (change) => {
    const taken = new Set<string>();
    for (const luck of [0, 0.999_999_999_999]) {
      const ids = idsOf(change, { random: () => luck, taken });
      for (let n = 0; n < 100; n++) taken.add(ids.of(content()).messageId);
    }
    expect(taken.size).toBe(200);
  },
);

describe('with one id per message', () => {
  test('all its parts have it, in any order, and what is no part has its own', () => {
    const ids = idsOf({ of: 'message' });
    const first = ids.of(part(2, 3));
    const single = ids.of(content());
    expect([ids.of(part(1, 3)), ids.of(part(3, 3))]).toEqual([first, first]);
    expect(single).not.toEqual(first);
  });

  test('the next message with the same reference has another, whether or not the one before was complete', () => {
    const ids = idsOf({ of: 'message' });
    const incomplete = ids.of(part(1, 2));
    const next = ids.of(part(1, 2));
    expect(next).not.toEqual(incomplete);
    expect(ids.of(part(2, 2))).toEqual(next);
    expect(ids.of(part(2, 2))).not.toEqual(next);
  });

  test('messages to others, or with another number of parts, have others', () => {
    const ids = idsOf({ of: 'message' });
    const all = [
      ids.of(part(1, 2)),
      ids.of(part(2, 3)),
      ids.of(part(2, 2, { to: '+1' })),
      ids.of(part(2, 2, { from: 'x' })),
    ];
    expect(new Set(all.map(({ messageId }) => messageId)).size).toBe(4);
  });
});
