import base from './jest.config.js';

/** Test vectors from outside the project, read from the folder VECTORS_DIR; never part of `npm test`. */
export default { ...base, testMatch: ['**/test/vectors/**/*.vectors.ts'] };
