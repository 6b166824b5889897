import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../connector/clock.ts';
import { Simulator } from '../../local/simulator/simulator.ts';
import { send } from '../support/api.ts';
import { carrierOf, configOf } from '../support/config-file.ts';
import { type LocalGateway, startLocalGateway } from '../support/local-gateway.ts';

/** A config with a pair of binds, as a user points the local gateway at a real SMSC; the simulator stands in for that. */

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
}, 30_000);

async function startSimulator(): Promise<Simulator> {
  const simulator = new Simulator({
    accounts: [{ systemId: 'me', password: 'secret' }],
    clock: systemClock,
    random: Math.random,
    onFault: () => {},
  });
  await simulator.start();
  stops.push(() => simulator.end());
  return simulator;
}

async function startGateway(carrier: object): Promise<LocalGateway> {
  const directory = await mkdtemp(join(tmpdir(), 'pair-'));
  stops.push(() => rm(directory, { recursive: true }));
  const config = join(directory, 'gateway.config.json');
  await writeFile(config, JSON.stringify(configOf({ carriers: [carrierOf(carrier)] })));
  const env = { ACME_PASSWORD: 'secret', RECEIVER_PASSWORD: 'secret' };
  const gateway = await startLocalGateway({ args: ['--config', config], env });
  stops.push(() => gateway.stop());
  return gateway;
}

test('what goes out by the transmitter is reported to the receiver, which also takes what handsets send', async () => {
  const simulator = await startSimulator();
  const { smsc } = simulator;
  const gateway = await startGateway({
    hosts: [{ host: '127.0.0.1', port: smsc.port }],
    systemId: 'me',
    password: { env: 'ACME_PASSWORD' },
    bindMode: 'transmitter-receiver',
    receiver: { password: { env: 'RECEIVER_PASSWORD' } },
  });
  await gateway.logLine(/"message":"bound"/);
  await send(gateway, { to: '+447700900111', text: 'by the pair' });
  await gateway.logLine(/"status":"delivered"/);
  expect(simulator.handsets.messages({ to: '+447700900111' })).toMatchObject([{ text: 'by the pair' }]);
  expect(await simulator.sendMo({ from: '+447700900111', to: '12345', text: 'Yes' })).toEqual([0]);
  expect(
    smsc
      .stats()
      .sessions.map((session) => session.kind === 'bound' && session.command)
      .sort(),
  ).toEqual(['bind_receiver', 'bind_transmitter']);
}, 40_000);
