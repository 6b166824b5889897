import type { APIGatewayProxyHandler } from 'aws-lambda';

export interface ApiRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As API Gateway writes it: `/v1/messages/{id}`. */
  readonly resource: string;
  /** Name of the function, as its log lines show it. */
  readonly functionName: string;
  readonly handler: APIGatewayProxyHandler;
}

export interface Match {
  readonly route: ApiRoute;
  /** Decoded. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** The route for `method` and `path`; undefined when there is none, or when the path is not properly percent-encoded. */
export function matchRoute(routes: readonly ApiRoute[], method: string, path: string): Match | undefined {
  for (const route of routes) {
    const pathParameters = route.method === method ? matchPath(route.resource, path) : undefined;
    if (pathParameters !== undefined) return { route, pathParameters };
  }
  return undefined;
}

function matchPath(resource: string, path: string): Record<string, string> | undefined {
  const names = resource.split('/');
  const values = path.split('/');
  if (names.length !== values.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const value = values[index] ?? '';
    const parameter = /^\{(.+)\}$/.exec(name)?.[1];
    if (parameter === undefined ? name !== value : value === '') return undefined;
    if (parameter === undefined) continue;
    const decoded = decode(value);
    if (decoded === undefined) return undefined;
    parameters[parameter] = decoded;
  }
  return parameters;
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}
