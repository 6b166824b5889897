// Writes what is generated from the schemas in contract/ and from the simulator's scenarios: `npm run docs`. Tests compare it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTables } from '#contract/config/docs.ts';
import { configJsonSchema } from '#contract/config/json-schema.ts';
import { jsonSchemaOf, schemaNames } from '#contract/json-schemas.ts';
import { simulatorTables } from '../local/simulator/play/tables.ts';

const root = join(import.meta.dirname, '..');

for (const name of schemaNames) writeJson(`docs/events/${name}.json`, jsonSchemaOf(name));
writeJson('gateway.config.schema.json', configJsonSchema());

rewrite('docs/configuration.md', withTables);
rewrite('docs/simulator.md', (page) => withTables(page, simulatorTables()));

function rewrite(path, change) {
  const file = join(root, path);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

function writeJson(path, value) {
  writeFileSync(join(root, path), `${JSON.stringify(value, null, 2)}\n`);
}
