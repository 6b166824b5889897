import { deployment } from './deployment.ts';

/**
 * A test that needs containers. Where they cannot be had it is skipped, which the run tells in its summary and on
 * stderr with the name of the test; with CI set it fails, since there the packages can be installed.
 */
export function testWithContainers(name: string, body: () => Promise<void>): void {
  const { missingForContainers: missing } = deployment();
  if (missing === undefined) {
    test(name, body);
  } else if (process.env.CI !== undefined) {
    test(name, () => {
      throw new Error(missing);
    });
  } else {
    process.stderr.write(`!! NOT RUN: ${name}: ${missing}\n`);
    // Told, and a failure wherever the packages can be installed.
    test.skip(`${name} [${missing}]`, body);
  }
}
