import type { ApiRoute } from '../../../local/api/routes.ts';
import { matchRoute } from '../../../local/api/routes.ts';

const handler = async () => ({ statusCode: 200, body: '' });
const routes: ApiRoute[] = [
  { method: 'POST', resource: '/v1/messages', functionName: 'send', handler },
  { method: 'GET', resource: '/v1/messages/{id}', functionName: 'get', handler },
  { method: 'GET', resource: '/v1/carriers', functionName: 'carriers', handler },
];

test('a path parameter is taken out of the path and decoded', () => {
  const match = matchRoute(routes, 'GET', '/v1/messages/a%2Fb%20c');
  expect(match?.route.functionName).toBe('get');
  expect(match?.pathParameters).toEqual({ id: 'a/b c' });
});

test.each([
  ['POST', '/v1/messages', 'send'],
  ['GET', '/v1/carriers', 'carriers'],
])('%s %s is the route of %s', (method, path, functionName) => {
  expect(matchRoute(routes, method, path)).toMatchObject({ route: { functionName }, pathParameters: {} });
});

test.each([
  ['another method', 'DELETE', '/v1/messages'],
  ['another path', 'POST', '/v1/message'],
  ['a longer path', 'GET', '/v1/messages/1/2'],
  ['an empty parameter', 'GET', '/v1/messages/'],
  ['bad percent-encoding', 'GET', '/v1/messages/%zz'],
  ['two slashes', 'GET', '//'],
  ['no path', 'GET', ''],
])('%s matches nothing', (_what, method, path) => {
  expect(matchRoute(routes, method, path)).toBeUndefined();
});
