// Run by `deployed-function.ts` in a process of its own: what Lambda's runtime does with a deployed function. It has no
// more than the function's directory and environment, and takes one event at a time over its channel.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Answer, Invocation } from './deployed-function.ts';

const { LAMBDA_TASK_ROOT = '', _HANDLER = '' } = process.env;

const [file = '', name = ''] = _HANDLER.split('.');
const handler = createRequire(join(LAMBDA_TASK_ROOT, 'runtime.js'))(`./${file}`)[name];
if (typeof handler !== 'function') throw new Error(`Runtime.HandlerNotFound: ${_HANDLER} is undefined or not exported`);

process.on('message', async ({ event, context, deadline }: Invocation) => {
  const getRemainingTimeInMillis = () => Math.max(0, deadline - Date.now());
  try {
    answer({ result: (await handler(event, { ...context, getRemainingTimeInMillis })) ?? null });
  } catch (cause) {
    const { name: errorType, message: errorMessage } = cause instanceof Error ? cause : new Error(String(cause));
    answer({ errorType, errorMessage });
  }
});
process.on('disconnect', () => process.exit());

function answer(given: Answer): void {
  process.send?.(given);
}
