import * as z from 'zod';
import { ApiError } from './http.ts';
import { type Message, readMessage } from './messages.ts';
import type { Table } from './ports.ts';

const messageId = z.uuid().toLowerCase();

/** The client's own message. Throws the same `ApiError` for another client's, for none, and for no id at all. */
export async function findMessage(table: Table, clientId: string, id: string): Promise<Message> {
  const parsed = messageId.safeParse(id);
  const message = parsed.success ? await readMessage(table, parsed.data) : undefined;
  if (message?.row.clientId !== clientId) throw new ApiError('message-not-found');
  return message;
}
