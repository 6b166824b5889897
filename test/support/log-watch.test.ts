import { openLog } from '../../lambdas/log.ts';
import { messageId } from './factories.ts';
import { acceptedMessage, testLog, testPorts } from './lambda-ports.ts';
import { forget, leaks, noteLogged, notePersonal } from './log-watch.ts';
import { memoryTable } from './memory-table.ts';

/** The watch over all logs of the suite sees what it should. What it saw here is not held against this file. */

afterEach(forget);

test.each([
  ['a number without its plus', '+447700900123', 'no route to 447700900123'],
  ['a text', 'Top secret', 'cannot send "Top secret" now'],
  ['a text as JSON has it', 'Line\nbreak', '{"text":"Line\\nbreak"}'],
])('%s in a line is a leak', (_, value, line) => {
  notePersonal(value);
  noteLogged('a line of nothing');
  expect(leaks()).toEqual([]);
  noteLogged(line);
  expect(leaks()).toEqual([line]);
});

test('a word that is in every log is none', () => {
  notePersonal('a', '', '12345', undefined);
  noteLogged('a message of 12345 was sent');
  expect(leaks()).toEqual([]);
});

test('what a message is made of is personal, and the logs of all functions are heard', async () => {
  const body = { text: 'Top secret', to: '+447700900999' };
  await acceptedMessage(testPorts(memoryTable()), messageId, body);
  // Under the watch: what is heard need not be seen.
  const written = jest.spyOn(process.stdout, '_write').mockImplementation((_line, _encoding, done) => done());
  testLog().log.info('to 447700900999');
  openLog('any').info('Top secret');
  written.mockRestore();
  expect(leaks()).toEqual([expect.stringContaining('447700900999'), expect.stringContaining('Top secret')]);
});
