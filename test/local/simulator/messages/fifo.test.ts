import { Fifo } from '../../../../local/simulator/messages/fifo.ts';
import { RecentMap } from '../../../../local/simulator/messages/recent-map.ts';

test('a fifo gives back what was put in, in that order', () => {
  const fifo = new Fifo<number>();
  const model: number[] = [];
  for (let step = 0; step < 2_000; step++) {
    if (step % 7 < 4) {
      fifo.push(step);
      model.push(step);
    } else expect(fifo.shift()).toBe(model.shift());
    expect([fifo.length, fifo.first]).toEqual([model.length, model[0]]);
  }
  while (model.length > 0) expect(fifo.shift()).toBe(model.shift());
  expect([fifo.shift(), fifo.length, fifo.first]).toEqual([undefined, 0, undefined]);
  fifo.push(1);
  fifo.clear();
  expect([fifo.length, fifo.first]).toEqual([0, undefined]);
});

test('a map of what is recent knows the last keys, and forgets older ones', () => {
  const map = new RecentMap<number>(100);
  for (let n = 0; n < 1_000; n++) {
    map.set(`key ${n}`, n);
    for (let last = Math.max(0, n - 99); last <= n; last++) expect(map.get(`key ${last}`)).toBe(last);
    if (n >= 200) expect(map.get(`key ${n - 200}`)).toBeUndefined();
  }
});

test('a map of what is recent has the value that was set last', () => {
  const map = new RecentMap<number>(2);
  map.set('a', 1);
  map.set('b', 1);
  map.set('a', 2);
  expect(map.get('a')).toBe(2);
});
