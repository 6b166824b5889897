import type { Random } from '../fuzz/random.ts';

/** What the SMSC does, or the network to it. Those of the network come when a submit_sm has just been accepted. */
export type PeerFault =
  | { readonly kind: 'cut'; readonly by: 'RST' | 'FIN' | 'half a PDU' }
  /** Nothing gets through in either direction, or no answers; for good, or for a moment. */
  | { readonly kind: 'freeze'; readonly what: 'all' | 'answers'; readonly thawMs: number | undefined }
  /** The SMSC is away until it was called in vain so often. */
  | { readonly kind: 'restart'; readonly refusals: number }
  | { readonly kind: 'throttle'; readonly commandStatus: number; readonly submits: number }
  /** Accepts so many without ever saying so. */
  | { readonly kind: 'silence'; readonly submits: number };

const makers: readonly ((random: Random) => PeerFault)[] = [
  () => ({ kind: 'cut', by: 'RST' }),
  () => ({ kind: 'freeze', what: 'all', thawMs: undefined }),
  (random) => ({ kind: 'throttle', commandStatus: 0x58, submits: random.integer(1, 10) }),
  (random) => ({ kind: 'restart', refusals: random.integer(1, 3) }),
  () => ({ kind: 'freeze', what: 'answers', thawMs: undefined }),
  () => ({ kind: 'cut', by: 'FIN' }),
  (random) => ({ kind: 'silence', submits: random.integer(1, 3) }),
  (random) => ({ kind: 'throttle', commandStatus: 0x14, submits: random.integer(1, 10) }),
  () => ({ kind: 'cut', by: 'half a PDU' }),
  (random) => ({ kind: 'freeze', what: 'all', thawMs: random.integer(100, 800) }),
];

export function peerFaults(turn: number, random: Random): PeerFault {
  const make = makers[turn % makers.length] ?? random.pick(makers);
  return make(random);
}
