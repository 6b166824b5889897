import type { Queue, Table } from '../../lambdas/ports.ts';

/**
 * What goes wrong at the `call`-th call of a port, before or after it had its effect. `fails`: the call throws and
 * the process lives on. `dies`: the process is gone; nothing more of it is run, not even a catch.
 */
export interface Fault {
  readonly call: number;
  readonly when: 'before' | 'after';
  readonly how: 'dies' | 'fails';
}

interface Ports {
  readonly table: Table;
  readonly queue: Queue;
}

type Around = <T>(act: () => Promise<T>) => Promise<T>;

export interface FaultyPorts<P extends Ports> {
  readonly ports: P;
  /** Settles only if the process dies. */
  readonly died: Promise<'died'>;
}

/** The same ports with a fault in them. `around` may hold each call up, to let others go first. */
export function faultyPorts<P extends Ports>(ports: P, fault?: Fault, around: Around = (act) => act()): FaultyPorts<P> {
  const { promise: died, resolve: die } = Promise.withResolvers<'died'>();
  let calls = 0;

  function strike(): Promise<never> {
    if (fault?.how === 'fails') return Promise.reject(new Error(`the service failed at call ${fault.call}`));
    die('died');
    return new Promise(() => {});
  }

  async function counted<T>(act: () => Promise<T>): Promise<T> {
    calls += 1;
    const struck = calls === fault?.call;
    if (struck && fault.when === 'before') return strike();
    const result = await around(act);
    return struck ? strike() : result;
  }

  const { table, queue } = ports;
  const faulty = {
    queue: { send: (message: Parameters<Queue['send']>[0]) => counted(() => queue.send(message)) },
    table: {
      get: (key: Parameters<Table['get']>[0]) => counted(() => table.get(key)),
      create: (item: Parameters<Table['create']>[0]) => counted(() => table.create(item)),
      update: (...change: Parameters<Table['update']>) => counted(() => table.update(...change)),
      partition: (pk: string) => counted(() => table.partition(pk)),
      due: (shard: string, until: number) => table.due(shard, until),
    } satisfies Table,
  };
  return { ports: { ...ports, ...faulty }, died };
}
