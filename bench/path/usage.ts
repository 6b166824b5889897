/** What a process has used since it began. */
export interface Usage {
  /** Of all its threads. */
  readonly cpuUs: number;
  /** The most that it had in memory at once, as the system counts it. */
  readonly peakBytes: number;
}

export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuUs: user + system, peakBytes: process.resourceUsage().maxRSS * 1_024 };
}
