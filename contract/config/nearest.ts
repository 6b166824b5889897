/** The word that `given` was probably meant to be: at most two typing errors away, and not mostly another word. */
export function nearest(given: string, words: readonly string[]): string | undefined {
  const most = Math.min(2, Math.floor(given.length / 2));
  for (let errors = 0; errors <= most; errors += 1) {
    const found = words.find((word) => isWithin(errors, given.toLowerCase(), word.toLowerCase()));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether so many letters dropped, added or replaced make one of the other. */
function isWithin(errors: number, one: string, other: string): boolean {
  if (one === other) return true;
  if (errors === 0) return false;
  let same = 0;
  while (one[same] === other[same]) same += 1;
  const [a, b] = [one.slice(same), other.slice(same)];
  const [restOfA, restOfB] = [a.slice(1), b.slice(1)];
  return isWithin(errors - 1, restOfA, b) || isWithin(errors - 1, a, restOfB) || isWithin(errors - 1, restOfA, restOfB);
}
