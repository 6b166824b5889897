import * as z from 'zod';
import { carrierName } from './carrier-name.ts';

/** What the API needs to know of each carrier to choose one and to enqueue for it; first is the default. */
export const routes = z
  .array(
    z.object({
      carrier: carrierName,
      urgentQueueUrl: z.string(),
      normalQueueUrl: z.string(),
      prefixes: z.array(z.string()),
      defaultSender: z.string().optional(),
    }),
  )
  .min(1);

export type Route = z.output<typeof routes>[number];
