import { commandStatus } from '../command-status.ts';
import { type ReceivedPdu, stringOf } from '../sessions/package-smpp.ts';
import { fromAddress } from './address.ts';
import type { Message } from './message.ts';
import type { MessageStore } from './message-store.ts';
import { messageStates } from './short-message.ts';
import { writeTime } from './smpp-time.ts';
import { destinationOf, sourceOf } from './submission.ts';

/** What a query_sm or cancel_sm is about: of the account that asks and of the source address that it names (SMPP 3.4, 4.8 and 4.9). */
function messagesOf(pdu: ReceivedPdu, systemId: string, store: MessageStore): readonly Message[] {
  const from = fromAddress(sourceOf(pdu));
  const sameId = store.withId(stringOf(pdu, 'message_id'));
  return sameId.filter(({ short }) => short.systemId === systemId && short.from === from);
}

/** The answer to a query_sm: what is known about the message; of several with the id, about the last that is not final. */
export function queryAnswer(
  pdu: ReceivedPdu,
  systemId: string,
  store: MessageStore,
): { readonly status: number; readonly fields?: Record<string, unknown> } {
  const messages = messagesOf(pdu, systemId, store);
  const message = messages.findLast(({ fate }) => fate.kind !== 'final') ?? messages.at(-1);
  if (message === undefined) return { status: commandStatus.queryFailed };
  const { short, fate } = message;
  return {
    status: commandStatus.ok,
    fields: {
      message_id: short.messageId,
      final_date: fate.kind === 'final' ? writeTime(fate.at) : '',
      // SMPP 3.4 has no state for what is scheduled.
      message_state: messageStates[fate.kind === 'final' ? fate.state : 'enroute'],
      error_code: fate.kind === 'scheduled' ? 0 : Number(fate.err),
    },
  };
}

/** What a cancel_sm ends: by id, or, with an empty one, all between two numbers. */
export function cancelled(pdu: ReceivedPdu, systemId: string, store: MessageStore): readonly Message[] {
  const to = fromAddress(destinationOf(pdu));
  if (stringOf(pdu, 'message_id') === '') {
    return store.pendingOf({ systemId, from: fromAddress(sourceOf(pdu)), to });
  }
  return messagesOf(pdu, systemId, store).filter(
    ({ short, fate }) => fate.kind !== 'final' && (to === '' || short.to === to),
  );
}
