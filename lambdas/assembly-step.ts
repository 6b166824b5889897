import type { PartToken } from './part-token.ts';

/** What is known of the messages whose parts have one carrier, sender, recipient, reference and total. */
export interface AssemblyState {
  /** Number of parts. */
  readonly total: number;
  /** Came, and in no message that was published. */
  readonly open: readonly PartToken[];
  /** In messages that were published lately. */
  readonly done: readonly PartToken[];
  readonly publishing?: Publishing | undefined;
}

/** A message that is decided on: whoever goes on with it publishes the same under the same id. */
export interface Publishing {
  readonly id: string;
  readonly tokens: readonly PartToken[];
  readonly possibleDuplicate: boolean;
  /** Who decided has so long to publish it; then anybody may. */
  readonly claimedUntil: number;
}

export type Step =
  | { readonly do: 'publish'; readonly tokens: readonly PartToken[]; readonly possibleDuplicate: boolean }
  | { readonly do: 'drop'; readonly tokens: readonly PartToken[] }
  | { readonly do: 'take-over'; readonly publishing: Publishing }
  /** Somebody publishes, and looks again when that is done. */
  | { readonly do: 'leave' }
  | { readonly do: 'wait'; readonly until: number }
  | { readonly do: 'nothing' };

/** What an SMSC that had no answer sends again comes within minutes, as a rule. */
const repeatWithinMs = 600_000;

/** Of more the oldest are published as they are: nobody may fill the item by sending parts that never end. */
export const maxOpen = 600;

/**
 * What to do next. Nothing but the parts themselves tells which belong together when a sender uses a reference
 * again before its message ended, so:
 *
 *   a part that is there already, or was in a message up to ten minutes before   a repeat: dropped
 *   the same content, but later                                                  with all others again: a message,
 *                                                                                `possibleDuplicate`; else a repeat
 *   another content under a number that is there already                         begins another message
 *   any other                                                                    goes to the message whose last part
 *                                                                                came shortest before it
 */
export function nextStep(state: AssemblyState, now: number): Step {
  const { open, total, publishing } = state;
  if (publishing !== undefined) {
    return publishing.claimedUntil > now ? { do: 'leave' } : { do: 'take-over', publishing };
  }
  if (open.length === 0) return { do: 'nothing' };
  const repeats = repeatsIn(state);
  if (repeats.length > 0) return { do: 'drop', tokens: repeats };
  const messages = groupByMessage(open);
  const complete = messages.find((tokens) => tokens.length >= total);
  if (complete) return publish(state, complete);
  const overdue = messages.find((tokens) => deadlineOf(tokens) <= now);
  if (overdue) {
    const cameBefore = overdue.every((token) => wasDone(state, token));
    return cameBefore ? { do: 'drop', tokens: overdue } : publish(state, overdue);
  }
  const [oldest = []] = messages;
  if (open.length > maxOpen) return publish(state, oldest);
  return { do: 'wait', until: Math.min(...messages.map(deadlineOf)) };
}

function publish(state: AssemblyState, tokens: readonly PartToken[]): Step {
  return { do: 'publish', tokens, possibleDuplicate: tokens.some((token) => wasDone(state, token)) };
}

function repeatsIn({ open, done }: AssemblyState): PartToken[] {
  const seen = new Set<string>();
  const doneBefore = Map.groupBy(done, contentOf);
  return inOrder(open).filter((token) => {
    const content = contentOf(token);
    const isLately = ({ time }: PartToken) => Math.abs(token.time - time) <= repeatWithinMs;
    const repeated = seen.has(content) || (doneBefore.get(content) ?? []).some(isLately);
    seen.add(content);
    return repeated;
  });
}

function wasDone({ done }: AssemblyState, token: PartToken): boolean {
  return done.some((other) => contentOf(other) === contentOf(token));
}

function contentOf({ part, fingerprint }: PartToken): string {
  return `${part} ${fingerprint}`;
}

/** Of each message the parts in the order in which they came, the oldest message first. */
function groupByMessage(open: readonly PartToken[]): PartToken[][] {
  const messages: PartToken[][] = [];
  for (const token of inOrder(open)) {
    const nearest = messages
      .filter((tokens) => canJoin(token, tokens))
      .reduce<PartToken[] | undefined>((a, b) => (a && timeOfLast(a) > timeOfLast(b) ? a : b), undefined);
    if (nearest === undefined) messages.push([token]);
    else nearest.push(token);
  }
  return messages;
}

function canJoin(token: PartToken, tokens: readonly PartToken[]): boolean {
  return token.time - timeOfLast(tokens) <= token.waitMs && tokens.every(({ part }) => part !== token.part);
}

function timeOfLast(inOrder: readonly PartToken[]): number {
  return inOrder.at(-1)?.time ?? 0;
}

function inOrder(tokens: readonly PartToken[]): PartToken[] {
  return tokens.toSorted((a, b) => a.time - b.time || a.part - b.part || (a.delivery < b.delivery ? -1 : 1));
}

function deadlineOf(tokens: readonly PartToken[]): number {
  return Math.max(...tokens.map(({ until }) => until));
}
