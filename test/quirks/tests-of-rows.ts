import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '.');
const call = /^\s*(quirk|demand)Test\(\s*(\d+),/gm;

/** The files that test a row, by `quirk 21`, in the order of their names. */
export function testsOfRows(): ReadonlyMap<string, readonly string[]> {
  const found = readdirSync(folder)
    .filter((name) => name.endsWith('.test.ts'))
    .sort()
    .flatMap((name) => {
      const calls = readFileSync(join(folder, name), 'utf8').matchAll(call);
      return [...calls].map(([, kind, number]) => ({ row: `${kind} ${number}`, file: `test/quirks/${name}` }));
    });
  return new Map(
    [...Map.groupBy(found, ({ row }) => row)].map(([row, of]) => [row, [...new Set(of.map(({ file }) => file))]]),
  );
}
