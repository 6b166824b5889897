import type { BehaviourChange } from '../../../../local/simulator/play/behaviour.ts';
import { endingOf } from '../../../../local/simulator/play/endings.ts';
import { behaviourOf } from '../../../../local/simulator/play/scenarios.ts';

/** What would crash, wedge or contradict itself. */
const wrong: readonly [string, BehaviourChange][] = [
  ['a refusal that accepts', { submits: { refuse: { statuses: ['ESME_ROK'] } } }],
  ['a refused bind that is accepted', { binds: { refuse: { status: 0 } } }],
  ['an acceptance that is sent again', { deliveries: { retryStatuses: [0] } }],
  ['a status that SMPP does not have', { submits: { refuse: { statuses: ['ESME_NOT'] } } }],
  ['a TLV that no PDU has room for', { responses: { tlvs: { '0x1400': '00'.repeat(70_000) } } }],
  [
    'hundreds of TLVs',
    { mo: { tlvs: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`0x14${10 + n}`, '00'])) } },
  ],
  ['half an octet', { wire: { trailing: '0' } }],
  ['text that is not ASCII in front of a receipt', { receipts: { textBefore: '€' } }],
  ['a delay that ends before it begins', { responses: { delayMs: { min: 2, max: 1 } } }],
  ['an end that never comes', { connections: { end: { by: 'FIN' } } }],
  ['a uuid in decimal', { ids: { value: 'uuid', inReceipt: 'decimal' } }],
];

test.each(wrong)('%s is no behaviour', (_what, change) => {
  expect(() => behaviourOf({ scenarios: [], change })).toThrow(expect.objectContaining({ code: 'invalid-input' }));
});

test('a key that every object has is none of ours', () => {
  const change = JSON.parse('{"__proto__": {"submits": {}}}');
  expect(() => behaviourOf({ scenarios: [], change })).toThrow(expect.objectContaining({ code: 'invalid-input' }));
});

test('an ending needs a longer number, not counting its "+"', () => {
  expect(['0901', '+0901', '10901', '+10901'].map((number) => endingOf(number)?.handset)).toEqual([
    undefined,
    undefined,
    'unknown',
    'unknown',
  ]);
});
