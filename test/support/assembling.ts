import type { PartEvent } from '#contract/connector-events.ts';
import { isAssemblyKey } from '../../lambdas/assembly.ts';
import { collectPart } from '../../lambdas/collect-part.ts';
import { settleAssembly } from '../../lambdas/settle-assembly.ts';
import type { TestPorts } from './lambda-ports.ts';
import { type GivenPart, partEvent } from './parts.ts';

export async function collect(ports: TestPorts, ...parts: readonly (PartEvent | GivenPart)[]): Promise<void> {
  for (const part of parts) await collectPart(ports, 'concatenation' in part ? part : partEvent(part));
}

/** What `settle-due` does every minute. */
export async function settle(ports: TestPorts): Promise<void> {
  for (let shard = 0; shard < 8; shard += 1) {
    for await (const key of ports.table.due(String(shard), ports.now())) {
      if (isAssemblyKey(key)) await settleAssembly(ports, key);
    }
  }
}

export function texts({ received }: TestPorts): string[] {
  return received.map(({ data }) => data.text);
}
