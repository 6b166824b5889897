import * as z from 'zod';
import { gatewayConfig } from '../gateway-config.ts';

/** `gateway.config.schema.json`, from which editors know the options. Rules over several options are not in it. */
export function configJsonSchema(): z.core.JSONSchema.BaseSchema {
  const schema = z.toJSONSchema(gatewayConfig, {
    io: 'input',
    override({ jsonSchema }) {
      const { form, properties, required } = jsonSchema;
      // A preset may have the hosts.
      if (properties?.preset !== undefined) {
        jsonSchema.required = (required ?? []).filter((option) => option !== 'hosts');
        jsonSchema.anyOf = [{ required: ['hosts'] }, { required: ['preset'] }];
      }
      if (form === undefined) return;
      delete jsonSchema.form;
      // Not of JSON Schema, but what VS Code and others show instead of the pattern.
      jsonSchema.errorMessage = `must be ${form}`;
    },
  });
  return { title: 'gateway.config.json', $comment: 'Written by `npm run docs`.', ...schema };
}
