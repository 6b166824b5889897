import { Worker } from 'node:worker_threads';

/** Of real time. An input takes a millisecond, a second when the clock has to move far. */
const limitMs = 60_000;

/** Runs beside the event loop, which may be what hangs; there only `writeSync` and a signal get through. */
const watch = `
  const { writeSync } = require('node:fs');
  const { workerData: { state, seed, limitMs } } = require('node:worker_threads');
  let seen = -1;
  setInterval(() => {
    const index = Atomics.load(state, 0);
    if (index === seen) {
      writeSync(2, 'input ' + index + ' of seed ' + seed + ' does not end: npm run fuzz -- --seed ' + seed + ' --only ' + index + '\\n');
      process.kill(process.pid, 'SIGKILL');
    }
    seen = index;
  }, limitMs);
`;

/** Ends the process when an input does not end, not even by failing. To be told of each input. */
export function startWatchdog(seed: number): (index: number) => void {
  const state = new Int32Array(new SharedArrayBuffer(4));
  new Worker(watch, { eval: true, workerData: { state, seed, limitMs } }).unref();
  return (index) => {
    Atomics.store(state, 0, index);
  };
}
