import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gatewayResponses, gatewayResponsesWithIam, type ProblemKind } from '#contract/gateway-responses.ts';
import { problems } from '../../lambdas/http.ts';

/** Code, status and Retry-After of every error, as a row of the document's table begins. */
function rowOf({ code, status, retryAfterSeconds }: ProblemKind): string {
  return `\`${code}\` | ${status} | ${retryAfterSeconds === undefined ? '' : `${retryAfterSeconds} s`}`;
}

const ours = Object.entries(problems).map(([code, kind]): ProblemKind => ({ ...kind, code }));
const kinds: readonly ProblemKind[] = [
  ...ours,
  ...Object.values(gatewayResponses),
  ...Object.values(gatewayResponsesWithIam),
];

function documented(): string[] {
  const document = readFileSync(join(__dirname, '../../docs/errors.md'), 'utf8');
  return [...document.matchAll(/^\| (`[a-z-]+`) \| (\d+) \| (\d+ s)? ?\|(.+)\|(.+)\|$/gm)].map(
    ([, code, status, retryAfter = '', when = '', remedy = '']) => {
      expect([when.trim(), remedy.trim()]).not.toContain('');
      return `${code} | ${status} | ${retryAfter}`;
    },
  );
}

test('every error that the API can give is in docs/errors.md, and no other', () => {
  expect(documented().toSorted()).toEqual([...new Set(kinds.map(rowOf))].toSorted());
});

test('docs/errors.md has them by status', () => {
  const statuses = documented().map((row) => row.split(' | ')[1]);
  expect(statuses).toEqual(statuses.toSorted());
});

test('a code means one thing, whoever answers', () => {
  expect(new Set(kinds.map(({ code }) => code)).size).toBe(new Set(kinds.map(rowOf)).size);
});
