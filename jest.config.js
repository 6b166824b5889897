/**
 * TypeScript sources are compiled to CommonJS for jest: three times faster than jest's ESM mode.
 * Types are checked apart (`npm run types`). Files run in a random order too: see `test/support/shuffle.cjs`.
 */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  randomize: true,
  // Of what waits for something that never comes. A machine with other work may take five seconds for what takes a tenth of one.
  testTimeout: 30_000,
  setupFilesAfterEnv: ['<rootDir>/test/support/watch-logs.ts'],
  testSequencer: '<rootDir>/test/support/shuffle.cjs',
  transform: {
    '^.+\\.(ts|js)$': [
      '@swc/jest',
      { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  // uuid ships ES modules only.
  transformIgnorePatterns: ['/node_modules/(?!uuid/)'],
};
