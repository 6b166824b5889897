import { type ContenderName, contenders } from './contenders.ts';
import { type Figures, Load, type Stretch } from './load.ts';

export interface Order {
  readonly contender: ContenderName;
  readonly port: number;
  readonly window: number;
  readonly roundTripMs: number;
  readonly warmUp: Stretch;
  readonly measured: Stretch;
  /** The heap is measured after every so many messages: needs `--expose-gc`. */
  readonly heapEvery?: number;
}

export interface Heap {
  /** After the warm-up. */
  readonly messages: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
}

export interface ContenderReport {
  readonly figures: Figures;
  readonly heap: readonly Heap[];
}

/** A process: does the order that is its argument, reports to its parent, ends; with its parent at the latest. */
process.exitCode = 1;
process.on('disconnect', () => process.exit());
const report = await fulfil(JSON.parse(process.argv[2] ?? ''));
process.exitCode = 0;
process.send?.(report, () => process.disconnect?.());

async function fulfil(order: Order): Promise<ContenderReport> {
  const { contender, port, window, roundTripMs, warmUp, measured, heapEvery } = order;
  const heap: Heap[] = [];
  const load = new Load({
    window,
    warmUp,
    measured,
    ...(heapEvery && {
      onWindow: (messages) => {
        if (messages >= heap.length * heapEvery) heap.push(measureHeap(messages));
      },
    }),
  });
  const run = await contenders[contender]();
  if (roundTripMs > 0) await run({ port, systemType: '0' }, warmingLoad());
  await run({ port, systemType: String(roundTripMs) }, load);
  return { figures: load.figures, heap };
}

/** With a round trip it would take minutes until the code is as fast as it is in a process that runs for days. */
function warmingLoad(): Load {
  return new Load({ window: 100, warmUp: { messages: 0, ms: 0 }, measured: { messages: 10_000, ms: 0 } });
}

function measureHeap(messages: number): Heap {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  return { messages, heapBytes: heapUsed, rssBytes: rss };
}
