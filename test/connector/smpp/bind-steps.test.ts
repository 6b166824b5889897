import { beforeTheAnswer, tooLate } from '../../../connector/smpp/bind-steps.ts';
import type { SessionEnd } from '../../../connector/smpp/reconnect.ts';
import { sessionEndText } from '../../../connector/smpp/session-end-text.ts';

const to = { host: 'smsc.example.com', port: 2775 };
const withCertificate = {
  clientCertificate: { env: 'CERTIFICATE' },
  minVersion: 'TLSv1.2',
  allowUnverifiedServer: false,
} as const;
const closed: SessionEnd = { kind: 'ended', why: 'socket' };
const text = (end: SessionEnd, tls: Parameters<typeof beforeTheAnswer>[2]) =>
  sessionEndText(beforeTheAnswer(end, to, tls));

test.each([
  [
    'without TLS',
    false,
    'it may not accept this address (allow-list) or these credentials, or port 2775 may be one with TLS',
  ],
  ['with TLS', true, 'or ask for a client certificate (tls.clientCertificate)'],
  ['with a client certificate', withCertificate, 'or our client certificate'],
] as const)('an SMSC that closes the connection before it answers the bind, %s, may mean', (_, tls, words) => {
  const told = text(closed, tls);
  expect(told).toMatch(/^cannot connect: the SMSC closed the connection before it answered the bind: /);
  expect(told).toContain(words);
});

test('an SMSC that sends unbind before it answers the bind is not said to have been bound', () => {
  expect(text({ kind: 'ended', why: 'unbound' }, false)).toContain('sent unbind before it answered the bind');
});

test('a generic_nack with status 0 is not told as accepted', () => {
  expect(text({ kind: 'refused', commandStatus: 0 }, false)).toBe(
    'bind refused: generic_nack, without a status that says why',
  );
});

test.each([
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', true, 'asks for a client certificate: set tls.clientCertificate'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', withCertificate, 'refused our client certificate'],
] as const)('of TLS 1.3, which tells it only then, %s is said in words', (code, tls, words) => {
  const cause = Object.assign(new Error('401D24EE:error:0A00045C:SSL routines:ssl3_read_bytes\n'), { code });
  const told = text({ ...closed, cause }, tls);
  expect(told).toContain(words);
  expect(told).not.toContain('SSL routines');
});

test.each<SessionEnd>([
  { kind: 'refused', commandStatus: 0x0e },
  { kind: 'ended', why: 'protocol', cause: new Error('this port speaks HTTP, not SMPP') },
])('any other end is what it was', (end) => {
  expect(beforeTheAnswer(end, to, true)).toBe(end);
});

test.each([
  ['password', 'the password was not read in time'],
  ['client-certificate', 'the client certificate was not read in time'],
  ['name', 'the name smsc.example.com was not resolved'],
  ['connection', 'nothing answers at port 2775, as where the carrier drops the packets'],
  ['handshake', 'the TLS handshake does not end: port 2775 may be one without TLS'],
  ['answer', 'connected, but the bind is not answered'],
] as const)('an attempt that took too long says where it was: %s', (step, words) => {
  const { message } = tooLate(8_000, step, to);
  expect(message).toMatch(/^no bind within 8000 ms: /);
  expect(message).toContain(words);
});
