import { releases } from './moto.ts';

/** Jest's global teardown for `npm run test:moto`. */
export default async function stopMoto(): Promise<void> {
  await releases.run();
}
