import type { APIGatewayProxyEvent } from 'aws-lambda';
import { v7 } from 'uuid';
import { environment } from '#contract/environment.ts';
import { parseJsonAs } from '#contract/parse.ts';
import { routes as routesSchema } from '#contract/routes.ts';
import { retentionDays } from '#contract/table.ts';
import { maxSegments as mostSegments } from '#contract/text/concatenation.ts';
import { acceptMessage } from './accept-message.ts';
import { acceptOnce } from './accept-once.ts';
import { openQueue, openTable } from './aws.ts';
import { readEnvironment, readWholeNumber } from './config.ts';
import { clientOf, httpHandler, jsonTextAnswer, readJsonBody } from './http.ts';
import { hashOfBody, idempotencyKeyOf } from './idempotency-key.ts';
import { openLog } from './log.ts';
import { acceptedView } from './message-view.ts';
import { refuseParameters } from './request-faults.ts';
import { defaultMaxSegments, sendRequestParser } from './send-request.ts';

const config = readEnvironment(['tableName', 'routes']);
const routes = parseJsonAs(routesSchema, config.routes, environment.routes);
const maxSegments = readWholeNumber('maxSegments', { otherwise: defaultMaxSegments, min: 1, max: mostSegments });
const parseSendRequest = sendRequestParser(routes, maxSegments);
const retainTextDays = readWholeNumber('retainTextDays', { otherwise: retentionDays, min: 1, max: retentionDays });
const log = openLog('send-message');
const ports = {
  table: openTable(config.tableName),
  queue: openQueue(),
  log,
  now: Date.now,
  newId: () => v7(),
  retainTextDays,
};

/** POST /v1/messages */
export const handler = httpHandler(log, async (event) => {
  const clientId = clientOf(event);
  refuseParameters(event);
  const key = idempotencyKeyOf(event);
  const body = readJsonBody(event);
  const request = parseSendRequest(body);
  if (key === undefined) {
    const row = await acceptMessage(ports, clientId, request);
    return accepted(event, row.id, JSON.stringify(acceptedView(row)));
  }
  const use = { clientId, key, bodyHash: hashOfBody(body) };
  const { messageId, answer, replayed } = await acceptOnce(ports, use, request);
  return accepted(event, messageId, answer, replayed ? { 'idempotency-replayed': 'true' } : {});
});

type Headers = Readonly<Record<string, string>>;

function accepted({ requestContext }: APIGatewayProxyEvent, messageId: string, json: string, headers: Headers = {}) {
  // As the client called it: with the stage, or what a domain name of one's own has instead.
  return jsonTextAnswer(202, json, { location: `${requestContext.path}/${messageId}`, ...headers });
}
