import type { Socket } from 'node:net';
import type { CarrierTls } from '#contract/carrier-tls.ts';
import { toError } from '#contract/to-error.ts';
import { unreachable } from '#contract/unreachable.ts';
import type { Account, Role } from './account.ts';
import { type BindStep, beforeTheAnswer, type ConnectStep, tooLate } from './bind-steps.ts';
import { NoSecretError } from './errors.ts';
import type { Host } from './host.ts';
import type { SessionEnd } from './reconnect.ts';
import { Session, type SessionOptions } from './session.ts';
import { unlessAborted } from './unless-aborted.ts';

export interface OpenSessionOptions extends Omit<SessionOptions, 'socket'> {
  readonly account: Account;
  readonly bindTimeoutMs: number;
  readonly tls: CarrierTls;
  /** A new connection over which SMPP can be spoken at once; rejects with why there is none, also when `stop` aborts. */
  readonly connect: (to: Host, stop: AbortSignal, onStep?: (step: ConnectStep) => void) => Promise<Socket>;
  /** Read anew at each bind, so that a rotated password needs no restart. What it rejects with is told to people. */
  readonly readPassword: (role: Role) => Promise<string>;
}

/**
 * Reads the password, connects to `to` and binds, under one deadline. Resolves with the bound session or the reason why
 * there is none; never rejects.
 */
export async function openSession(
  options: OpenSessionOptions,
  to: Host,
  stop: AbortSignal,
): Promise<Session | SessionEnd> {
  const { bindTimeoutMs, clock } = options;
  const deadline = new AbortController();
  let step: BindStep = 'password';
  const onStep = (next: BindStep) => {
    step = next;
  };
  const cancelDeadline = clock.after(bindTimeoutMs, () => deadline.abort(tooLate(bindTimeoutMs, step, to)));
  const givenUp = AbortSignal.any([stop, deadline.signal]);
  try {
    const password = await readPassword(options, givenUp);
    const socket = await options.connect(to, givenUp, onStep);
    onStep('answer');
    return await bindOn(new Session({ ...options, socket }), { ...options, password, to }, givenUp);
  } catch (cause) {
    return { kind: cause instanceof NoSecretError ? 'no-secret' : 'unreachable', cause: toError(cause) };
  } finally {
    cancelDeadline();
  }
}

async function readPassword({ readPassword: read, account }: OpenSessionOptions, stop: AbortSignal): Promise<string> {
  try {
    return await unlessAborted(read(account.role), stop);
  } catch (thrown) {
    const cause = toError(thrown);
    throw new NoSecretError(`cannot read the password: ${cause.message}`, { cause });
  }
}

async function bindOn(
  session: Session,
  { account, bindTimeoutMs, tls, password, to }: OpenSessionOptions & { readonly password: string; readonly to: Host },
  givenUp: AbortSignal,
): Promise<Session | SessionEnd> {
  const onAbort = () => session.close({ kind: 'unreachable', cause: toError(givenUp.reason) });
  if (givenUp.aborted) onAbort();
  givenUp.addEventListener('abort', onAbort, { once: true });
  try {
    const outcome = await session.bind(account.bindPdu(password), bindTimeoutMs);
    switch (outcome.kind) {
      case 'answered':
        return session.bound ? session : await session.ended;
      case 'unanswered':
      case 'not-written':
        session.close({ kind: 'ended', why: 'peer-silent' });
        return beforeTheAnswer(await session.ended, to, tls);
      default:
        return unreachable(outcome);
    }
  } catch (cause) {
    session.close({ kind: 'unreachable', cause: toError(cause) });
    throw cause;
  } finally {
    givenUp.removeEventListener('abort', onAbort);
  }
}
