import { type BundlingOptions, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';

/**
 * Parts of the AWS SDK that look for credentials where a function has none: files, processes, single sign-on, metadata
 * services. A function has them in its environment, where the SDK looks first, and imports the others only after that.
 */
const otherCredentials = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
  '@smithy/core/event-streams',
];

/** How the functions are bundled. The figures behind each line: docs/performance.md. */
export const functionBundling = {
  format: OutputFormat.CJS,
  target: 'node24',
  minify: true,
  keepNames: true,
  mainFields: ['module', 'main'],
  externalModules: otherCredentials,
} satisfies BundlingOptions;

/** The same for esbuild's own interface. */
export const functionBuild = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: functionBundling.target,
  minify: functionBundling.minify,
  keepNames: functionBundling.keepNames,
  mainFields: functionBundling.mainFields,
  external: functionBundling.externalModules,
} as const;
