import type { HandsetMessage } from '../../../local/simulator/handsets/handset-message.ts';
import { notePersonal } from '../../support/log-watch.ts';
import { deployment } from './deployment.ts';

/** The SMSC that the global set-up started, and the handsets behind it. */

const waitMs = 20_000;

/** Resolves with the whole messages that handsets got after number `after`; waits for the first. */
export async function messagesAfter(after: number, to?: string): Promise<readonly HandsetMessage[]> {
  const query = new URLSearchParams({ after: String(after), wait: String(waitMs), ...(to !== undefined && { to }) });
  return (await ask<{ messages: readonly HandsetMessage[] }>('GET', `/v1/messages?${query}`)).messages;
}

/** Of all handsets, until now. */
export async function messagesSoFar(): Promise<readonly HandsetMessage[]> {
  return (await ask<{ messages: readonly HandsetMessage[] }>('GET', '/v1/messages')).messages;
}

/** The first message to `number`; waits for it. */
export async function receivedBy(number: string): Promise<HandsetMessage> {
  const [message] = await messagesAfter(0, number);
  if (message === undefined) throw new Error(`${number} got no message within ${waitMs} ms`);
  return message;
}

/** A handset sends; resolves with the names of the connector's answers. */
export async function sendFromHandset(from: string, text: string): Promise<readonly string[]> {
  notePersonal(from, text);
  return (await ask<{ statuses: readonly string[] }>('POST', '/v1/mo', { from, to: '12345', text })).statuses;
}

async function ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const response = await fetch(`${deployment().smsc.control}${path}`, init);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Answer;
}
