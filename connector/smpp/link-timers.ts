import { unreachable } from '#contract/unreachable.ts';

export interface LinkLimits {
  /** Silence after which the peer is asked, in ms. */
  readonly idleMs: number;
  /** Silence after asking after which the peer is gone, in ms. */
  readonly responseMs: number;
}

/**
 * Whether a bound peer is still there.
 *
 *   active   it was heard from lately; silence for `idleMs` -> probing
 *   probing  it was asked by enquire_link; heard -> active; silence for `responseMs` -> close
 */
export type Link =
  | { readonly kind: 'active'; readonly lastHeard: number }
  | { readonly kind: 'probing'; readonly lastHeard: number; readonly askedAt: number };

export type Tick =
  | { readonly do: 'wait'; readonly untilMs: number }
  | { readonly do: 'send-enquire-link'; readonly link: Link }
  | { readonly do: 'close' };

/** Any PDU proves the link, whatever we were waiting for. */
export function heard(now: number): Link {
  return { kind: 'active', lastHeard: now };
}

/** What to do about the link at `now`. Pure: the caller owns the timer and the socket. */
export function tick(link: Link, limits: LinkLimits, now: number): Tick {
  switch (link.kind) {
    case 'active': {
      const due = link.lastHeard + limits.idleMs;
      return now < due
        ? { do: 'wait', untilMs: due }
        : { do: 'send-enquire-link', link: { kind: 'probing', lastHeard: link.lastHeard, askedAt: now } };
    }
    case 'probing': {
      const due = link.askedAt + limits.responseMs;
      return now < due ? { do: 'wait', untilMs: due } : { do: 'close' };
    }
    default:
      return unreachable(link);
  }
}
