import type { Clock } from '../clock.ts';

/** Why a session is over, or never began. What to do about it is `next`'s business. */
export type SessionEnd =
  /** The password or the client certificate cannot be read or used: no host was asked. */
  | { readonly kind: 'no-secret'; readonly cause: Error }
  | { readonly kind: 'unreachable'; readonly cause: Error }
  | { readonly kind: 'refused'; readonly commandStatus: number }
  | { readonly kind: 'ended'; readonly why: EndReason; readonly cause?: Error };

/**
 *   unbound           we, or the peer, sent unbind
 *   retired           we did, to have another session in its place
 *   peer-silent       no answer to enquire_link, or to the bind
 *   peer-not-reading  what we send is not taken
 *   socket            the connection broke or was closed without unbind
 *   protocol          what came cannot be SMPP
 */
export type EndReason = 'unbound' | 'retired' | 'peer-silent' | 'peer-not-reading' | 'socket' | 'protocol';

export interface EndingSession {
  readonly ended: Promise<SessionEnd>;
}

export interface StayBoundOptions<Session extends EndingSession> {
  /** Settles with a bound session, or with the reason why there is none; never rejects. */
  readonly connect: (stop: AbortSignal) => Promise<Session | SessionEnd>;
  readonly onBound: (session: Session) => void;
  /** Delay before the next attempt, in ms. `lasted`: there was a session, for `healthyAfterMs` at least. */
  readonly onEnd: (end: SessionEnd, lasted: boolean) => number;
  readonly healthyAfterMs: number;
  readonly clock: Clock;
}

/** Keeps one session bound until `stop` aborts. The only place that tries again. */
export async function stayBound<Session extends EndingSession>(
  options: StayBoundOptions<Session>,
  stop: AbortSignal,
): Promise<void> {
  const { connect, onBound, onEnd, healthyAfterMs, clock } = options;
  while (!stop.aborted) {
    const outcome = await connect(stop);
    const boundAt = clock.monotonic();
    let end: SessionEnd;
    if ('ended' in outcome) {
      onBound(outcome);
      end = await outcome.ended;
    } else {
      end = outcome;
    }
    const lasted = 'ended' in outcome && clock.monotonic() - boundAt >= healthyAfterMs;
    const delayMs = onEnd(end, lasted);
    if (delayMs > 0) await clock.sleep(delayMs, stop);
  }
}
