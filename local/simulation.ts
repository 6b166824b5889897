import { type CarrierProfile, carrierProfile } from '#contract/carrier.ts';
import { parseAs } from '#contract/parse.ts';
import type { Clock } from '../connector/clock.ts';
import { playText } from './play.ts';
import type { Releases } from './releases.ts';
import type { Reporter } from './report.ts';
import type { Play } from './simulator/play/scenarios.ts';
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

export interface SimulationOptions {
  /** @default what a friendly SMSC does */
  readonly play?: Play | undefined;
  readonly reporter: Reporter;
  readonly clock: Clock;
  /** 0 to 1, as Math.random. */
  readonly random: () => number;
}

/** The carrier for those who have none. */
export async function startSimulation(options: SimulationOptions, releases: Releases): Promise<Simulation> {
  const { play, reporter, clock, random } = options;
  const simulator = new Simulator({
    accounts: [{ systemId, password }],
    clock,
    random,
    onFault: ({ message }) =>
      reporter.log({ level: 'INFO', message: 'the simulator lost a session', fields: { reason: message } }),
  });
  const { stage } = simulator;
  stage.onChange(() =>
    reporter.log({ level: 'INFO', message: 'the simulator plays', fields: { reason: playText(stage.playing) } }),
  );
  if (play !== undefined) stage.play(play);
  await simulator.start();
  releases.push(() => simulator.end());
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
