import { releases } from './set-up.ts';

/** Jest's global teardown for `npm run test:deploy`. */
export default function tearDown(): Promise<void> {
  return releases.run();
}
