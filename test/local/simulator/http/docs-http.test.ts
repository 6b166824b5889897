import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { submitSm } from '../rig.ts';
import { startSimulatorHttp } from './http-rig.ts';

/** The requests that docs/simulator.md shows are answered, and as it shows. */

interface Example {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  /** What stands in the block of JSON that follows. */
  readonly answer?: string;
}

const page = readFileSync(join(__dirname, '../../../../docs/simulator.md'), 'utf8');

const examples = [...page.matchAll(/```sh\n(curl [\s\S]*?)```\n(?:\n```json\n([^`]*)```)?/g)].map(
  ([, curl = '', answer]) => {
    const body = /-d '([^']*)'/.exec(curl)?.[1];
    const [, path = ''] = /http:\/\/127\.0\.0\.1:2776([^\s']*)/.exec(curl) ?? [];
    const method = /-X (\w+)/.exec(curl)?.[1] ?? (body === undefined ? 'GET' : 'POST');
    return {
      method,
      path,
      ...(body !== undefined && { body }),
      ...(answer !== undefined && { answer }),
    } satisfies Example;
  },
);

test.each(examples)('$method $path', async ({ method, path, body, answer }: Example) => {
  const rig = await startSimulatorHttp();
  const esme = await rig.bound();
  await esme.ask('submit_sm', submitSm);
  const asked = fetch(`${rig.url}${path}`, { method, ...(body !== undefined && { body }) });
  if (path === '/v1/mo') esme.answer(await esme.next('deliver_sm'));
  const response = await asked;
  const json: unknown = await response.json();
  expect({ status: response.status, json }).toMatchObject({ status: 200 });
  if (answer !== undefined) expect(shapeOf(json)).toEqual(shapeOf(JSON.parse(answer)));
});

test('there are examples, some with their answer', () => {
  expect(examples.length).toBeGreaterThanOrEqual(5);
  expect(examples.filter(({ answer }) => answer !== undefined)).toHaveLength(2);
});

test('every path of the page is there', async () => {
  const { url } = await startSimulatorHttp();
  const table = page.slice(page.indexOf('## HTTP'), page.indexOf('**`GET /v1/messages`**'));
  const paths = [...table.matchAll(/`(GET|POST) (\/v1\/[\w/{}]*)/g)].map(([, , path = '']) => path);
  expect(paths.length).toBeGreaterThan(7);
  for (const path of paths) {
    const { status } = await fetch(`${url}${path.replace('{number}', '1')}`, { method: 'PATCH' });
    expect({ path, status }).toEqual({ path, status: 405 });
  }
});

/** The same with the kinds of values instead of the values. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shapeOf(each)]));
}
