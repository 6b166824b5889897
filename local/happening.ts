import type { APIGatewayProxyEvent } from 'aws-lambda';
import { z } from 'zod';
import {
  type ReceivedEvent,
  receivedEvent,
  type StatusEvent,
  statusEvent,
  type UnmatchedReceiptEvent,
  unmatchedReceiptEvent,
} from '#contract/cloud-events.ts';
import { parseJsonAs } from '#contract/parse.ts';
import type { ProxyResult } from './api/integration.ts';

/** Something that happened to one message, for a person to read in one line. */
export interface Happening {
  /** The same for the same happening, however often a topic publishes it. */
  readonly id: string;
  readonly direction: 'out' | 'in';
  /** The handset's number. */
  readonly number: string;
  /** `queued`, a status, `received`, or `unmatched` of a receipt. */
  readonly status: string;
  readonly detail: string;
  readonly text?: string | undefined;
}

const accepted = z.object({ id: z.string(), status: z.string(), encoding: z.string(), segments: z.int() });
const asked = z.object({ to: z.string(), text: z.string() });
const published = z.discriminatedUnion('type', [receivedEvent, statusEvent, unmatchedReceiptEvent]);

/** A message that the API took. Undefined for every other answer, also for the same answer given again. */
export function acceptedHappening(event: APIGatewayProxyEvent, result: ProxyResult): Happening | undefined {
  if (result.statusCode !== 202 || result.headers?.['idempotency-replayed'] !== undefined) return undefined;
  const { to, text } = parseJsonAs(asked, event.body ?? '', 'request');
  const { id, status, encoding, segments } = parseJsonAs(accepted, result.body ?? '', 'answer');
  return {
    id,
    direction: 'out',
    number: to,
    status,
    detail: `${encoding}, ${segments} ${segments === 1 ? 'segment' : 'segments'}`,
    text,
  };
}

/** What a topic published. Throws `InvalidInputError` for what no subscriber could read. */
export function publishedHappening(json: string): Happening {
  const event = parseJsonAs(published, json, 'published event');
  if (event.type === 'sms.received') return receivedHappening(event);
  return event.type === 'sms.receipt.unmatched' ? unmatchedHappening(event) : statusHappening(event);
}

function receivedHappening({ id, data }: ReceivedEvent): Happening {
  const part = data.concatenation && `part ${data.concatenation.part} of ${data.concatenation.total}`;
  const repeat = data.possibleDuplicate ? 'possibly a repeat' : undefined;
  return {
    id,
    direction: 'in',
    number: data.from,
    status: 'received',
    detail: joined([`to ${data.to}`, part, repeat]),
    text: data.text,
  };
}

function unmatchedHappening({ id, data }: UnmatchedReceiptEvent): Happening {
  const { from, carrier, state, stat = state, err, smscMessageId } = data;
  const about = smscMessageId === '' ? 'that names no id' : `for ${smscMessageId}`;
  const detail = joined([`receipt ${about}, which is no message of ours`, `by ${carrier}`, stat, err && `err ${err}`]);
  return { id, direction: 'in', number: from, status: 'unmatched', detail };
}

function statusHappening({ id, data }: StatusEvent): Happening {
  const repeat = data.possibleDuplicate ? 'possibly sent twice' : undefined;
  const copy = data.superseded && 'only a copy: the message was accepted';
  return {
    id,
    direction: 'out',
    number: data.to,
    status: data.status,
    detail: joined([`by ${data.carrier}`, data.commandStatus, data.stat, data.err && `err ${data.err}`, repeat, copy]),
  };
}

function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(', ');
}
