import fc from 'fast-check';
import type { ConnectorEvent } from '#contract/connector-events.ts';
import { userMessageReferenceOf } from '#contract/message-reference.ts';
import type { ReceiptState } from '#contract/receipts.ts';
import { expiredEvent, messageId, receiptEvent, rejectedEvent, sendingEvent, submittedEvent } from './factories.ts';

/** An SMSC whose responses get lost, and what a connector and the truth tell of it. Times are minutes. */

/** One submit_sm of a segment. */
interface Attempt {
  readonly accepted: boolean;
  readonly lateness: number;
  readonly receipt: { readonly delay: number; readonly lateness: number; readonly state: ReceiptState };
}

/** What a message meets. `lost` go unanswered, then comes the end; at most once there is one attempt for each segment. */
export interface Plan {
  readonly recipient: string;
  readonly sender: string | undefined;
  readonly once: boolean;
  readonly segments: 1 | 2;
  readonly begin: number;
  readonly lost: readonly Attempt[];
  readonly end: 'answered' | 'answered without an id' | 'refused' | 'expired';
  readonly last: Attempt;
}

export interface World {
  readonly plans: readonly Plan[];
  /** The SMSC repeats user_message_reference. */
  readonly refers: boolean;
  /** It writes ids in hexadecimal in responses, and in decimal in receipts (quirk 1). */
  readonly twoBases: boolean;
  /** References of messages collide in pairs. */
  readonly collides: boolean;
}

const anyAttempt: fc.Arbitrary<Attempt> = fc.record({
  accepted: fc.boolean(),
  lateness: fc.integer({ min: 0, max: 25 }),
  receipt: fc.record({
    delay: fc.constantFrom(1, 10, 300, 1_400, 2_000, 4_000),
    lateness: fc.integer({ min: 0, max: 25 }),
    state: fc.constantFrom('delivered', 'delivered', 'undeliverable'),
  }),
});

const anyPlan: fc.Arbitrary<Plan> = fc.record({
  recipient: fc.constantFrom('+447700900123', '+447700900123', '+447700900124'),
  sender: fc.constantFrom('ACME', 'ACME', '12345', undefined),
  once: fc.boolean(),
  segments: fc.constantFrom(1, 1, 1, 2),
  begin: fc.integer({ min: 0, max: 2_000 }),
  lost: fc.array(anyAttempt, { maxLength: 2 }),
  end: fc.constantFrom('answered', 'answered', 'answered without an id', 'refused', 'expired'),
  last: anyAttempt,
});

export const anyWorld: fc.Arbitrary<World> = fc.record({
  plans: fc.array(anyPlan, { minLength: 1, maxLength: 5 }),
  refers: fc.boolean(),
  twoBases: fc.boolean(),
  collides: fc.boolean(),
});

/** A copy that the SMSC accepted. */
export interface Copy {
  readonly plan: number;
  readonly messageId: string;
  readonly segment: number;
  /** As receipts name it. */
  readonly smscMessageId: string;
  /** A response told its id. */
  readonly named: boolean;
  readonly receiptAfter: number;
}

export interface Told {
  /** When it gets to `track-events`. */
  readonly at: number;
  readonly event: ConnectorEvent;
}

export interface Course {
  readonly ids: readonly string[];
  readonly copies: readonly Copy[];
  readonly told: readonly Told[];
}

/** Minutes between two attempts: all of a message is told within the hour after its first. */
const retryAfter = 5;
/** The validity of messages that end `expired`, and of the others. */
export const validity = { expired: 10, other: 1_440 };

export function courseOf(world: World): Course {
  const ids = world.plans.map((_, index) => (world.collides ? collidingIds : plainIds)[index] ?? '');
  const smsc = new LossySmsc(world);
  for (const [index, plan] of world.plans.entries()) smsc.run(plan, index, ids[index] ?? '');
  return { ids, copies: smsc.copies, told: smsc.told.toSorted((a, b) => a.at - b.at) };
}

class LossySmsc {
  readonly copies: Copy[] = [];
  readonly told: Told[] = [];
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  run(plan: Plan, index: number, id: string): void {
    if (plan.once) this.#runOnce(plan, index, id);
    else this.#runUntilAnswered(plan, index, id);
  }

