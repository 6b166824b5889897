import base from './jest.config.js';

/**
 * The tests that use emulators, against moto: what two independent emulators say is likelier what AWS says.
 * One file at a time, for gateways that run at once would share moto's queues. What is left out, and why: CONTRIBUTING.md
 */
export default {
  ...base,
  testMatch: [
    '**/test/lambdas/**/*.test.ts',
    '**/test/moto/**/*.moto.ts',
    '**/test/integration/{first-light,drain}.test.ts',
  ],
  maxWorkers: 1,
  globalSetup: '<rootDir>/test/support/moto.ts',
  globalTeardown: '<rootDir>/test/support/moto-stop.ts',
};
