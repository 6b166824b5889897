import { environment } from '#contract/environment.ts';
import { parseJsonAs } from '#contract/parse.ts';
import { routes as routesSchema } from '#contract/routes.ts';
import { openTable } from './aws.ts';
import { readCarrierState } from './binds.ts';
import { carrierView } from './carrier-view.ts';
import { concurrently } from './concurrently.ts';
import { readEnvironment } from './config.ts';
import { clientOf, httpHandler, jsonAnswer } from './http.ts';
import { openLog } from './log.ts';
import { refuseParameters } from './request-faults.ts';

const config = readEnvironment(['tableName', 'routes']);
const routes = parseJsonAs(routesSchema, config.routes, environment.routes);
const table = openTable(config.tableName);
const readsAtOnce = 16;

/** GET /v1/carriers */
export const handler = httpHandler(openLog('list-carriers'), async (event) => {
  clientOf(event);
  refuseParameters(event);
  const now = Date.now();
  const carriers = await concurrently(routes, readsAtOnce, async (route) =>
    carrierView(route, await readCarrierState(table, route.carrier, now)),
  );
  return jsonAnswer(200, { carriers });
});
