import type { Input } from './inputs.ts';
import { untilQuiet } from './quiet.ts';
import type { RawConnection } from './raw-connection.ts';
import type { RawSmsc } from './raw-smsc.ts';
import type { Target } from './target.ts';

/**
 * How long a session may go on after such octets, in ms of the fake clock: what is not SMPP ends it at once, an
 * unfinished PDU after `enquireLink.timeoutMs`, an unbind when what was asked is answered, or soon.
 */
const endsWithinMs = { 'not SMPP': 0, 'an unfinished PDU': 10_000, unbind: 2_000 } as const;
/** Longer than `responseTimeoutMs`, and than `enquireLink.idleMs` and `timeoutMs` together. */
const idleForMs = 31_000;
/** Answered or not, an unbind is not waited for any longer. */
const stopsWithinMs = 2_000;
/** Time moves in such steps, in ms, and only when nothing is on its way. */
const stepMs = 1_000;

/** What is waited for between an SMSC and a target. Each rejects when it does not come, or the target does what it must not. */
export class Waits {
  readonly #target: Target;
  readonly #smsc: RawSmsc;

  constructor(target: Target, smsc: RawSmsc) {
    this.#target = target;
    this.#smsc = smsc;
  }

  /** Waits for what is on its way; then moves the clock, `withinMs` at the most. `onStep` is called before each move. */
  async until(what: string, withinMs: number, done: () => boolean, onStep?: () => void): Promise<void> {
    const stops = () => this.#smsc.fault !== undefined || done();
    for (let waitedMs = 0; ; waitedMs += stepMs) {
      await untilQuiet(this.#target, this.#smsc, stops);
      if (this.#smsc.fault !== undefined) throw new Error(this.#smsc.fault);
      if (done()) return;
      if (waitedMs >= withinMs) throw new Error(`${what} did not come within ${withinMs} ms`);
      onStep?.();
      await this.#target.clock.advance(stepMs);
    }
  }

  /** The first `value` that there is. */
  async awaited<Value>(what: string, withinMs: number, value: () => Value | undefined): Promise<Value> {
    let found: Value | undefined;
    await this.until(what, withinMs, () => {
      found = value();
      return found !== undefined;
    });
    return found as Value;
  }

  /** Longer than anything is waited for. */
  async idle(): Promise<void> {
    const { clock } = this.#target;
    const until = clock.monotonic() + idleForMs;
    await this.until('the end of time', idleForMs, () => clock.monotonic() >= until);
  }

  /** The end that must come; an unfinished PDU may become whole before, by answers or octets of the SMSC. */
  async endOrMore(connection: RawConnection, input: Input): Promise<'ended' | 'more'> {
    const { said, pdus } = connection;
    if (said === 'whole PDUs') return 'more';
    const ended = () => !connection.open;
    const more = () => connection.said !== said || connection.pdus > pdus;
    const done = () => ended() || (said !== 'unbind' && more());
    const withinMs = said === 'unbind' && connection.asked.length === 0 ? 0 : endsWithinMs[said];
    await this.until(`the end after ${said}`, withinMs, done, () => drip(connection, input));
    return ended() ? 'ended' : 'more';
  }

  /** The end of the target, of which nothing may be left: no timer, no connection, no handler. */
  async stopped(stopping: Promise<void>, onStep?: () => void): Promise<void> {
    let stopped = false;
    void stopping.then(() => {
      stopped = true;
    });
    await this.until('the end of stop()', stopsWithinMs, () => stopped, onStep);
    const { clock, sockets } = this.#target;
    await this.until('the end of the connections', 0, () => sockets.size === 0 && this.#smsc.connections.size === 0);
    if (clock.pending > 0) throw new Error(`${clock.pending} timers are left after stop()`);
  }
}

/** For as long as time goes by, if that is what `input` does. */
export function drip(connection: RawConnection, { mutation }: Input): void {
  if (mutation.drips && connection.said === 'an unfinished PDU') connection.send(Buffer.alloc(1));
}
