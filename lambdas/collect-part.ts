import type { PartEvent } from '#contract/connector-events.ts';
import { addToAssembly, keepPart } from './assembly.ts';
import type { InboundTopic, Log, Now, Table } from './ports.ts';
import { carryOn } from './settle-assembly.ts';

export interface CollectPorts {
  readonly table: Table;
  readonly inboundTopic: InboundTopic;
  readonly log: Log;
  readonly now: Now;
}

/**
 * Puts the parts of handsets' long messages together, whatever their order and however often they come:
 *
 *   1 keepPart       the part is kept, under an id of this delivery of it
 *   2 addToAssembly  the assembly knows that it came, and is due; what else came is read with the same call
 *   3 carryOn        what is complete by now is published (`settle-assembly.ts`)
 *
 * Whoever is last at 2 sees all parts. If the process dies at any line, the queue message comes again and goes through
 * 1 to 3 again, each of which finds its work done or does it.
 */
export async function collectPart(ports: CollectPorts, event: PartEvent): Promise<void> {
  const token = await keepPart(ports, event);
  await carryOn(ports, await addToAssembly(ports, event, token));
}
