import { PDU } from '../support/smpp-oracle.ts';
import { commandIdOf, commandIds, sequenceNumberOf } from './frames.ts';
import type { SegmentStory } from './message-story.ts';
import type { Link } from './network.ts';
import { segmentOf } from './smsc.ts';
import type { Story } from './story.ts';

export interface WiresOptions {
  readonly story: Story;
  readonly wasKilled: (life: number) => boolean;
  /** A submit_sm has left the connector; says whether the process was killed there. */
  readonly onWritten: (segment: SegmentStory, link: Link) => boolean;
}

/** What the PDUs on the connections tell the story. */
export class Wires {
  readonly #options: WiresOptions;
  /** The connection on which it was written last. */
  readonly #links = new WeakMap<SegmentStory, Link>();
  /** By connection and sequence number. */
  readonly #requests = new Map<string, SegmentStory>();

  constructor(options: WiresOptions) {
    this.#options = options;
  }

  linkOf(segment: SegmentStory): Link | undefined {
    return this.#links.get(segment);
  }

  /** Says whether the PDU goes on to the SMSC. */
  onSent(frame: Buffer, link: Link): boolean {
    if (commandIdOf(frame) !== commandIds.submitSm) return true;
    const { story, onWritten } = this.#options;
    const segment = segmentOf(new PDU(frame), story);
    this.#links.set(segment, link);
    this.#requests.set(keyOf(frame, link), segment);
    story.written(segment, link.number);
    return !onWritten(segment, link);
  }

  /** It goes to the connector. */
  onAnswer(frame: Buffer, link: Link): void {
    const key = keyOf(frame, link);
    const segment = commandIdOf(frame) === commandIds.submitSmResp ? this.#requests.get(key) : undefined;
    if (segment === undefined) return;
    this.#requests.delete(key);
    const commandStatus = frame.readUInt32BE(8);
    if (commandStatus === 0) this.#options.story.answered(segment);
  }

  onEnd(link: Link): void {
    this.#options.story.happened(`link ${link.number} of life ${link.life} ended`);
    // Of a process that was killed the kill itself is what exposed them.
    this.#options.story.linkEnded(link.number, this.#options.wasKilled(link.life) ? 'killed' : 'lives');
  }
}

function keyOf(frame: Buffer, link: Link): string {
  return `${link.number} ${sequenceNumberOf(frame)}`;
}
