import type { APIGatewayProxyEvent } from 'aws-lambda';
import { textOptions } from '#contract/carrier-text.ts';
import type {
  CarrierStateEvent,
  MessageEvent,
  ReceiptEvent,
  RejectedEvent,
  SendingEvent,
  SubmittedEvent,
} from '#contract/connector-events.ts';
import type { Route } from '#contract/routes.ts';
import { notePersonal } from './log-watch.ts';

/** Things the Lambdas handle, with defaults: a test names only what matters to it. */

export const messageId = '019b76da-a800-7000-8000-0123456789ab';
export const clientId = 'client-1';
export const carrier = 'acme';

/** `seconds` after the moment at which everything in these tests begins. */
export function at(seconds: number): string {
  return new Date(begin + seconds * 1_000).toISOString();
}

export const begin = Date.UTC(2026, 0, 1);

export function sendingEvent(given: Partial<SendingEvent> = {}): SendingEvent {
  const owner = given.messageId ?? messageId;
  return { type: 'sending', id: `${owner}:sending`, carrier, time: at(1), messageId: owner, clientId, ...given };
}

export function submittedEvent(given: Partial<SubmittedEvent> = {}): SubmittedEvent {
  const { messageId: owner = messageId, segment = 1, smscMessageId = `smsc-${owner}-${segment}` } = given;
  return {
    type: 'submitted',
    id: `${owner}:${segment}:submitted:${smscMessageId}`,
    carrier,
    time: at(2),
    messageId: owner,
    clientId,
    segment,
    segments: 1,
    commandStatus: 0,
    commandStatusText: 'ESME_ROK 0x00000000',
    smscMessageId,
    possibleDuplicate: false,
    receiptExpected: true,
    ...given,
  };
}

export function rejectedEvent(given: Partial<RejectedEvent> = {}): RejectedEvent {
  const { messageId: owner = messageId, segment = 1 } = given;
  return {
    type: 'rejected',
    id: `${owner}:${segment}:rejected:11`,
    carrier,
    time: at(3),
    messageId: owner,
    clientId,
    segment,
    segments: 1,
    commandStatus: 0x0b,
    commandStatusText: 'ESME_RINVDSTADR 0x0000000b',
    ...given,
  };
}

export function expiredEvent(given: Partial<MessageEvent> = {}): MessageEvent {
  const owner = given.messageId ?? messageId;
  return {
    type: 'expired',
    id: `${owner}:expired`,
    carrier,
    time: at(4),
    messageId: owner,
    clientId,
    ...given,
  } as MessageEvent;
}

export function unsendableEvent(given: Partial<MessageEvent> = {}): MessageEvent {
  const owner = given.messageId ?? messageId;
  return {
    type: 'unsendable',
    id: `${owner}:unsendable`,
    carrier,
    time: at(1),
    messageId: owner,
    clientId,
    reason: 'from must be at most 20 octets, got 21',
    ...given,
  } as MessageEvent;
}

const stats = {
  enroute: 'ENROUTE',
  delivered: 'DELIVRD',
  expired: 'EXPIRED',
  deleted: 'DELETED',
  undeliverable: 'UNDELIV',
  accepted: 'ACCEPTD',
  unknown: 'UNKNOWN',
  rejected: 'REJECTD',
} as const;

/** A receipt for the segment of `submittedEvent()`, unless it names another SMSC id. */
export function receiptEvent(given: Partial<ReceiptEvent> = {}): ReceiptEvent {
  const { state = 'delivered', smscMessageId = `smsc-${messageId}-1`, from = '447700900123' } = given;
  notePersonal(from);
  return {
    type: 'receipt',
    id: `${carrier}:receipt:${smscMessageId}:${state}`,
    carrier,
    time: at(5),
    smscMessageId,
    state,
    stat: stats[state],
    err: '000',
    from,
    to: 'ACME',
    ...given,
  };
}

export function carrierStateEvent(given: Partial<CarrierStateEvent> = {}): CarrierStateEvent {
  const { bindId = 'bind-1', time = at(1) } = given;
  return { type: 'carrier-state', id: `${bindId}:${time}`, carrier, time, bindId, state: 'bound', ...given };
}

export function route(given: Partial<Route> = {}): Route {
  const name = given.carrier ?? carrier;
  return {
    carrier: name,
    urgentQueueUrl: `${name}-urgent`,
    normalQueueUrl: `${name}-normal`,
    prefixes: [],
    text: textOptions.parse({}),
    tlvs: {},
    ...given,
  };
}

interface ApiCall {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly id?: string;
  readonly apiKeyId?: string | null;
  readonly userArn?: string | null;
}

/** The parts of a REST API event (payload v1) that handlers read. A body that is no string is sent as JSON. */
export function apiEvent(call: ApiCall = {}): APIGatewayProxyEvent {
  const { body, headers = { 'Content-Type': 'application/json' }, id, apiKeyId = clientId, userArn = null } = call;
  if (typeof body === 'object' && body !== null) {
    const { to, text } = body as { readonly to?: unknown; readonly text?: unknown };
    notePersonal(to, text);
  }
  const json = body === undefined ? null : JSON.stringify(body);
  return {
    headers,
    body: typeof body === 'string' ? body : json,
    isBase64Encoded: false,
    pathParameters: id === undefined ? null : { id },
    requestContext: { identity: { apiKeyId, userArn } },
  } as APIGatewayProxyEvent;
}
