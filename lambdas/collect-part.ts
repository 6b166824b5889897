import type { PartEvent } from '#contract/connector-events.ts';
import type { Now, Table } from './ports.ts';

export interface CollectPorts {
  readonly table: Table;
  readonly now: Now;
}

export async function collectPart(_ports: CollectPorts, { id }: PartEvent): Promise<void> {
  throw new Error(`part ${id} cannot be collected yet`);
}
