import type { Clock } from '../clock.ts';

/** Why a session is over, or never began. What to do about it is `next`'s business. */
export type SessionEnd =
  | { readonly kind: 'no-password'; readonly cause: Error }
  | { readonly kind: 'unreachable'; readonly cause: Error }
  | { readonly kind: 'refused'; readonly commandStatus: number }
  | { readonly kind: 'ended'; readonly why: EndReason; readonly cause?: Error };

/**
 *   unbound      we, or the peer, sent unbind
 *   peer-silent  no answer to enquire_link, or to the bind
 *   socket       the connection broke or was closed without unbind
 *   protocol     what came cannot be SMPP
 */
export type EndReason = 'unbound' | 'peer-silent' | 'socket' | 'protocol';

export interface EndingSession {
  readonly ended: Promise<SessionEnd>;
}

export interface StayBoundOptions<Session extends EndingSession> {
  /** Settles with a bound session, or with the reason why there is none; never rejects. */
  readonly connect: (stop: AbortSignal) => Promise<Session | SessionEnd>;
  readonly onBound: (session: Session) => void;
  /** `lasted`: there was a session, for `healthyAfterMs` at least. */
  readonly onEnd: (end: SessionEnd, lasted: boolean) => void;
  /** Delay before the next attempt, after `failures` in a row; pure and tested apart. */
  readonly nextDelayMs: (end: SessionEnd, failures: number) => number;
  /** A session that lasted this long ends the run of failures; a shorter one continues it. */
  readonly healthyAfterMs: number;
  readonly clock: Clock;
}

/** Keeps one session bound until `stop` aborts. The only place that tries again. */
export async function stayBound<Session extends EndingSession>(
  options: StayBoundOptions<Session>,
  stop: AbortSignal,
): Promise<void> {
  const { connect, onBound, onEnd, nextDelayMs, healthyAfterMs, clock } = options;
  let failures = 0;
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
    const lasted = clock.monotonic() - boundAt >= healthyAfterMs;
    onEnd(end, lasted);
    failures = lasted ? 1 : failures + 1;
    await clock.sleep(nextDelayMs(end, failures), stop);
  }
}
