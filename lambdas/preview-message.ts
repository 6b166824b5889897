import { environment } from '#contract/environment.ts';
import { parseJsonAs } from '#contract/parse.ts';
import { routes as routesSchema } from '#contract/routes.ts';
import { maxSegments as mostSegments } from '#contract/text/concatenation.ts';
import { previewText } from '#contract/text/preview.ts';
import { openTable } from './aws.ts';
import { chooseRoute } from './choose-route.ts';
import { readEnvironment, readWholeNumber } from './config.ts';
import { httpHandler, jsonAnswer, readJsonBody } from './http.ts';
import { openLog } from './log.ts';
import { previewRequestParser } from './preview-request.ts';
import { refuseParameters } from './request-faults.ts';
import { defaultMaxSegments } from './send-request.ts';

const config = readEnvironment(['tableName', 'routes']);
const routes = parseJsonAs(routesSchema, config.routes, environment.routes);
const maxSegments = readWholeNumber('maxSegments', { otherwise: defaultMaxSegments, min: 1, max: mostSegments });
const parsePreviewRequest = previewRequestParser(routes, maxSegments);
const log = openLog('preview-message');
const ports = { table: openTable(config.tableName), log, now: Date.now };

/** POST /v1/messages/preview: what POST /v1/messages would make of the same body. Nothing is sent or stored. */
export const handler = httpHandler(log, async (event) => {
  refuseParameters(event);
  const { carrier, route, text, replaced } = await chooseRoute(ports, parsePreviewRequest(readJsonBody(event)));
  return jsonAnswer(200, { carrier, ...previewText(text, route.text), replaced });
});
