// Writes what is generated from the schemas in contract/: `npm run docs`. Tests compare it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTables } from '#contract/config/docs.ts';
import { configJsonSchema } from '#contract/config/json-schema.ts';
import { jsonSchemaOf, schemaNames } from '#contract/json-schemas.ts';

const root = join(import.meta.dirname, '..');

for (const name of schemaNames) writeJson(`docs/events/${name}.json`, jsonSchemaOf(name));
writeJson('gateway.config.schema.json', configJsonSchema());

const page = join(root, 'docs/configuration.md');
writeFileSync(page, withTables(readFileSync(page, 'utf8')));

function writeJson(path, value) {
  writeFileSync(join(root, path), `${JSON.stringify(value, null, 2)}\n`);
}
