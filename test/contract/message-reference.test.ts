import { userMessageReferenceOf } from '#contract/message-reference.ts';
import { messageId } from '../support/factories.ts';

test('the reference of a segment is always the same, or a receipt that is under way would find nothing', () => {
  expect(userMessageReferenceOf(messageId, 1)).toBe(54_605);
});

test('references are spread over 1 to 65535, over messages and over the segments of one', () => {
  const references = Array.from({ length: 20_000 }, (_, index) => userMessageReferenceOf(messageId, index + 1));
  expect(Math.min(...references)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...references)).toBeLessThanOrEqual(0xffff);
  // Drawn by chance, 20,000 of 65,535 are about 17,236 different ones.
  expect(new Set(references).size).toBeGreaterThan(17_000);
  expect(userMessageReferenceOf(messageId.replace(/.$/, 'f'), 1)).not.toBe(userMessageReferenceOf(messageId, 1));
});
