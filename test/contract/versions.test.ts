import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEventList } from '#contract/connector-events.ts';
import { jsonSchemaOf, type SchemaName, schemaNames, schemas } from '#contract/json-schemas.ts';
import { InvalidInputError, parseAs } from '#contract/parse.ts';

/**
 * `versions/` has a sample of each form that was ever written, as `<schema>.<version>.<addition>.json` (of an event list
 * with the type of its event between): queues keep messages for days, and those of the release before are among them.
 * A sample is never changed. Whoever adds a field adds a sample that has it.
 */

const folder = join(__dirname, 'versions');
const samples = readdirSync(folder).map((file) => {
  const name = schemaNames.find((each) => file.startsWith(`${each}.`));
  if (name === undefined) throw new Error(`${file} is of no schema`);
  return { file, name, value: JSON.parse(readFileSync(join(folder, file), 'utf8')) as unknown };
});

/** Names of all fields in a value or a JSON Schema, as paths. */
function fieldsIn(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => fieldsIn(each, path));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => [`${path}.${key}`, ...fieldsIn(field, `${path}.${key}`)]);
}

function fieldsOfSchema(schema: unknown, path = ''): string[] {
  const {
    properties = {},
    items,
    oneOf = [],
  } = schema as {
    readonly properties?: Readonly<Record<string, unknown>>;
    readonly items?: unknown;
    readonly oneOf?: readonly unknown[];
  };
  return [
    ...Object.entries(properties).flatMap(([key, field]) => [
      `${path}.${key}`,
      ...fieldsOfSchema(field, `${path}.${key}`),
    ]),
    ...[...(items === undefined ? [] : [items]), ...oneOf].flatMap((each) => fieldsOfSchema(each, path)),
  ];
}

test.each(samples)('$file is read, and nothing of it is lost', ({ name, value }) => {
  expect(parseAs(schemas[name], value, name)).toMatchObject(value as object);
});

test.each(samples.filter(({ name }) => name === 'event-list'))(
  '$file is read as the function reads it',
  ({ value }) => {
    const [event] = (value as { events: unknown[] }).events;
    expect(parseEventList(JSON.stringify(value))).toEqual([{ kind: 'event', event }]);
  },
);

test.each(schemaNames)('the samples of %s have every field that there is', (name) => {
  const sampled = samples.filter((sample) => sample.name === name).flatMap(({ value }) => fieldsIn(value));
  expect(fieldsOfSchema(jsonSchemaOf(name)).filter((field) => !sampled.includes(field))).toEqual([]);
});

const marker = 'Top secret +447700900123';

/** `value` once for each of its fields, at any depth, with something odd in its place. */
function spoilt(value: unknown, odd: unknown): unknown[] {
  if (typeof value !== 'object' || value === null) return [odd];
  const entries = Object.entries(value);
  const copy = (key: string, field: unknown) =>
    Array.isArray(value) ? value.with(Number(key), field) : { ...value, [key]: field };
  return [odd, ...entries.flatMap(([key, field]) => spoilt(field, odd).map((bad) => copy(key, bad)))];
}

test.each<[SchemaName, string, unknown]>(samples.map(({ name, file, value }) => [name, file, value]))(
  'no fault of a %s quotes what was given (%s)',
  (name, _file, value) => {
    const odds = [marker, [marker], { [marker]: marker }, { '447700900123': 5 }, 447700900123.5];
    for (const bad of odds.flatMap((odd) => spoilt(value, odd))) {
      try {
        parseAs(schemas[name], bad, name);
      } catch (error) {
        if (!(error instanceof InvalidInputError)) throw error;
        expect(error.message).not.toMatch(/secret|7700900/);
        expect(error.faults).not.toEqual([]);
      }
    }
  },
);
