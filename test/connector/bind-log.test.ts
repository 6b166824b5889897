import type { CarrierProfileInput } from '#contract/carrier.ts';
import { BindLog } from '../../connector/bind-log.ts';
import type { BindState } from '../../connector/smpp/kept-bind.ts';
import type { SessionEnd } from '../../connector/smpp/reconnect.ts';
import { profile, recordedLog } from '../support/connector-factories.ts';

const host = { host: 'smsc.example.com', port: 2775 };
const bound: BindState = { kind: 'bound', role: 'transceiver', host };

function unbound(end: SessionEnd, given: Partial<BindState & { kind: 'unbound' }> = {}): BindState {
  return { kind: 'unbound', role: 'transceiver', host, end, nextTryMs: 250, ...given };
}

const refused = (commandStatus: number): SessionEnd => ({ kind: 'refused', commandStatus });

function told(states: readonly BindState[], carrier: Partial<CarrierProfileInput> = {}) {
  const log = recordedLog();
  const metrics: string[] = [];
  const count = (metric: string) => metrics.push(metric);
  const bindLog = new BindLog({ carrier: profile(carrier), log, meters: { count } });
  for (const state of states) bindLog.note(state);
  return { lines: log.lines, metrics };
}

test('refused credentials are one error that says what to do, and a metric each time (quirk 52)', () => {
  const refusal = unbound(refused(0x0e), { nextTryMs: 300_000 });
  const { lines, metrics } = told([refusal, refusal, refusal]);
  expect(lines).toEqual([
    {
      level: 'error',
      message: 'the SMSC does not take these credentials: check systemId, systemType and the password',
      role: 'transceiver',
      ...host,
      reason: 'bind refused: ESME_RINVPASWD 0x0e: the password is wrong',
      nextTrySeconds: 300,
    },
  ]);
  expect(metrics).toEqual(['bindRefusals', 'bindRefusals', 'bindRefusals']);
});

test('any other refusal is a warning and a metric, a connection that fails a warning only', () => {
  const { lines, metrics } = told([unbound(refused(0x05)), unbound({ kind: 'unreachable', cause: new Error('no') })]);
  expect(lines).toMatchObject([
    { level: 'warn', message: 'unbound', reason: expect.stringContaining('ESME_RALYBND') },
    { level: 'warn', message: 'unbound', reason: 'cannot connect: no' },
  ]);
  expect(metrics).toEqual(['bindRefusals']);
});

test('every bind of a role after its first is a metric', () => {
  const receiver = { ...bound, role: 'receiver' as const };
  const gone = unbound({ kind: 'ended', why: 'socket' });
  expect(told([bound, receiver]).metrics).toEqual([]);
  expect(told([gone, bound, receiver, gone, gone, bound, gone, bound]).metrics).toEqual(['rebinds', 'rebinds']);
});

test('a reason is told once of each host and role, and again after a bind of that role', () => {
  const end: SessionEnd = { kind: 'ended', why: 'socket' };
  const receiver = { role: 'receiver' as const };
  const other = { host: { ...host, port: 2776 } };
  const { lines } = told([
    unbound(end),
    unbound(end),
    unbound(end, other),
    unbound(end, receiver),
    { ...bound, ...receiver },
    unbound(end),
    unbound(end, receiver),
    bound,
    unbound(end),
  ]);
  expect(lines.map(({ message, role, port }) => `${message} ${role} ${port}`)).toEqual([
    'unbound transceiver 2775',
    'unbound transceiver 2776',
    'unbound receiver 2775',
    'bound receiver 2775',
    'unbound receiver 2775',
    'bound transceiver 2775',
    'unbound transceiver 2775',
  ]);
});

test.each(['renewing', 'returning'] as const)('a session that is given up for another (%s) is no warning', (why) => {
  const { lines } = told([unbound({ kind: 'ended', why })]);
  expect(lines).toMatchObject([{ level: 'info', message: 'unbound, to bind anew' }]);
});

test('the end of the last session is no warning either, and promises no other', () => {
  const { role, host: at, end } = unbound({ kind: 'ended', why: 'unbound' }) as BindState & { kind: 'unbound' };
  const { lines } = told([{ kind: 'unbound', role, host: at, end }]);
  expect(lines).toEqual([{ level: 'info', message: 'unbound', role, ...host, reason: 'the session was unbound' }]);
});

test('of a receiver whose credentials are refused it is told where they stand', () => {
  const { lines } = told([unbound(refused(0x0e), { role: 'receiver' })]);
  expect(lines[0]?.message).toContain('check receiver.systemId, receiver.systemType and receiver.password');
});

test('a reason whose words differ each time is told once all the same', () => {
  const garbage = (octets: number): SessionEnd => ({ kind: 'ended', why: 'protocol', cause: new Error(`${octets}`) });
  const failed = (address: string): SessionEnd => ({
    kind: 'unreachable',
    cause: Object.assign(new Error(address), { code: 'ECONNREFUSED' }),
  });
  const { lines } = told([garbage(1), garbage(2), failed('192.0.2.1'), failed('192.0.2.2')].map((end) => unbound(end)));
  expect(lines.map(({ reason }) => reason)).toEqual(['what the SMSC sent is not SMPP: 1', 'cannot connect: 192.0.2.1']);
});

test('an SMSC that is not verified is a warning at each bind', () => {
  const { lines } = told([bound, bound], { tls: { allowUnverifiedServer: true } });
  const warnings = lines.filter(({ level }) => level === 'warn');
  expect(warnings).toHaveLength(2);
  expect(warnings[0]?.message).toContain('tls.allowUnverifiedServer');
  expect(told([bound], { tls: true }).lines).toMatchObject([{ level: 'info', message: 'bound' }]);
});
