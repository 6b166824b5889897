import { openTable } from './aws.ts';
import { readEnvironment } from './config.ts';
import { findMessage } from './find-message.ts';
import { clientOf, httpHandler, jsonAnswer } from './http.ts';
import { openLog } from './log.ts';
import { messageView } from './message-view.ts';

const config = readEnvironment(['tableName']);
const table = openTable(config.tableName);

/** GET /v1/messages/{id} */
export const handler = httpHandler(openLog('get-message'), async (event) => {
  const message = await findMessage(table, clientOf(event), event.pathParameters?.id ?? '');
  return jsonAnswer(200, messageView(message));
});
