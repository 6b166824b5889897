import { openTable } from './aws.ts';
import { readEnvironment } from './config.ts';
import { findMessage } from './find-message.ts';
import { ApiError, clientOf, httpHandler, jsonAnswer } from './http.ts';
import { openLog } from './log.ts';
import { messageView } from './message-view.ts';
import { refuseParameters } from './request-faults.ts';

const config = readEnvironment(['tableName']);
const table = openTable(config.tableName);

/** GET /v1/messages/{id} */
export const handler = httpHandler(openLog('get-message'), async (event) => {
  const client = clientOf(event);
  const id = event.pathParameters?.id ?? '';
  if (id === 'preview') throw new ApiError('route-not-found', { detail: 'the method must be POST, got GET' });
  refuseParameters(event);
  const message = await findMessage(table, client, id);
  return jsonAnswer(200, messageView(message));
});
