import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEventList } from '#contract/connector-events.ts';
import { jsonSchemaOf, type SchemaName, schemaNames, schemas } from '#contract/json-schemas.ts';

/** `docs/events/` says what `contract/` says. `npm run docs` writes the schemas; the page is written by hand. */

const folder = join(__dirname, '../../docs/events');
const page = readFileSync(join(folder, 'README.md'), 'utf8');

/** The examples by the heading under which they stand. */
const examples = new Map(
  [...page.matchAll(/^### (\S+)$[\s\S]*?^```json$([\s\S]*?)^```$/gm)].map(([, heading = '', json = '']) => [
    heading,
    JSON.parse(json) as unknown,
  ]),
);

test.each(schemaNames)('docs/events/%s.json is what the schema is now (npm run docs)', (name) => {
  const written: unknown = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
  expect(written).toEqual(JSON.parse(JSON.stringify(jsonSchemaOf(name))));
});

test('docs/events has no schema that is gone', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  expect(files.sort()).toEqual(schemaNames.map((name) => `${name}.json`).sort());
});

/** Statuses of the order that nothing brings about yet. */
const notYet = ['sms.scheduled', 'sms.queued', 'sms.canceled'];

test('there is one example of each event and message', () => {
  const types = schemas['sms.status'].shape.type.options.filter((type) => !notYet.includes(type));
  const expected = ['sms.received', ...types, 'sms.receipt.unmatched', 'outbound-sms', 'event-list'];
  expect([...examples.keys()].sort()).toEqual(expected.sort());
});

test.each([...examples])('the example of %s is read, and nothing of it is lost', (heading, example) => {
  const name = heading in schemas ? (heading as SchemaName) : 'sms.status';
  expect(schemas[name].parse(example)).toEqual(example);
});

test('the example of an event is of the type over it', () => {
  for (const [heading, example] of examples) {
    if (heading.startsWith('sms.')) expect(example).toMatchObject({ type: heading });
  }
});

test('the example of the event list has every type of event, once', () => {
  const parsed = parseEventList(JSON.stringify(examples.get('event-list')));
  const types = parsed.map((entry) => (entry.kind === 'event' ? entry.event.type : 'invalid'));
  const schema = JSON.parse(JSON.stringify(jsonSchemaOf('event-list')));
  const kinds: { properties: { type: { const: string } } }[] = schema.properties.events.items.oneOf;
  expect(types.sort()).toEqual(kinds.map(({ properties }) => properties.type.const).sort());
});
