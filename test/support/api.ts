/** The gateway's HTTP API, as a client calls it. */
export interface ApiAt {
  readonly apiUrl: string;
  readonly apiKey: string;
}

export interface Accepted {
  readonly id: string;
  readonly status: string;
  readonly encoding: string;
  readonly segments: number;
}

export async function call(
  { apiUrl, apiKey }: ApiAt,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
) {
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    headers: { 'x-api-key': apiKey, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Sends one; throws unless it was accepted. */
export async function send(at: ApiAt, message: Record<string, unknown>): Promise<Accepted> {
  const { status, body } = await call(at, 'POST', '/v1/messages', message);
  if (status !== 202) throw new Error(`expected 202, got ${status}: ${JSON.stringify(body)}`);
  return body as Accepted;
}
