import { heard, type Link, tick } from '../../../connector/smpp/link-timers.ts';

const limits = { idleMs: 20_000, responseMs: 10_000 };

/** Does what `tick` says, from `link` on, until it closes: at what time it did what. */
function play(link: Link, until: number): [number, string][] {
  const done: [number, string][] = [];
  let now = 0;
  let current = link;
  while (now < until) {
    const step = tick(current, limits, now);
    if (step.do === 'wait') {
      now = step.untilMs;
      continue;
    }
    done.push([now, step.do]);
    if (step.do === 'close') return done;
    current = step.link;
  }
  return done;
}

test('a peer that goes silent is asked once, and given up when it does not answer', () => {
  expect(play(heard(0), 100_000)).toEqual([
    [20_000, 'send-enquire-link'],
    [30_000, 'close'],
  ]);
});

test('a peer that is heard from before the limit is not asked', () => {
  expect(tick(heard(19_999), limits, 20_000)).toEqual({ do: 'wait', untilMs: 39_999 });
});

test('a timer that comes late asks before it closes', () => {
  expect(tick(heard(0), limits, 3_600_000)).toMatchObject({
    do: 'send-enquire-link',
    link: { askedAt: 3_600_000, lastHeard: 0 },
  });
});

test('a timer that comes early waits for the rest', () => {
  const asked = tick(heard(0), limits, 20_000);
  if (asked.do !== 'send-enquire-link') throw new Error(`expected to ask, got ${asked.do}`);
  expect(tick(asked.link, limits, 29_999)).toEqual({ do: 'wait', untilMs: 30_000 });
});
