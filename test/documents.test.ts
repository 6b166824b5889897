import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const documents = ['README.md', 'CONTRIBUTING.md', ...filesIn('docs')];

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
}

function read(document: string): string {
  return readFileSync(join(root, document), 'utf8');
}

function exists(...paths: readonly string[]): boolean {
  return paths.some((path) => existsSync(join(root, path)));
}

test.each(documents)('every file of ours that %s names is there', (document) => {
  const named = read(document).matchAll(/`((?:bench|connector|contract|docs|infra|lambdas|local|test)\/[\w./-]+)`/g);
  const missing = [...named].map(([, path = '']) => path).filter((path) => !exists(path, `test/${path}.test.ts`));
  expect(missing).toEqual([]);
});

test.each(documents)('every document that %s links to is there', (document) => {
  const linked = read(document).matchAll(/\]\(([\w./-]+\.(?:md|json))(?:#[\w-]+)?\)/g);
  const missing = [...linked].filter(([, path = '']) => !exists(join(document, '..', path)));
  expect(missing.map(([, path]) => path)).toEqual([]);
});

/** Of a table, what stands in the column "proven by" of each row: names of tests, or `chaos`. */
function proofs(text: string): string[] {
  const rows = text.split('\n').filter((line) => /^\| \d+[a-z]? \|/.test(line) && line.split('|').length === 8);
  return rows.map((row) => row.split('|')[6]?.trim() ?? '');
}

test('every row of what is lost or doubled names what proves it, and that is there', () => {
  const found = proofs(read('docs/architecture.md'));
  expect(found.length).toBeGreaterThan(20);
  expect(found.filter((proof) => proof === '')).toEqual([]);
  const named = found.flatMap((proof) => [...proof.matchAll(/`([\w./-]+)`/g)].map(([, name = '']) => name));
  const missing = named.filter(
    (name) => !exists(`test/${name}.test.ts`, `test/connector/${name}.test.ts`, `test/${name}`),
  );
  expect(missing).toEqual([]);
});
