/** In ms, from a moment that all processes of this machine share: `performance.now()` counts from the start of each. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
