import { Releases } from '../../local/releases.ts';
import { terminalReporter } from '../../local/report.ts';
import { startSimulation } from '../../local/simulation.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { releaseAfterTest } from '../support/release-after-test.ts';
import { Esme } from './simulator/esme.ts';
import { submitSm } from './simulator/rig.ts';

/** What a person sees. */
function terminal() {
  const lines: string[] = [];
  const style = { colour: false, reveal: true };
  return {
    lines,
    reporter: terminalReporter(
      (text) => lines.push(text),
      style,
      () => new Date(2026, 10, 23, 4, 44, 28),
    ),
  };
}

test('the carrier for those who have none plays what it is told, to whom its profile lets in', async () => {
  const releases = new Releases();
  releaseAfterTest(() => releases.run());
  const { lines, reporter } = terminal();
  const play = { scenarios: ['queue-full'], change: { binds: { systemId: 'MARS' } } };
  const options = { play, reporter, clock: new FakeClock(), random: () => 0 };
  const { simulator, profile, env } = await startSimulation(options, releases);
  expect(simulator.stage.playing).toEqual(play);
  expect(lines).toEqual(['04:44:28  ·  the simulator plays  queue-full with {"binds":{"systemId":"MARS"}}\n']);
  const [host] = profile.hosts;
  const esme = await Esme.connect(host?.port ?? 0);
  releaseAfterTest(() => esme.destroy());
  const bind = { system_id: profile.systemId, password: env.SIMULATOR_PASSWORD };
  expect(await esme.bind(bind)).toMatchObject({ command_status: 0, system_id: 'MARS' });
  expect((await esme.ask('submit_sm', submitSm)).command_status).toBe(0x14);
});
