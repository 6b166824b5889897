import type { TableKey } from '#contract/table.ts';
import { unreachable } from '#contract/unreachable.ts';
import { assembledEvents } from './assembled-event.ts';
import { type Assembly, decide, drop, finish, readAssembly, readParts, reschedule, takeOver } from './assembly.ts';
import { nextStep, type Publishing } from './assembly-step.ts';
import type { CollectPorts } from './collect-part.ts';

/** More than ever work on one assembly at once, and messages in it: each look that changes nothing means that another's did. */
const maxLooks = 1_000;

/** Publishes what fell due of an assembly: messages of which a part never came, and what a crash left. */
export async function settleAssembly(ports: CollectPorts, key: TableKey): Promise<void> {
  const assembly = await readAssembly(ports.table, key);
  if (assembly.dueAt === undefined || assembly.dueAt > ports.now()) return;
  await carryOn(ports, assembly);
}

/**
 * Does what is to be done of an assembly, message by message:
 *
 *   1 decide   the table says which parts the message has and under which id it goes out; nobody else decides meanwhile
 *   2 publish  the topic has it
 *   3 finish   its parts are done
 *
 * If the process dies after 1 or 2, the claim lapses, and the next who comes goes on with the same message: the
 * retry of the queue message, another part, or `settle-due`. So a message is published once without a crash,
 * otherwise again with the same id. A part that comes between 1 and 3 is seen by whoever is at 3.
 */
export async function carryOn(ports: CollectPorts, given: Assembly): Promise<void> {
  let assembly = given;
  for (let look = 1; look <= maxLooks; look += 1) {
    const step = nextStep(assembly, ports.now());
    switch (step.do) {
      case 'publish':
        assembly = await publishHeld(ports, assembly, await decide(ports, assembly, step));
        break;
      case 'take-over':
        assembly = await publishHeld(ports, assembly, await takeOver(ports, assembly, step.publishing));
        break;
      case 'drop':
        assembly = await drop(ports, assembly, step.tokens);
        break;
      case 'wait':
        return isOverdue(ports, assembly) ? reschedule(ports, assembly, step.until) : undefined;
      case 'nothing':
        return isOverdue(ports, assembly) ? reschedule(ports, assembly) : undefined;
      case 'leave':
        return;
      default:
        return unreachable(step);
    }
  }
  throw new Error(`the assembly ${given.key.pk} does not come to rest`);
}

function isOverdue({ now }: CollectPorts, { dueAt, open }: Assembly): boolean {
  return dueAt === undefined ? open.length > 0 : dueAt <= now();
}

async function publishHeld(ports: CollectPorts, seen: Assembly, held: Assembly | 'lost'): Promise<Assembly> {
  if (held === 'lost' || held.publishing === undefined) return readAssembly(ports.table, seen.key);
  await publish(ports, held, held.publishing);
  return finish(ports, held, held.publishing);
}

async function publish(ports: CollectPorts, assembly: Assembly, message: Publishing): Promise<void> {
  const parts = await readParts(ports.table, assembly, message.tokens);
  const { id } = message;
  if (parts.length < message.tokens.length) {
    ports.log.error('parts of a received message are gone before they were put together', {
      event: id,
      gone: message.tokens.length - parts.length,
    });
  }
  for (const event of assembledEvents(message, parts)) {
    await ports.inboundTopic.publish(event);
    const missing = event.data.parts?.missing.length ?? 0;
    const { carrier } = event.data;
    if (missing > 0)
      ports.log.warn('a received message is published without all of its parts', { carrier, event: event.id, missing });
  }
}
