import { leaks, noteLogged } from './log-watch.ts';

/** Runs before each file of tests: hears the console and both streams, where the loggers of all parts write. */

const streams = [process.stdout, process.stderr] as const;
const writes = streams.map((stream) => stream.write);
const methods = ['debug', 'info', 'log', 'warn', 'error'] as const;
const said = methods.map((method) => console[method]);

for (const [index, stream] of streams.entries()) {
  const write = writes[index]?.bind(stream) as (...given: unknown[]) => boolean;
  stream.write = (...given: unknown[]) => {
    noteLogged(String(given[0]));
    return write(...given);
  };
}
for (const [index, method] of methods.entries()) {
  console[method] = (...given: unknown[]) => {
    noteLogged(given.map(String).join(' '));
    said[index]?.(...given);
  };
}

afterAll(() => {
  for (const [index, stream] of streams.entries()) stream.write = writes[index] ?? stream.write;
  for (const [index, method] of methods.entries()) console[method] = said[index] ?? console[method];
  expect(leaks()).toEqual([]);
});
