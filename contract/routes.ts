import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { CarrierProfile } from './carrier.ts';
import { carrierName } from './carrier-name.ts';
import { textOptions } from './carrier-text.ts';
import { tlvDefinitions } from './carrier-tlvs.ts';

/** What the API needs to know of each carrier to choose one and to enqueue for it; first is the default. */
export const routes = z
  .array(
    z.object({
      carrier: carrierName,
      urgentQueueUrl: z.string(),
      normalQueueUrl: z.string(),
      prefixes: z.array(z.string()),
      defaultSender: z.string().optional(),
      text: textOptions.prefault({}),
      tlvs: tlvDefinitions,
    }),
  )
  .min(1);

export type Route = z.output<typeof routes>[number];
/** As infra and `local` write it: what has a default may be left out. */
export type RouteInput = z.input<typeof routes>[number];

export interface LaneUrls {
  readonly urgent: string;
  readonly normal: string;
}

/** Defaults are left out: a function's environment has little room. */
export function routeOf(carrier: RoutedProfile, { urgent, normal }: LaneUrls): RouteInput {
  const { name, prefixes, defaultSender, text, tlvs } = carrier;
  const usual: Readonly<Record<string, unknown>> = textOptions.parse({});
  const own = Object.entries(text).filter(([option, value]) => !isDeepStrictEqual(value, usual[option]));
  return {
    carrier: name,
    urgentQueueUrl: urgent,
    normalQueueUrl: normal,
    prefixes,
    ...(defaultSender !== undefined && { defaultSender }),
    // How received texts are read is the connector's business.
    ...(own.length > 0 && { text: Object.fromEntries(own.filter(([option]) => option !== 'receivedEncodings')) }),
    ...(Object.keys(tlvs).length > 0 && { tlvs }),
  };
}

type RoutedProfile = Pick<CarrierProfile, 'name' | 'prefixes' | 'defaultSender' | 'text' | 'tlvs'>;
