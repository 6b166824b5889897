export interface Memory {
  /** Objects, and octets beside them. */
  readonly usedBytes: number;
  readonly rssBytes: number;
}

/** Of what is in use still, in a process with `--expose-gc`. */
export function memory(): Memory {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { usedBytes: heapUsed + external, rssBytes: rss };
}
