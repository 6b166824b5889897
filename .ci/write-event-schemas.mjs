// Writes docs/events/*.json from the schemas in contract/: `npm run docs:events`. A test compares them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchemaOf, schemaNames } from '#contract/json-schemas.ts';

for (const name of schemaNames) {
  const path = join(import.meta.dirname, '../docs/events', `${name}.json`);
  writeFileSync(path, `${JSON.stringify(jsonSchemaOf(name), null, 2)}\n`);
}
