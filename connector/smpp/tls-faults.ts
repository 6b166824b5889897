import type { PeerCertificate } from 'node:tls';
import type { TlsOptions } from '#contract/carrier-tls.ts';
import type { Host } from './host.ts';

/** What Node and OpenSSL say of a handshake that failed. */
export interface TlsFault extends Error {
  readonly code?: string;
  /** OpenSSL's words, without where in its sources. */
  readonly reason?: string;
  /** With a name that is not in it. */
  readonly cert?: PeerCertificate;
}

interface Attempt {
  readonly to: Host;
  readonly tls: TlsOptions;
  /** Whether we have one. */
  readonly clientCertificate: boolean;
}

/** What went wrong, and what to do about it, by the code that Node or OpenSSL has for it. */
const explanations: readonly (readonly [
  code: RegExp,
  words: (attempt: Attempt, fault: TlsFault) => string | undefined,
])[] = [
  [
    /^ERR_SSL_WRONG_VERSION_NUMBER$/,
    ({ to }) => `what answers at port ${to.port} does not speak TLS: the SMSC may have another port for it`,
  ],
  [
    /^(ECONNRESET|EPIPE)$/,
    ({ to }) =>
      `the SMSC closed the connection during the TLS handshake: port ${to.port} may be one without TLS, or the SMSC does not accept this address or certificate of ours`,
  ],
  [
    /^CERT_HAS_EXPIRED$/,
    ({ tls }) =>
      `the SMSC's certificate, or one that vouches for it, has expired: the SMSC must get a new one${tls.ca === undefined ? '' : ', or tls.ca be renewed'}`,
  ],
  [
    /^CERT_NOT_YET_VALID$/,
    () => "the SMSC's certificate, or one that vouches for it, is not valid yet: wait, or set the clock here",
  ],
  [
    /^(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|UNABLE_TO_VERIFY_LEAF_SIGNATURE)$/,
    ({ tls }) =>
      tls.ca === undefined
        ? "no well-known authority stands behind the SMSC's certificate: put the certificate of the one that does into tls.ca"
        : "no certificate in tls.ca stands behind the SMSC's: put that of the authority which signed it there",
  ],
  [
    // Node has no code for "EE certificate key too weak", "CA signature digest algorithm too weak" and the like.
    /^UNSPECIFIED$/,
    (_, { message }) =>
      /too weak|too small/.test(message)
        ? `the SMSC's certificate, or one that vouches for it, has too short a key or an outdated signature (${message}): the SMSC must get a new one`
        : undefined,
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    ({ to, tls }, { cert }) =>
      `the SMSC's certificate is for ${namesIn(cert)}, not for ${tls.servername ?? to.host}: if this is the right SMSC, set tls.servername to the name in its certificate`,
  ],
  [
    /UNRECOGNIZED_NAME$/,
    ({ to, tls }) =>
      `the SMSC does not know itself as ${tls.servername ?? to.host}: set tls.servername to the name in its certificate`,
  ],
  [
    /(ALERT_PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL)$/,
    ({ tls }) => `the SMSC speaks no version of TLS from ${tls.minVersion} (tls.minVersion) on`,
  ],
  [
    /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_\w+|UNKNOWN_CA|ACCESS_DENIED)$/,
    ({ clientCertificate }) =>
      clientCertificate
        ? 'the SMSC refused our client certificate: it must be the one that the SMSC was given, and must not have expired'
        : 'the SMSC asks for a client certificate: set tls.clientCertificate',
  ],
  [
    /ALERT_HANDSHAKE_FAILURE$/,
    ({ clientCertificate }) =>
      clientCertificate
        ? 'the SMSC refused the TLS handshake: our client certificate may not be the one that the SMSC was given, or no cipher is known to both'
        : 'the SMSC refused the TLS handshake: it may ask for a client certificate (tls.clientCertificate), or no cipher is known to both',
  ],
];

/**
 * A TLS handshake that failed, in words for whoever is on call: Node and OpenSSL say what broke, not what to do about
 * it. Their `code` is kept.
 */
export function explained(cause: TlsFault, attempt: Attempt): Error {
  const { code = 'unknown', reason, message } = cause;
  const words = explanations.find(([codes]) => codes.test(code))?.[1](attempt, cause);
  return withCode(new Error(`${words ?? `the TLS handshake failed: ${reason ?? message}`} (${code})`, { cause }), code);
}

/** The first of them: some certificates have hundreds. */
function namesIn(cert: PeerCertificate | undefined): string {
  const names = cert?.subjectaltname ?? `CN:${cert?.subject?.CN ?? ''}`;
  return names.length > 200 ? `${names.slice(0, 200)}...` : names;
}

export function withCode(error: Error, code: string): Error {
  return Object.assign(error, { code });
}
