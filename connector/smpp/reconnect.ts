import type { Clock } from '../clock.ts';

/** Why a session is over, or never began. `Itinerary.next` says what follows. */
export type SessionEnd =
  /** The password or the client certificate cannot be read or used: no host was asked. */
  | { readonly kind: 'no-secret'; readonly cause: Error }
  | { readonly kind: 'unreachable'; readonly cause: Error }
  | { readonly kind: 'refused'; readonly commandStatus: number }
  | { readonly kind: 'ended'; readonly why: EndReason; readonly cause?: Error };

/**
 *   unbound           we, or the peer, sent unbind
 *   renewing          we did, to have another session in its place
 *   returning         we did, to have one with the preferred host
 *   submit-refused    we did, for what came of a submit_sm, which is the cause
 *   peer-silent       no answer to enquire_link, or to the bind
 *   peer-not-reading  what we send is not taken
 *   socket            the connection broke or was closed without unbind
 *   protocol          what came cannot be SMPP
 */
export type EndReason = 'unbound' | Retirement | 'peer-silent' | 'peer-not-reading' | 'socket' | 'protocol';

/** Why a session that works is given up. */
export type Retirement = 'renewing' | 'returning' | 'submit-refused';

export interface EndingSession {
  readonly ended: Promise<SessionEnd>;
}

/** How it went. */
export interface Course {
  /** There was a session, for `healthyAfterMs` at least. */
  readonly lasted: boolean;
  /** There was none, and so long it was tried, in ms; else 0. */
  readonly triedMs: number;
}

export interface StayBoundOptions<Session extends EndingSession> {
  /** Settles with a bound session, or with the reason why there is none; never rejects. */
  readonly connect: (stop: AbortSignal) => Promise<Session | SessionEnd>;
  readonly onBound: (session: Session) => void;
  /** Delay before the next attempt, in ms. */
  readonly onEnd: (end: SessionEnd, course: Course) => number;
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
    const startedAt = clock.monotonic();
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
    const triedMs = 'ended' in outcome ? 0 : boundAt - startedAt;
    const delayMs = onEnd(end, { lasted, triedMs });
    if (delayMs > 0) await clock.sleep(delayMs, stop);
  }
}
