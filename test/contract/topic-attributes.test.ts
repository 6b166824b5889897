import fc from 'fast-check';
import type { StatusEvent, UnmatchedReceiptEvent } from '#contract/cloud-events.ts';
import { snsAttributes, statusTopicAttributes } from '#contract/topic-attributes.ts';

const acme = { type: 'sms.received', carrier: 'acme' };

test('each attribute is a string under its name', () => {
  expect(snsAttributes({ ...acme, from: '+447700900123', keyword: 'STOP' })).toEqual({
    type: { DataType: 'String', StringValue: 'sms.received' },
    carrier: { DataType: 'String', StringValue: 'acme' },
    from: { DataType: 'String', StringValue: '+447700900123' },
    keyword: { DataType: 'String', StringValue: 'STOP' },
  });
});

test('events of the status topic have attributes of their message, receipts of no message none of its addresses', () => {
  const data = { carrier: 'acme', from: '447700900123', to: 'ACME' };
  const status = { type: 'sms.sent', data } as StatusEvent;
  const unmatched = { type: 'sms.receipt.unmatched', data } as UnmatchedReceiptEvent;
  expect(statusTopicAttributes(status)).toEqual({ type: 'sms.sent', ...data });
  expect(statusTopicAttributes(unmatched)).toEqual({ type: 'sms.receipt.unmatched', carrier: 'acme' });
});

test('what SNS would never take is taken out, and an attribute of nothing else is left out', () => {
  const attributes = snsAttributes({ ...acme, from: undefined, to: '', keyword: '\u0000\u0085\uffff' });
  expect(Object.keys(attributes)).toEqual(['type', 'carrier']);
  expect(snsAttributes({ ...acme, keyword: 'A\u0000B\u001bC' }).keyword?.StringValue).toBe('ABC');
});

test.each(['from', 'to', 'keyword'] as const)(
  'whatever is in %s, it leads to an attribute that SNS takes, or to none',
  (name) => {
    const anyText = fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)), maxLength: 300 });
    fc.assert(
      fc.property(anyText, (given) => {
        const value = snsAttributes({ ...acme, [name]: given })[name]?.StringValue ?? 'left out';
        expect(value.length).toBeGreaterThan(0);
        expect(value.length).toBeLessThanOrEqual(100);
        // The characters of XML 1.0: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
        expect(value).toMatch(/^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]*$/u);
      }),
    );
  },
);

test('a keyword that is cut within a surrogate pair stays well-formed', () => {
  const { keyword } = snsAttributes({ ...acme, keyword: `${'a'.repeat(99)}😀` });
  expect(keyword?.StringValue.isWellFormed()).toBe(true);
});
