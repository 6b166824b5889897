import { validate } from 'uuid';
import { ApiError } from './http.ts';
import { type Message, readMessage } from './messages.ts';
import type { Table } from './ports.ts';

/** The client's own message. Throws the same `ApiError` for another client's, for none, and for no id at all. */
export async function findMessage(table: Table, clientId: string, id: string): Promise<Message> {
  const message = validate(id) ? await readMessage(table, id.toLowerCase()) : undefined;
  if (message?.row.clientId !== clientId) throw new ApiError('message-not-found');
  return message;
}
