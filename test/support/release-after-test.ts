const releases: (() => unknown)[] = [];

/** Closed after the test, whatever comes of it; what was opened last is closed first. */
export function releaseAfterTest(release: () => unknown): void {
  releases.push(release);
}

afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release();
});
