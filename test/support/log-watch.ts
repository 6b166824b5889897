/**
 * Texts and full numbers must be in no log. The factories say here what of a person they gave to the code, and the
 * logs what lines came out; `watch-logs.ts` compares the two at the end of every file of tests.
 */

const personal = new Set<string>();
const lines: string[] = [];

/** A text or a number of a person. What is too short to tell from any other word is not kept; nor what is no string. */
export function notePersonal(...values: unknown[]): void {
  for (const value of values) {
    if (typeof value !== 'string') continue;
    const digits = value.replace(/^\+/, '');
    if (!/^\d+$/.test(digits) && value.trim().length >= 5) personal.add(value);
    else if (digits.length >= 7) personal.add(digits);
  }
}

export function noteLogged(line: string): void {
  lines.push(line);
}

/** The lines that have a text or a number, in JSON or as it is. */
export function leaks(): string[] {
  return lines.filter((line) =>
    [...personal].some((value) => line.includes(value) || line.includes(JSON.stringify(value).slice(1, -1))),
  );
}

/** For the test of the watch itself. */
export function forget(): void {
  personal.clear();
  lines.length = 0;
}