  /** A segment that goes unanswered is the last. */
  #runOnce(plan: Plan, index: number, id: string): void {
    this.#tell(plan.begin, plan.last.lateness, sendingEvent({ messageId: id, time: timeAt(plan.begin) }));
    for (let segment = 1; segment <= plan.segments; segment += 1) {
      const lost = segment === plan.segments ? plan.lost[0] : undefined;
      const at = plan.begin + (segment - 1);
      const copy = { plan: index, messageId: id, segment };
      if (lost !== undefined) this.#accept(plan, copy, { attempt: lost, at, heard: false });
      else this.#answer(plan, copy, { at, again: false });
      if (lost === undefined && plan.end === 'refused') return;
    }
  }

  #runUntilAnswered(plan: Plan, index: number, id: string): void {
    for (let segment = 1; segment <= plan.segments; segment += 1) {
      const copy = { plan: index, messageId: id, segment };
      const lost = segment === 1 ? plan.lost : [];
      lost.forEach((attempt, n) => {
        this.#accept(plan, copy, { attempt, at: plan.begin + n * retryAfter, heard: false });
      });
      const at = plan.begin + validity.expired;
      if (plan.end === 'expired') {
        const possiblySubmitted = plan.lost.length > 0 || segment > 1;
        const event = expiredEvent({
          messageId: id,
          time: timeAt(at),
          ...(possiblySubmitted && { possiblySubmitted }),
        });
        this.#tell(at, plan.last.lateness, event);
        return;
      }
      this.#answer(plan, copy, { at, again: plan.lost.length > 0 });
      if (plan.end === 'refused') return;
    }
  }

  #answer(plan: Plan, copy: CopyOf, { at, again }: { readonly at: number; readonly again: boolean }): void {
    const { messageId: owner, segment } = copy;
    const { segments } = plan;
    const time = timeAt(at);
    if (plan.end === 'refused') {
      this.#tell(at, plan.last.lateness, rejectedEvent({ messageId: owner, segment, segments, time }));
      return;
    }
    const attempt = { ...plan.last, accepted: true };
    const number = this.#accept(plan, copy, { attempt, at, heard: true });
    const smscMessageId = plan.end === 'answered without an id' ? '' : number.toString(this.#world.twoBases ? 16 : 10);
    const given = { messageId: owner, segment, segments, time, smscMessageId, possibleDuplicate: again };
    this.#tell(at, plan.last.lateness, submittedEvent(given));
  }

  /** Returns the number of the copy, which is its id. */
  #accept(plan: Plan, copy: CopyOf, how: { readonly attempt: Attempt; readonly at: number; readonly heard: boolean }) {
    const number = 700_001 + 7_919 * this.copies.length;
    const { attempt, at, heard } = how;
    const { delay, lateness, state } = attempt.receipt;
    if (!attempt.accepted) return number;
    const smscMessageId = String(number);
    const named = heard && plan.end !== 'answered without an id';
    this.copies.push({ ...copy, smscMessageId, named, receiptAfter: delay });
    const receipt = receiptEvent({
      smscMessageId,
      state,
      time: timeAt(at + delay),
      from: plan.recipient.slice(1),
      to: plan.sender ?? '99999',
      ...(this.#world.refers && { userMessageReference: userMessageReferenceOf(copy.messageId, copy.segment) }),
    });
    this.#tell(at + delay, lateness, receipt);
    return number;
  }

  #tell(at: number, lateness: number, event: ConnectorEvent): void {
    this.told.push({ at: at + lateness, event });
  }
}

type CopyOf = Pick<Copy, 'plan' | 'messageId' | 'segment'>;

export function timeAt(minute: number): string {
  return new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString();
}

function idOf(index: number): string {
  return messageId.replace(/.{6}$/, index.toString(16).padStart(6, '0'));
}

const plainIds = Array.from({ length: 10 }, (_, index) => idOf(index));

/** Ids whose first segments have one reference, in pairs: among a few thousand there are many. */
const collidingIds = pairsOf(Array.from({ length: 3_000 }, (_, index) => idOf(index)));

function pairsOf(ids: readonly string[]): string[] {
  const byReference = Map.groupBy(ids, (id) => userMessageReferenceOf(id, 1));
  return [...byReference.values()].filter((sharing) => sharing.length > 1).flatMap((sharing) => sharing.slice(0, 2));
}
