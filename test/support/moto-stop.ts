import { motoPidVariable } from './moto.ts';

/** Jest's global teardown for `npm run test:moto`. */
export default function stopMoto(): void {
  process.kill(Number(process.env[motoPidVariable]));
}
