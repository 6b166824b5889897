import { request } from 'node:https';
import { buffer } from 'node:stream/consumers';

/** What one call to AWS takes without its SDK. */
export async function handler(): Promise<null> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  request(process.env.AWS_ENDPOINT_URL ?? '', (response) => buffer(response).then(() => resolve(), reject))
    .on('error', reject)
    .end();
  await promise;
  return null;
}
