import type { RawSmsc } from './raw-smsc.ts';
import { type Target, turn } from './target.ts';

/** Turns of the event loop with nothing on its way, after which nothing will be. */
const quietTurns = 3;
/** Of real time, in ms, and of turns: nothing on loopback takes so long, not on a machine that is busy. */
const stuckAfterMs = 2_000;
const stuckAfterTurns = 1_000;

/**
 * Lets the event loop turn until `done`, or until nothing is on its way between the two any more: no octet, no news of a
 * connection's beginning or end, no deliver_sm that is being handled. What takes too long is stuck, and not waited for.
 */
export async function untilQuiet(target: Target, smsc: RawSmsc, done: () => boolean): Promise<void> {
  const startedAt = performance.now();
  const isStuck = (turns: number) => turns > stuckAfterTurns && performance.now() - startedAt > stuckAfterMs;
  let quiet = 0;
  for (let turns = 0; !done() && quiet < quietTurns && !isStuck(turns); turns += 1) {
    await turn();
    quiet = isUnderWay(target, smsc) ? 0 : quiet + 1;
  }
}

function isUnderWay({ sockets, delivering, connecting }: Target, { connections }: RawSmsc): boolean {
  if (delivering > 0 || connecting > 0 || sockets.size !== connections.size) return true;
  for (const socket of sockets) {
    const peer = connections.get(socket.localPort ?? 0)?.socket;
    if (peer === undefined || socket.readyState !== 'open' || peer.readyState !== 'open') return true;
    // A gateway that does not read may mean it.
    if (!socket.isPaused() && socket.bytesRead < peer.bytesWritten) return true;
    if (peer.bytesRead < socket.bytesWritten) return true;
  }
  return false;
}
