import type { ReceivedEvent } from '#contract/cloud-events.ts';
import { dayBefore, dayOf, endOf, inboundPartition, receivedEventOf } from './inbound-item.ts';
import type { InboundRequest } from './inbound-request.ts';
import type { Item, Now, Pages } from './ports.ts';

export interface InboundPage {
  readonly events: readonly ReceivedEvent[];
  /** Where the next page goes on; absent when there is nothing older. */
  readonly position?: string;
}

interface ListPorts {
  readonly pages: Pages;
  readonly now: Now;
  readonly retainTextDays: number;
}

/** Queries for one answer: it may be short, or empty, and say where to go on. */
const maxQueries = 30;
/** Items that one query looks at, for a filter may take few of them. */
const lookedAt = 300;
/** Lambda answers with 6 MB at most. */
const maxAnswerBytes = 4_000_000;
/** By which clocks may differ. */
const aheadMs = 300_000;

/** Newest first: from day to day, down to the last that is kept. */
export async function listInbound(ports: ListPorts, request: InboundRequest): Promise<InboundPage> {
  const now = ports.now();
  const oldest = new Date(now - ports.retainTextDays * 86_400_000).toISOString();
  const newest = request.before ?? new Date(now + aheadMs).toISOString();
  const after = request.after !== undefined && request.after > oldest ? `${request.after}#\uffff` : oldest;
  const collected = new Collected(request.limit);
  let position = request.position !== undefined && request.position < newest ? request.position : newest;
  for (let queries = 0; queries < maxQueries; queries += 1) {
    if (position <= after) return { events: collected.events };
    const { items, last } = await ports.pages.page(inboundPartition(dayOf(position)), {
      after,
      before: position,
      limit: (request.where.carrier ?? request.where.sender ?? request.where.recipient) ? lookedAt : request.limit,
      where: { ...request.where },
    });
    const full = collected.add(items.filter((item) => Number(item.expiresAt) * 1_000 > now));
    if (full !== undefined) return { events: collected.events, position: full };
    position = last ?? endOf(dayBefore(dayOf(position)));
  }
  return { events: collected.events, position };
}

class Collected {
  readonly events: ReceivedEvent[] = [];
  readonly #limit: number;
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes what there is room for: if that is not more than this, the position of the last. */
  add(items: readonly Item[]): string | undefined {
    let position: string | undefined;
    for (const item of items) {
      this.#bytes += String(item.event).length;
      if (this.events.length > 0 && this.#bytes > maxAnswerBytes) return position ?? `${item.sk}\uffff`;
      this.events.push(receivedEventOf(item));
      position = item.sk;
      if (this.events.length === this.#limit) return position;
    }
    return undefined;
  }
}
