import { v7 } from 'uuid';
import { environment } from '#contract/environment.ts';
import { parseJsonAs } from '#contract/parse.ts';
import { routes as routesSchema } from '#contract/routes.ts';
import { acceptMessage } from './accept-message.ts';
import { openQueue, openTable } from './aws.ts';
import { readEnvironment } from './config.ts';
import { clientOf, httpHandler, jsonAnswer, readJsonBody } from './http.ts';
import { openLog } from './log.ts';
import { acceptedView } from './message-view.ts';
import { parseSendRequest } from './send-request.ts';

const config = readEnvironment(['tableName', 'routes']);
const routes = parseJsonAs(routesSchema, config.routes, environment.routes);
const log = openLog('send-message');
const ports = { table: openTable(config.tableName), queue: openQueue(), log, now: Date.now, newId: () => v7() };

/** POST /v1/messages */
export const handler = httpHandler(log, async (event) => {
  const clientId = clientOf(event);
  const request = parseSendRequest(readJsonBody(event), routes);
  const row = await acceptMessage(ports, clientId, request);
  return jsonAnswer(202, acceptedView(row), { location: `/v1/messages/${row.id}` });
});
