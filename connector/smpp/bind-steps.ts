import { type CarrierTls, tlsOptionsOf } from '#contract/carrier-tls.ts';
import type { Host } from './host.ts';
import type { SessionEnd } from './reconnect.ts';
import { explained } from './tls-faults.ts';

/** Where an attempt at a bind is: what is waited for. */
export type ConnectStep = 'client-certificate' | 'name' | 'connection' | 'handshake';
export type BindStep = 'password' | ConnectStep | 'answer';

/** Why an attempt took too long, in words for whoever is on call. */
export function tooLate(timeoutMs: number, step: BindStep, to: Host): Error {
  return new Error(`no bind within ${timeoutMs} ms: ${unfinished[step](to)}`);
}

const unfinished: Readonly<Record<BindStep, (to: Host) => string>> = {
  password: () => 'the password was not read in time',
  'client-certificate': () => 'the client certificate was not read in time',
  name: ({ host }) => `the name ${host} was not resolved`,
  connection: ({ port }) =>
    `nothing answers at port ${port}, as where the carrier drops the packets of an address that is not in its allow-list`,
  handshake: ({ port }) => `connected, but the TLS handshake does not end: port ${port} may be one without TLS`,
  answer: () => 'connected, but the bind is not answered',
};

/**
 * What the end of a session says that came before the bind was answered: many an SMSC refuses without a word. In TLS 1.3
 * it judges our certificate, or the want of one, only now.
 */
export function beforeTheAnswer(end: SessionEnd, to: Host, carrierTls: CarrierTls): SessionEnd {
  if (end.kind !== 'ended') return end;
  if (end.why === 'unbound') {
    const words =
      'the SMSC sent unbind before it answered the bind: it may not accept this address or these credentials';
    return { kind: 'unreachable', cause: new Error(words) };
  }
  if (end.why !== 'socket') return end;
  const { cause } = end;
  const tls = tlsOptionsOf(carrierTls);
  const clientCertificate = tls?.clientCertificate !== undefined;
  if (tls !== undefined && cause !== undefined && /^ERR_SSL_/.test(codeOf(cause))) {
    return { kind: 'unreachable', cause: explained(cause, { to, tls, clientCertificate }) };
  }
  const words = `the SMSC closed the connection before it answered the bind: it may not accept this address (allow-list) or these credentials, ${
    tls === undefined
      ? `or port ${to.port} may be one with TLS`
      : clientCertificate
        ? 'or our client certificate'
        : 'or ask for a client certificate (tls.clientCertificate)'
  }`;
  return { kind: 'unreachable', cause: new Error(words, { cause }) };
}

function codeOf(cause: Error): string {
  return 'code' in cause ? String(cause.code) : '';
}
