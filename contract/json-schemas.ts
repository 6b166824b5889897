import * as z from 'zod';
import { receivedEvent, statusEvent, unmatchedReceiptEvent } from './cloud-events.ts';
import { eventList } from './connector-events.ts';
import { outboundSms } from './outbound-sms.ts';

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** All that goes through a queue or a topic, by the name under which `docs/events/` has its JSON Schema. */
export const schemas = {
  'outbound-sms': outboundSms,
  'event-list': eventList,
  'sms.received': receivedEvent,
  'sms.status': statusEvent,
  'sms.receipt.unmatched': unmatchedReceiptEvent,
} as const;

export type SchemaName = keyof typeof schemas;
export const schemaNames = Object.keys(schemas) as SchemaName[];

/** For readers in other languages: what a writer may give, so fields that are not named are allowed. */
export function jsonSchemaOf(name: SchemaName): JsonSchema {
  const schema = z.toJSONSchema(schemas[name], {
    io: 'input',
    override({ jsonSchema }) {
      // The format says it in a word; a safe integer's limits say nothing.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  // What an event names as its `dataschema`.
  return { $id: `urn:aws-smpp-gateway:schema:${name}:1`, ...schema };
}
