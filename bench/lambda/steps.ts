import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, ScheduledEvent, SQSEvent } from 'aws-lambda';
import type { SubmittedEvent } from '#contract/connector-events.ts';
import { accountId, region } from '../../local/aws.ts';
import { queueArn } from '../../local/resources.ts';
import { restEvent } from '../../test/support/rest-event.ts';

/** One event that a function is given, and what it must answer: a bench in which something fails measures something else. */
export interface Step {
  readonly name: string;
  /** File in `lambdas/`, without its ending. */
  readonly functionName: string;
  /** About the message `id`. */
  readonly event: (id: string) => unknown;
  readonly isRight: (answer: unknown) => boolean;
}

export const carrier = 'bench';
const sentId = /"id":"([^"]+)"/;

/** What happens to one message; the first makes it. */
export const steps: readonly Step[] = [
  { name: 'send-message', functionName: 'send-message', event: post, isRight: isAccepted },
  { name: 'track-events', functionName: 'track-events', event: submitted, isRight: is({ batchItemFailures: [] }) },
  { name: 'get-message', functionName: 'get-message', event: get, isRight: answers(200) },
  { name: 'get-message, unknown', functionName: 'get-message', event: () => get(randomUUID()), isRight: answers(404) },
  { name: 'list-carriers', functionName: 'list-carriers', event: list, isRight: answers(200) },
  { name: 'settle-due', functionName: 'settle-due', event: scheduled, isRight: is(null) },
];

/** Of the message that was sent; empty in any other answer. */
export function idIn(answer: unknown): string {
  const { statusCode, body = '' } = (answer ?? {}) as Partial<APIGatewayProxyResult>;
  return (statusCode === 202 && sentId.exec(body)?.[1]) || '';
}

/** And says where the message is, with the stage through which it was sent. */
function isAccepted(answer: unknown): boolean {
  const { headers } = (answer ?? {}) as Partial<APIGatewayProxyResult>;
  return headers?.location === `${restEvent().requestContext.path}/${idIn(answer)}`;
}

function answers(status: number) {
  return (answer: unknown): boolean => (answer as APIGatewayProxyResult | null)?.statusCode === status;
}

function is(expected: unknown) {
  return (answer: unknown): boolean => isDeepStrictEqual(answer, expected);
}

function post(): APIGatewayProxyEvent {
  const to = `+4477009${String(Math.floor(Math.random() * 1e5)).padStart(5, '0')}`;
  return restEvent({ body: JSON.stringify({ to, text: 'Your parcel is on its way.', reference: 'order 17' }) });
}

function get(id: string): APIGatewayProxyEvent {
  const pathParameters = { id };
  return {
    ...restEvent(),
    httpMethod: 'GET',
    resource: '/v1/messages/{id}',
    path: `/v1/messages/${id}`,
    pathParameters,
  };
}

function list(): APIGatewayProxyEvent {
  return { ...restEvent(), httpMethod: 'GET', resource: '/v1/carriers', path: '/v1/carriers' };
}

function submitted(messageId: string): SQSEvent {
  const event: SubmittedEvent = {
    type: 'submitted',
    id: `${messageId}:1:submitted:smsc-${messageId}`,
    carrier,
    time: new Date().toISOString(),
    messageId,
    clientId: restEvent().requestContext.identity.apiKeyId ?? '',
    segment: 1,
    segments: 1,
    commandStatus: 0,
    commandStatusText: 'ESME_ROK 0x00000000',
    smscMessageId: `smsc-${messageId}`,
    possibleDuplicate: false,
    receiptExpected: true,
  };
  const now = String(Date.now());
  return {
    Records: [
      {
        messageId: randomUUID(),
        receiptHandle: 'handle',
        body: JSON.stringify({ version: 1, events: [event] }),
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: now,
          SenderId: accountId,
          ApproximateFirstReceiveTimestamp: now,
        },
        messageAttributes: {},
        md5OfBody: '',
        eventSource: 'aws:sqs',
        eventSourceARN: queueArn('smpp-gateway-events'),
        awsRegion: region,
      },
    ],
  };
}

function scheduled(): ScheduledEvent<unknown> {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: accountId,
    time: new Date().toISOString(),
    region,
    resources: [`arn:aws:events:${region}:${accountId}:rule/every-minute`],
    detail: {},
  };
}
