import { Meters, type Told } from '../../connector/meters.ts';
import { MetricsReport } from '../../connector/metrics-report.ts';
import { FakeClock } from '../support/fake-clock.ts';

function startReport() {
  const clock = new FakeClock();
  const meters = new Meters(() => 0);
  const told: Told[] = [];
  let isBound = false;
  const report = new MetricsReport({
    meters,
    gauges: () => ({ boundBinds: isBound ? 1 : 0 }),
    tell: (all) => told.push(all),
    clock,
  });
  const running = report.run();
  const bind = (given: boolean) => {
    isBound = given;
    report.noteBound(given);
  };
  const stop = async () => {
    report.stop();
    await running;
  };
  const of = (name: string) => told.map((all) => all.find(([metric]) => metric === name)?.[1]);
  return { clock, meters, told, of, bind, stop };
}

test('all is told at once, every 30 s and at the end, and each time what came since', async () => {
  const { clock, meters, told, of, stop } = startReport();
  meters.count('submits', 3);
  await clock.advance(29_999);
  expect(told).toHaveLength(1);
  await clock.advance(1);
  meters.count('submits', 4);
  await stop();
  expect(of('submits')).toEqual([[0], [3], [4]]);
  expect(clock.pending).toBe(0);
});

test('in between it is told only that a bind came or went, and that once', async () => {
  const { clock, told, of, bind, stop } = startReport();
  bind(false);
  bind(true);
  bind(true);
  bind(false);
  expect(told.slice(1)).toEqual([[['boundBinds', [1]]], [['boundBinds', [0]]]]);
  bind(true);
  await clock.advance(30_000);
  await stop();
  expect(of('boundBinds')).toEqual([[0], [1], [0], [1], [1], [1]]);
});
