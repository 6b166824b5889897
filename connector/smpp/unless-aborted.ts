/** What `promise` gives, unless `stop` aborts before: then it rejects with the reason. */
export async function unlessAborted<Value>(promise: Promise<Value>, stop: AbortSignal): Promise<Value> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(stop.reason);
  if (stop.aborted) onAbort();
  stop.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    stop.removeEventListener('abort', onAbort);
  }
}
