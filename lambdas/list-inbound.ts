import { retentionDays } from '#contract/table.ts';
import { openPages } from './aws.ts';
import { readEnvironment, readWholeNumber } from './config.ts';
import { clientOf, httpHandler, jsonAnswer } from './http.ts';
import { listInbound } from './inbound-pages.ts';
import { parseInboundRequest, writeCursor } from './inbound-request.ts';
import { openLog } from './log.ts';

const config = readEnvironment(['tableName']);
const ports = {
  pages: openPages(config.tableName),
  now: Date.now,
  retainTextDays: readWholeNumber('retainTextDays', { otherwise: retentionDays, min: 1, max: retentionDays }),
};

/** GET /v1/inbound. Every client sees all: a number belongs to the account, not to an API key. */
export const handler = httpHandler(openLog('list-inbound'), async (event) => {
  clientOf(event);
  const { events, position } = await listInbound(ports, parseInboundRequest(event));
  const messages = events.map(({ id, time, data }) => ({ id, time, ...data }));
  return jsonAnswer(200, { messages, ...(position !== undefined && { cursor: writeCursor(position) }) });
});
