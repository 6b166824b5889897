import type { Socket } from 'node:net';
import type { CarrierProfile } from '#contract/carrier.ts';
import { toError } from '#contract/to-error.ts';
import { unreachable } from '#contract/unreachable.ts';
import type { SessionEnd } from './reconnect.ts';
import { Session, type SessionOptions } from './session.ts';
import { esme } from './status.ts';

export interface Host {
  readonly host: string;
  readonly port: number;
}

export interface OpenSessionOptions extends Omit<SessionOptions, 'socket'> {
  readonly profile: CarrierProfile;
  /** Starts connecting; the socket's events tell the rest. */
  readonly openSocket: (to: Host) => Socket;
  /** Read anew at each bind, so that a rotated password needs no restart. What it rejects with is told to people. */
  readonly readPassword: () => Promise<string>;
}

/**
 * Reads the password, connects to `to` and binds as transceiver, under one deadline. Resolves with the bound
 * session or the reason why there is none; never rejects.
 */
export async function openSession(
  options: OpenSessionOptions,
  to: Host,
  stop: AbortSignal,
): Promise<Session | SessionEnd> {
  const { profile, clock } = options;
  let password: string | undefined;
  let socket: Socket | undefined;
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  // Most of the time nobody awaits it.
  givenUp.catch(() => {});
  const giveUp = (why: string) => {
    const error = new Error(why);
    socket?.destroy(error);
    reject(error);
  };
  const onStop = () => giveUp('stopping');
  const cancelDeadline = clock.after(profile.bindTimeoutMs, () => giveUp(`no bind within ${profile.bindTimeoutMs} ms`));
  stop.addEventListener('abort', onStop, { once: true });
  try {
    password = await Promise.race([options.readPassword(), givenUp]);
    socket = options.openSocket(to);
    await connected(socket);
    return await bindOn(new Session({ ...options, socket }), profile, password);
  } catch (cause) {
    socket?.destroy();
    return { kind: password === undefined ? 'no-password' : 'unreachable', cause: toError(cause) };
  } finally {
    cancelDeadline();
    stop.removeEventListener('abort', onStop);
  }
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve();
    });
    socket.once('error', reject);
  });
}

async function bindOn(session: Session, profile: CarrierProfile, password: string): Promise<Session | SessionEnd> {
  const outcome = await session.bind({
    command: 'bind_transceiver',
    commandStatus: 0,
    systemId: profile.systemId,
    password,
    systemType: profile.systemType,
    interfaceVersion: profile.interfaceVersion,
    addrTon: profile.bindTon,
    addrNpi: profile.bindNpi,
    addressRange: profile.addressRange,
    tlvs: [],
  });
  switch (outcome.kind) {
    case 'answered':
      if (outcome.response.commandStatus === esme.ROK && session.bound) return session;
      session.close({ kind: 'refused', commandStatus: outcome.response.commandStatus });
      return await session.ended;
    case 'unanswered':
    case 'not-written':
      session.close({ kind: 'ended', why: 'peer-silent' });
      return await session.ended;
    default:
      return unreachable(outcome);
  }
}
