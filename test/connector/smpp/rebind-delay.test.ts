import { rebindDelayMs } from '../../../connector/smpp/rebind-delay.ts';
import type { SessionEnd } from '../../../connector/smpp/reconnect.ts';
import { esme } from '../../../connector/smpp/status.ts';

const backoff = { firstDelayMs: 250, maxDelayMs: 8_000 };

function delay(end: SessionEnd, failures = 3): number {
  return rebindDelayMs(end, failures, backoff, () => 1);
}

test.each(['RINVPASWD', 'RINVSYSID', 'RINVSYSTYP'] as const)(
  'a bind refused with ESME_%s waits five minutes, so that the account is not locked',
  (name) => {
    expect(delay({ kind: 'refused', commandStatus: esme[name] }, 1)).toBe(300_000);
    expect(delay({ kind: 'refused', commandStatus: esme[name] }, 20)).toBe(300_000);
  },
);

test.each<[string, SessionEnd]>([
  ['a bind refused for another reason', { kind: 'refused', commandStatus: esme.RBINDFAIL }],
  ['an account that is bound already', { kind: 'refused', commandStatus: esme.RALYBND }],
  ['an SMSC that cannot be reached', { kind: 'unreachable', cause: new Error('ECONNREFUSED') }],
  ['a session that broke', { kind: 'ended', why: 'socket' }],
  ['a session that was unbound', { kind: 'ended', why: 'unbound' }],
])('%s waits by the number of failures', (_, end) => {
  expect([1, 2, 3, 20].map((failures) => delay(end, failures))).toEqual([250, 500, 1_000, 8_000]);
});

test('a password that cannot be read waits by the number of failures too, up to a minute', () => {
  const end: SessionEnd = { kind: 'no-password', cause: new Error('none') };
  expect([1, 2, 3, 9, 20].map((failures) => delay(end, failures))).toEqual([250, 500, 1_000, 60_000, 60_000]);
});
