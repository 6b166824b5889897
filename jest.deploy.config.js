import base from './jest.config.js';

/**
 * The gateway as `cdk deploy` deploys it, to an emulator. One file at a time, for they share what is deployed.
 * What it takes, and what it cannot show: CONTRIBUTING.md
 */
export default {
  ...base,
  testMatch: ['**/test/deploy/**/*.deploy.ts'],
  maxWorkers: 1,
  testTimeout: 60_000,
  globalSetup: '<rootDir>/test/deploy/set-up.ts',
  globalTeardown: '<rootDir>/test/deploy/tear-down.ts',
};
