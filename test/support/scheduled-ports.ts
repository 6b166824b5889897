import type fc from 'fast-check';
import type { TestPorts } from './lambda-ports.ts';

/** The same ports, of which the scheduler draws whose call is next. */
export function scheduled(ports: TestPorts, scheduler: fc.Scheduler): TestPorts {
  const { table, topic, inboundTopic } = ports;
  return {
    ...ports,
    topic: { publish: scheduler.scheduleFunction(topic.publish) },
    inboundTopic: { publish: scheduler.scheduleFunction(inboundTopic.publish) },
    table: {
      get: scheduler.scheduleFunction(table.get),
      create: scheduler.scheduleFunction(table.create),
      update: scheduler.scheduleFunction(table.update),
      partition: scheduler.scheduleFunction(table.partition),
      due: table.due,
    },
  };
}
