import type { BundlingOptions } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { BuildOptions } from 'esbuild';

/**
 * Parts of the AWS SDK that a function never comes to, and that the SDK imports only when it does: ways to find
 * credentials other than the environment, and event streams. Left out, a bundle is a quarter smaller or more, and
 * the rest is one scope that is run as it stands. `test/bench/lambda-bundles.test.ts` sees to it that nothing needs them at start.
 */
const neverReached = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/core/event-streams',
  '@smithy/credential-provider-imds',
];

const options = {
  target: 'node24',
  // The ES modules of a package: of these esbuild takes only what is used.
  mainFields: ['module', 'main'],
  minify: true,
  // Or a stack in the log would be of `a`, `b` and `c`. A source map would cost more at each start.
  keepNames: true,
};

/** How the functions are built, for `NodejsFunction`. What each line is worth: docs/performance.md. */
export const functionBundling = { ...options, externalModules: neverReached } satisfies BundlingOptions;

/** The same for esbuild itself. */
export const functionBuild = {
  ...options,
  external: neverReached,
  bundle: true,
  platform: 'node',
  format: 'cjs',
} satisfies BuildOptions;
