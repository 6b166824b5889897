import { down } from '../../support/fake-sqs.ts';
import { Rig } from './rig.ts';

const minute = 60_000;

test('while the events queue stays away, what is taken has a limit, so nothing piles up in memory', async () => {
  const rig = new Rig();
  for (let n = 0; n < 280; n += 1) rig.enqueue(`m${n}.`, { to: `+44770090${1000 + n}` });
  const until = rig.clock.monotonic() + 5 * minute;
  rig.sqs.fault = ({ action, queue }) =>
    action === 'SendMessage' && queue === 'events' && rig.clock.monotonic() < until ? down() : undefined;
  await rig.start('a', { window: 10 });
  await rig.clock.advance(2 * minute);
  const held = rig.lanes.normal.bodies.length - rig.lanes.normal.visible.length;
  expect(held).toBeLessThan(260);
  await rig.clock.advance(2 * minute);
  expect(rig.lanes.normal.visible).toHaveLength(280 - held);
  await rig.untilSettled(30 * minute);
  expect(Object.values(rig.account())).toEqual(new Array(280).fill(['submitted']));
  expect(rig.arrived()).toHaveLength(280);
  expect(rig.faults).toEqual([]);
});
