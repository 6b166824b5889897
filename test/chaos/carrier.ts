import { type CarrierProfileInput, carrierProfile } from '#contract/carrier.ts';

export const carrierName = 'chaos';
export const passwordVariable = 'CHAOS_PASSWORD';

/** Time-outs are short, so that what is frozen does not hold up the run; everything else is as a user would have it. */
export function profileOf(port: number, rate: number | undefined): CarrierProfileInput {
  const profile: CarrierProfileInput = {
    name: carrierName,
    hosts: [{ host: '127.0.0.1', port }],
    systemId: 'chaos',
    password: { env: passwordVariable },
    window: 20,
    responseTimeoutMs: 2_500,
    enquireLink: { idleMs: 1_000, timeoutMs: 1_000 },
    reconnect: { firstDelayMs: 20, maxDelayMs: 200, healthyAfterMs: 1_000 },
    ...(rate !== undefined && { messagesPerSecond: rate }),
  };
  carrierProfile.parse(profile);
  return profile;
}
