// The tests that failed or were skipped in a report of jest (--json), each with the first lines of why.
//
//   node .ci/failed-tests.mjs REPORT
import { existsSync, readFileSync } from 'node:fs';

const linesOfReason = 12;

const [, , path] = process.argv;
if (!existsSync(path)) {
  console.log('no report was written');
} else {
  const { testResults } = JSON.parse(readFileSync(path, 'utf8'));
  for (const suite of testResults) {
    if (suite.status === 'failed' && suite.assertionResults.length === 0) say(suite.name, suite.message);
    for (const test of suite.assertionResults) {
      if (test.status === 'passed') continue;
      say(`${suite.name}: ${test.fullName} (${test.status})`, test.failureMessages.join('\n'));
    }
  }
}

function say(what, why) {
  console.log(what);
  for (const line of why.split('\n').slice(0, linesOfReason)) console.log(`    ${line}`);
}
