import type { BehaviourChange } from '../../../local/simulator/play/behaviour.ts';
import { Simulator, type SimulatorOptions } from '../../../local/simulator/simulator.ts';
import { Random } from '../../fuzz/random.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { releaseAfterTest } from '../../support/release-after-test.ts';
import { Esme } from './esme.ts';

export interface RigOptions extends Partial<Omit<SimulatorOptions, 'clock' | 'onFault' | 'random'>> {
  readonly scenarios?: readonly string[];
  readonly change?: BehaviourChange;
  /** Of the authority that signed the certificate in `tls`. */
  readonly ca?: string;
}

export interface Rig {
  readonly simulator: Simulator;
  readonly clock: FakeClock;
  /** What the simulator said about its sessions. */
  readonly faults: readonly string[];
  /** To the first host, or to another one. */
  connect(port?: number): Promise<Esme>;
  /** Connected, and bound as a transceiver by `me`. */
  bound(): Promise<Esme>;
}

/** A simulator on a port of its own, under a fake clock and with a chance that repeats; released after the test. */
export async function startRig({ scenarios = [], change = {}, ca, ...options }: RigOptions = {}): Promise<Rig> {
  const clock = new FakeClock();
  const random = new Random(1);
  const faults: string[] = [];
  const simulator = new Simulator({
    accounts: [{ systemId: 'me', password: 'secret' }],
    ...options,
    clock,
    random: () => random.uint32() / 0x1_0000_0000,
    onFault: ({ message }) => faults.push(message),
  });
  simulator.stage.play({ scenarios, change });
  await simulator.start();
  releaseAfterTest(() => simulator.end());
  const connect = async (port = simulator.smsc.port) => {
    const esme = await Esme.connect(port, ca);
    releaseAfterTest(() => esme.destroy());
    return esme;
  };
  const bound = async () => {
    const esme = await connect();
    expect(await esme.bind()).toMatchObject({ command: 'bind_transceiver_resp', command_status: 0 });
    return esme;
  };
  return { simulator, clock, faults, connect, bound };
}

/** A test of what one scenario does. That each has such a test, `every-scenario.test.ts` sees to. */
export function scenarioTest(name: string, sentence: string, run: (rig: Rig) => Promise<void>): void {
  test(`${name}: ${sentence}`, async () => run(await startRig({ scenarios: [name] })));
}

/** "Hello" to +447700900123. */
export const submitSm = {
  source_addr_ton: 0,
  source_addr_npi: 1,
  source_addr: '12345',
  dest_addr_ton: 1,
  dest_addr_npi: 1,
  destination_addr: '447700900123',
  data_coding: 0,
  short_message: Buffer.from('Hello'),
};
