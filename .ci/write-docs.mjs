// Writes what is generated from the schemas and presets in contract/ from the simulator's scenarios, and from the catalogue of quirks: `npm run docs`. Tests compare it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withTables } from '#contract/config/docs.ts';
import { configJsonSchema } from '#contract/config/json-schema.ts';
import { jsonSchemaOf, schemaNames } from '#contract/json-schemas.ts';
import { presetPages } from '#contract/presets/page.ts';
import { simulatorTables } from '../local/simulator/play/tables.ts';
import { quirkTables } from '../test/quirks/table.ts';

const root = join(import.meta.dirname, '..');

for (const name of schemaNames) writeJson(`docs/events/${name}.json`, jsonSchemaOf(name));
writeJson('gateway.config.schema.json', configJsonSchema());

for (const [file, page] of presetPages()) writeFileSync(join(root, 'docs/carriers', file), page);

rewrite('docs/configuration.md', withTables);
rewrite('docs/simulator.md', (page) => withTables(page, simulatorTables()));
rewrite('docs/quirks.md', (page) => withTables(page, quirkTables()));

function rewrite(path, change) {
  const file = join(root, path);
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}

function writeJson(path, value) {
  writeFileSync(join(root, path), `${JSON.stringify(value, null, 2)}\n`);
}
