import { playText, readPlay } from '../../local/play.ts';
import { StartError } from '../../local/start-error.ts';

function changeOf(...set: string[]): unknown {
  return readPlay({ scenario: [], set })?.change;
}

test('nothing chosen is nothing to play', () => {
  expect(readPlay({ scenario: [], set: [] })).toBeUndefined();
});

test('names may come apart or with commas between them', () => {
  const play = readPlay({ scenario: ['throttle,slow', 'quirk-7'], set: [] });
  expect(play).toEqual({ scenarios: ['throttle', 'slow', 'quirk-7'], change: {} });
});

test('a value is JSON, or a string as it is', () => {
  expect(
    changeOf('binds.limit=2', 'receipts.when=never', 'receipts.textBefore=a=b', 'receipts.delayMs={"min":1,"max":2}'),
  ).toEqual({
    binds: { limit: 2 },
    receipts: { when: 'never', textBefore: 'a=b', delayMs: { min: 1, max: 2 } },
  });
});

test('a value may be null, or empty', () => {
  expect(changeOf('connections.idleMs=null', 'wire.trailing=')).toEqual({
    connections: { idleMs: null },
    wire: { trailing: '' },
  });
});

test('options within an object may be given one by one, or the object as a whole and then one of them', () => {
  expect(changeOf('submits.perSecond={"limit":5}', 'submits.perSecond.limit=7')).toEqual({
    submits: { perSecond: { limit: 7 } },
  });
});

test.each([
  ['submits.perSecond.limit', /--set must be like submits\.perSecond\.limit=50, got "submits\.perSecond\.limit"/],
  ['=5', /--set must be like/],
  ['submits.perSecond.limit=0', /submits\.perSecond\.limit/],
  ['submits.perSecnd.limit=5', /perSecnd/],
  ['submits=5', /submits/],
  ['submits..limit=5', /behaviour/],
  ['__proto__.polluted=1', /__proto__/],
  ['constructor.prototype.polluted=1', /constructor/],
])('--set %s is refused', (assignment, message) => {
  const read = () => changeOf(assignment);
  expect(read).toThrow(StartError);
  expect(read).toThrow(message);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

test.each([['thrott'], ['toString'], ['']])('the scenario "%s" is refused', (name) => {
  expect(() => readPlay({ scenario: [name], set: [] })).toThrow(/must be one of those that "npm run smsc -- --list"/);
});

test.each([
  [{ scenarios: ['throttle', 'slow'], change: {} }, 'throttle, slow'],
  [{ scenarios: [], change: {} }, 'standard'],
  [{ scenarios: [], change: { binds: { limit: 2 } } }, 'standard with {"binds":{"limit":2}}'],
])('%j is told in words', (play, text) => {
  expect(playText(play)).toBe(text);
});
