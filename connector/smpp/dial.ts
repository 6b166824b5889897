import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls';
import { type CarrierTls, type TlsOptions, tlsOptionsOf } from '#contract/carrier-tls.ts';
import { toError } from '#contract/to-error.ts';
import type { ConnectStep } from './bind-steps.ts';
import { NoSecretError } from './errors.ts';
import type { Host } from './host.ts';
import { explained, type TlsFault, withCode } from './tls-faults.ts';
import { unlessAborted } from './unless-aborted.ts';

export interface DialOptions {
  readonly tls: CarrierTls;
  /** PEM of certificate(s) and private key; read anew for each connection. */
  readonly readClientCertificate?: () => Promise<string>;
  /** For tests: resolves names; the system's by default. */
  readonly lookup?: LookupFunction;
}

/**
 * Longer than a packet's way around the Earth and back: at Node's 250 ms the first of a distant SMSC's addresses would
 * never be the one.
 */
const perAddressMs = 1_000;

/**
 * Resolves with a new connection over which SMPP can be spoken at once: with TLS the handshake is done and the SMSC
 * verified. Rejects with why there is none, in words for whoever is on call, or with the reason of `stop`; then nothing
 * is left open. `onStep` is told what is waited for.
 *
 * The socket has no listener yet: its owner adds them in the same turn. In TLS 1.3 an SMSC judges our certificate, or
 * the want of one, only after the handshake: its refusal is an error of the socket, "alert certificate required".
 */
export async function dial(
  to: Host,
  options: DialOptions,
  stop: AbortSignal,
  onStep: (step: ConnectStep) => void = () => {},
): Promise<Socket> {
  stop.throwIfAborted();
  const tls = tlsOptionsOf(options.tls);
  if (tls === undefined) return await dialTcp(to, options, stop, onStep);
  onStep('client-certificate');
  // Before the connection: nobody is called for the sake of a certificate that is not there.
  const pem = await unlessAborted(clientCertificate(options), stop);
  const secureContext = contextOf(tls, pem);
  const tcp = await dialTcp(to, options, stop, onStep);
  onStep('handshake');
  try {
    return await opened(startTls(tcp, tls.servername ?? to.host, tls, secureContext), 'secureConnect', stop);
  } catch (cause) {
    throw stop.aborted ? cause : explained(cause as TlsFault, { to, tls, clientCertificate: pem !== undefined });
  }
}

/** What goes wrong here Node tells well: "connect ECONNREFUSED 192.0.2.1:2775". */
function dialTcp(
  { host, port }: Host,
  { lookup }: DialOptions,
  stop: AbortSignal,
  onStep: (step: ConnectStep) => void,
): Promise<Socket> {
  const tcp = connectTcp({
    host,
    port,
    noDelay: true,
    keepAlive: true,
    autoSelectFamilyAttemptTimeout: perAddressMs,
    ...(lookup && { lookup }),
  });
  onStep(isIP(host) === 0 ? 'name' : 'connection');
  if (isIP(host) === 0) tcp.once('lookup', () => onStep('connection'));
  return opened(tcp, 'connect', stop);
}

/** Over a connection that is open, a session of its own: none is resumed. */
function startTls(tcp: Socket, name: string, tls: TlsOptions, secureContext: SecureContext): Socket {
  return connectTls({
    socket: tcp,
    secureContext,
    // Said, not left to the default: that is false under NODE_TLS_REJECT_UNAUTHORIZED=0.
    rejectUnauthorized: !tls.allowUnverifiedServer,
    // Whom the certificate must be for.
    host: name,
    // SNI, which has neither addresses nor the dot at the end: https://www.rfc-editor.org/rfc/rfc6066#section-3
    ...(isIP(name) === 0 && { servername: name.replace(/\.$/, '') }),
  });
}

/**
 * `socket`, as soon as `event` came; otherwise it is destroyed. An error has a listener throughout. The check behind the
 * wait is for what comes in the same octets as the event: by then its error was told to us, and is told to nobody else.
 */
async function opened(socket: Socket, event: 'connect' | 'secureConnect', stop: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let failure: Error | undefined;
  const onError = (cause: Error) => {
    failure = cause;
    reject(cause);
  };
  const onClose = () => onError(withCode(new Error('the connection was closed'), 'ECONNRESET'));
  socket.once(event, resolve).on('error', onError).on('close', onClose);
  try {
    await unlessAborted(promise, stop);
    if (failure !== undefined) throw failure;
    return socket;
  } catch (cause) {
    // Such as were on their way.
    socket.on('error', () => {});
    socket.destroy();
    throw cause;
  } finally {
    socket.off(event, resolve).off('error', onError).off('close', onClose);
  }
}

async function clientCertificate({ readClientCertificate }: DialOptions): Promise<string | undefined> {
  try {
    return await readClientCertificate?.();
  } catch (thrown) {
    const cause = toError(thrown);
    throw new NoSecretError(`cannot read the client certificate: ${cause.message}`, { cause });
  }
}

/** `pem` is both certificate and key: of each, OpenSSL takes what it looks for and passes over the rest. */
function contextOf({ ca, minVersion }: TlsOptions, pem: string | undefined): SecureContext {
  try {
    return createSecureContext({
      minVersion,
      // Whoever is named is trusted, also where it is no root: carriers give out what they have.
      ...(ca !== undefined && { ca, allowPartialTrustChain: true }),
      ...(pem !== undefined && { cert: pem, key: pem }),
    });
  } catch (cause) {
    if (pem === undefined) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH' ? 'its private key is for another certificate' : message;
    throw new NoSecretError(`the client certificate cannot be used: ${why}`, { cause });
  }
}
