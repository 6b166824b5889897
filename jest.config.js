/**
 * TypeScript sources are compiled to CommonJS for jest: three times faster than jest's ESM mode.
 * Types are checked apart (`npm run types`). Files run in a random order too: see `test/support/shuffle.cjs`.
 */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  randomize: true,
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
