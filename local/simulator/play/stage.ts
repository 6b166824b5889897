import type { Behaviour } from './behaviour.ts';
import { behaviourOf, type Play, standardPlay } from './scenarios.ts';

/** What the SMSC plays now. All parts of it look here each time, so that a change holds from the next PDU on. */
export class Stage {
  #playing = standardPlay;
  #behaviour = behaviourOf(this.#playing);
  /** By the list itself, of which each play has its own: so all begin anew with it. */
  #turns = new WeakMap<readonly unknown[], number>();
  readonly #listeners = new Set<() => void>();

  get playing(): Play {
    return this.#playing;
  }

  get behaviour(): Behaviour {
    return this.#behaviour;
  }

  /** Throws an `InvalidInputError`, and plays on as before, if there is something wrong with it. */
  play(play: Play): void {
    this.#behaviour = behaviourOf(play);
    this.#playing = play;
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` after each change of the play. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** The next of a list of the behaviour, the first again after the last. */
  inTurn<Item>(list: readonly Item[]): Item {
    const turn = this.#turns.get(list) ?? 0;
    this.#turns.set(list, turn + 1);
    const item = list[turn % list.length];
    if (item === undefined) throw new RangeError('a list without items has no turns');
    return item;
  }
}
