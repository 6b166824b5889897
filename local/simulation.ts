import { type CarrierProfile, carrierProfile } from '#contract/carrier.ts';
import { parseAs } from '#contract/parse.ts';
import type { Clock } from '../connector/clock.ts';
import type { Releases } from './releases.ts';
import type { Reporter } from './report.ts';
import { Simulator } from './simulator/simulator.ts';

export interface Simulation {
  readonly simulator: Simulator;
  /** How a connector reaches it. */
  readonly profile: CarrierProfile;
  /** Variables that the profile refers to. */
  readonly env: NodeJS.ProcessEnv;
}

const systemId = 'local';
const password = 'secret';
const passwordVariable = 'SIMULATOR_PASSWORD';

/** The carrier for those who have none. */
export async function startSimulation(
  { reporter, clock }: { readonly reporter: Reporter; readonly clock: Clock },
  releases: Releases,
): Promise<Simulation> {
  const simulator = new Simulator({
    systemId,
    password,
    clock,
    onFault: ({ message }) =>
      reporter.log({ level: 'INFO', message: 'the simulator lost a session', fields: { reason: message } }),
  });
  await simulator.smsc.start();
  releases.push(() => simulator.smsc.end());
  const profile = {
    name: 'simulator',
    hosts: [{ host: '127.0.0.1', port: simulator.smsc.port }],
    systemId,
    password: { env: passwordVariable },
    defaultSender: '12345',
  };
  return {
    simulator,
    profile: parseAs(carrierProfile, profile, 'profile of the simulator'),
    env: { [passwordVariable]: password },
  };
}
