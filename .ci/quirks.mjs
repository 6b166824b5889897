// Runs the catalogue of quirks (test/quirks/) and prints it, a row a line, with the state of each: `npm run quirks`. Fails if a row does.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rows } from '../test/quirks/catalogue.ts';

const root = join(import.meta.dirname, '..');
const folder = mkdtempSync(join(tmpdir(), 'quirks-'));
try {
  const results = runTests(join(folder, 'report.json'));
  const states = rows.map((row) => ({ row, ...stateOf(row, results.get(`${row.kind} ${row.number}`) ?? []) }));
  for (const { row, state, tells } of states) {
    console.log([row.kind.padEnd(6), String(row.number).padStart(2), state.padEnd(7), row.what, tells].join('  '));
  }
  const counts = Map.groupBy(states, ({ state }) => state);
  console.log(`\n${[...counts].map(([state, of]) => `${of.length} ${state}`).join(', ')}`);
  if (counts.has('fail')) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}

/** The tests of each row, by `quirk 21`; those of the catalogue itself have no part in it. */
function runTests(report) {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const { status } = spawnSync(
    process.execPath,
    [jest, '--json', `--outputFile=${report}`, '--silent', 'test/quirks'],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'ignore'],
    },
  );
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  if (status !== 0) process.exitCode = 1;
  for (const { name, message, assertionResults } of testResults) {
    // A file that could not be loaded has no tests that could fail.
    if (assertionResults.length === 0) console.error(`${name}\n${message}`);
    for (const { status: how, failureMessages } of assertionResults)
      if (how === 'failed') console.error(failureMessages[0]);
  }
  const all = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((result) => ({ ...result, file: name.slice(root.length + 1) })),
  );
  return Map.groupBy(all, ({ fullName }) => /(?:quirk|demand) \d+(?=: )/.exec(fullName)?.[0] ?? '');
}

function stateOf({ untested }, tests) {
  if (untested !== undefined) return { state: untested.state, tells: untested.why };
  const files = [...new Set(tests.map(({ file }) => file))].join(', ');
  const hasPassed = tests.length > 0 && tests.every(({ status }) => status === 'passed');
  return { state: hasPassed ? 'pass' : 'fail', tells: files === '' ? 'no test' : files };
}
