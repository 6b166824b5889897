import type { ConnectorEvent } from '#contract/connector-events.ts';
import { unreachable } from '#contract/unreachable.ts';
import type { MessageStory } from './message-story.ts';
import type { PlannedKill } from './plan.ts';
import type { Story } from './story.ts';

/**
 * A moment that the harness holds in its hands: what is `asked` has not gone on to AWS, what is `done` has not been
 * told to the connector, what is `relayed` has. What is `written` has not gone on to the SMSC, what is `accepted` has not
 * been answered. A process that is killed in such a moment is killed exactly there.
 */
export type Step =
  | {
      readonly at: 'receive relayed' | 'delete asked' | 'delete done' | 'delete relayed';
      readonly messages: readonly MessageStory[];
    }
  | { readonly at: 'events asked' | 'events done'; readonly events: readonly ConnectorEvent[] }
  | { readonly at: 'submit written' | 'submit accepted'; readonly messages: readonly MessageStory[] }
  | { readonly at: 'publish asked' | 'publish done' };

/** What a kill was aimed at. */
export interface Target {
  readonly message: MessageStory | undefined;
  /** The connector may have gone on before the signal reached it: its last step says whether it did. */
  readonly mayGoOn: boolean;
}

/** Whether this is the moment for `kill`; which message makes it so. */
export function targetAt(kill: PlannedKill, step: Step, story: Story): Target | undefined {
  const { interval, guarantee, variant } = kill;
  const ofGuarantee = (message: MessageStory) => message.plan.guarantee === guarantee;
  const oneOf = (at: Step['at'], mayGoOn = false): Target | undefined => {
    const message = step.at === at && 'messages' in step ? step.messages.find(ofGuarantee) : undefined;
    return message && { message, mayGoOn };
  };
  const eventOf = (at: Step['at'], type: ConnectorEvent['type']): Target | undefined => {
    const events = step.at === at && 'events' in step ? step.events : [];
    const told = events.flatMap((event) => (event.type === type && 'messageId' in event ? [event.messageId] : []));
    const message = told.map((id) => story.ofId(id)).find(ofGuarantee);
    return message && { message, mayGoOn: false };
  };
  const inbound = (at: Step['at']): Target | undefined =>
    step.at === at ? { message: undefined, mayGoOn: false } : undefined;
  const announced = guarantee === 'at-most-once';
  switch (interval) {
    case 'received':
      return announced && variant === 0 ? eventOf('events asked', 'sending') : oneOf('receive relayed', true);
    case 'written':
      return oneOf(variant === 0 ? 'submit written' : 'submit accepted');
    case 'answered':
      return eventOf('events asked', 'submitted');
    case 'event sent':
      return variant === 0 ? eventOf('events done', announced ? 'sending' : 'submitted') : oneOf('delete asked');
    case 'deleted':
      return variant === 0 ? oneOf('delete done') : oneOf('delete relayed', announced);
    case 'MO read':
      return inbound('publish asked');
    case 'MO stored':
      return inbound('publish done');
    default:
      return unreachable(interval);
  }
}
