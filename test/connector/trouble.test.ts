import { Trouble } from '../../connector/trouble.ts';
import { recordedLog } from '../support/connector-factories.ts';
import { FakeClock } from '../support/fake-clock.ts';

function trouble() {
  const clock = new FakeClock();
  const log = recordedLog();
  const told = () => log.lines.map(({ level, message }) => `${level} ${message}`);
  return { clock, log, told, trouble: new Trouble({ begins: 'cannot', ends: 'can again', clock, log }) };
}

test('what fails for a thousand messages is one error, and one line when it is over; the rest is for who debugs', async () => {
  const { clock, told, log, trouble: sending } = trouble();
  for (let n = 0; n < 1_000; n += 1) sending.failed(new Error(`no ${n}`));
  await clock.advance(10_000);
  sending.succeeded();
  sending.succeeded();
  expect(told().filter((line) => !line.startsWith('debug'))).toEqual(['error cannot', 'info can again']);
  expect(told()).toHaveLength(1_001);
  expect(log.lines[0]).toMatchObject({ error: 'no 0' });
});

test('of what fails now and then it is not told each time that it is over', async () => {
  const { clock, told, trouble: sending } = trouble();
  for (let n = 0; n < 60; n += 1) {
    sending.failed(new Error('no'));
    await clock.advance(500);
    sending.succeeded();
    await clock.advance(500);
  }
  expect(told().filter((line) => !line.startsWith('debug'))).toEqual(['error cannot']);
});

test('what fails anew is told anew', async () => {
  const { clock, told, trouble: sending } = trouble();
  sending.succeeded();
  for (let n = 0; n < 2; n += 1) {
    sending.failed(new Error('no'));
    await clock.advance(10_000);
    sending.succeeded();
  }
  expect(told()).toEqual(['error cannot', 'info can again', 'error cannot', 'info can again']);
});

test('what fails a day after it last did is told, though nobody said since that it is over', async () => {
  const { clock, told, trouble: sending } = trouble();
  sending.failed(new Error('no'));
  await clock.advance(1_000);
  sending.succeeded();
  await clock.advance(86_400_000);
  for (let n = 0; n < 100; n += 1) sending.failed(new Error('no'));
  expect(told().filter((line) => !line.startsWith('debug'))).toEqual(['error cannot', 'error cannot']);
});

test('what fails for a day, every hour, is told once', async () => {
  const { clock, told, trouble: sending } = trouble();
  for (let n = 0; n < 24; n += 1) {
    sending.failed(new Error('no'));
    await clock.advance(3_600_000);
  }
  expect(told().filter((line) => !line.startsWith('debug'))).toEqual(['error cannot']);
});

test('the line at its end says what was in the last one of it', async () => {
  const { clock, log, trouble: sending } = trouble();
  sending.failed(new Error('no'), { lane: 'urgent' });
  await clock.advance(10_000);
  sending.succeeded();
  expect(log.lines.at(-1)).toMatchObject({ message: 'can again', lane: 'urgent' });
});
