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

/** Of more the oldest are published as they are: nobody may fill the item by sending parts that never end. */
const maxOpen = 600;

/**
 * What to do next. Nothing but the parts themselves tells which belong together when a sender uses a reference
 * again before its message ended, so:
 *
 *   a content that is new             goes to the message whose parts came nearest to it in time
 *   another under the same number     begins another message
 *   a content that is there already   belongs to a new message that lacks its number, for a sender may begin each with the
 *                                     same words; else waits for others that come again with it
 *
 * All parts again are a message, `possibleDuplicate`: nothing tells an SMSC's repeat from a sender's. What comes again and
 * never is a whole is dropped when its time is up, for its content was published.
 */
export function nextStep(state: AssemblyState, now: number): Step {
  const { open, total, publishing } = state;
  if (publishing !== undefined) {
    return publishing.claimedUntil > now ? { do: 'leave' } : { do: 'take-over', publishing };
  }
  if (open.length === 0) return { do: 'nothing' };
  const { fresh, repeats } = groupByMessage(state);
  const messages = [...fresh, ...repeats];
  const isOverdue = (tokens: readonly PartToken[]) => deadlineOf(tokens) <= now;
  const isEnded = (tokens: readonly PartToken[]) => isSettled(state, tokens) || isOverdue(tokens);
  const complete = messages.find((tokens) => tokens.length >= total && isEnded(tokens));
  if (complete) return publish(state, complete);
  const overdue = fresh.find(isOverdue);
  if (overdue) return publish(state, overdue);
  const isFull = open.length > maxOpen;
  const repeated = isFull ? repeats.at(-1) : repeats.find(isOverdue);
  if (repeated) return { do: 'drop', tokens: repeated };
  const [oldest = []] = fresh;
  if (isFull) return publish(state, oldest);
  return { do: 'wait', until: Math.min(...messages.map(deadlineOf)) };
}

function publish(state: AssemblyState, tokens: readonly PartToken[]): Step {
  return { do: 'publish', tokens, possibleDuplicate: tokens.every((token) => wasDone(state, token)) };
}

/**
 * False while a part that was in another message fills a gap out of turn: rather than the first of a footer that is always
 * the same it may be a late repeat, and the message's own part be on its way.
 */
function isSettled(state: AssemblyState, tokens: readonly PartToken[]): boolean {
  if (!tokens.some((token) => wasDone(state, token))) return true;
  return inOrder(tokens).every(({ part }, index, all) => part > (all[index - 1]?.part ?? 0));
}

function wasDone({ done }: AssemblyState, token: PartToken): boolean {
  return done.some((other) => contentOf(other) === contentOf(token));
}

function contentOf({ part, fingerprint }: PartToken): string {
  return `${part} ${fingerprint}`;
}

interface Messages {
  /** With at least one part whose content is new. The oldest first. */
  readonly fresh: readonly PartToken[][];
  /** Of nothing but what came before, or is in `fresh`. The oldest last. */
  readonly repeats: readonly PartToken[][];
}

/** The new parts are joined first: no repeat may take the place of one. Of repeats the last are: what is left waits the shortest. */
function groupByMessage({ open, done }: AssemblyState): Messages {
  const fresh: PartToken[][] = [];
  const repeats: PartToken[][] = [];
  const seen = new Set(done.map(contentOf));
  const repeated: PartToken[] = [];
  for (const token of inOrder(open)) {
    if (seen.has(contentOf(token))) repeated.push(token);
    else if (!join(token, fresh)) fresh.push([token]);
    seen.add(contentOf(token));
  }
  for (const token of repeated.toReversed()) {
    if (!join(token, fresh) && !join(token, repeats)) repeats.push([token]);
  }
  return { fresh, repeats };
}

/** Whether there is a message that the part can be of. Of two the nearest in time has it then, or else the later. */
function join(token: PartToken, messages: readonly PartToken[][]): boolean {
  const nearest = messages
    .filter((tokens) => tokens.every(({ part }) => part !== token.part) && distance(token, tokens) <= token.waitMs)
    .reduce<PartToken[] | undefined>((a, b) => (a && distance(token, a) < distance(token, b) ? a : b), undefined);
  nearest?.push(token);
  return nearest !== undefined;
}

function distance({ time }: PartToken, tokens: readonly PartToken[]): number {
  return Math.min(...tokens.map((other) => Math.abs(time - other.time)));
}

function inOrder(tokens: readonly PartToken[]): PartToken[] {
  return tokens.toSorted((a, b) => a.time - b.time || a.part - b.part || (a.delivery < b.delivery ? -1 : 1));
}

function deadlineOf(tokens: readonly PartToken[]): number {
  return Math.max(...tokens.map(({ until }) => until));
}
