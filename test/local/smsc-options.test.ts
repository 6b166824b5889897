import { readOptions } from '../../local/smsc-options.ts';
import { StartError } from '../../local/start-error.ts';

test('without options it is the SMSC of the documentation', () => {
  expect(readOptions([])).toEqual({
    port: 2775,
    httpPort: 2776,
    hosts: 1,
    accounts: [{ systemId: 'test', password: 'secret' }],
    tls: 'none',
    play: undefined,
    keep: 10_000,
    json: false,
    list: false,
    help: false,
  });
});

test.each([
  [['--port', '4000'], 4001],
  [['--port', '0'], 0],
  [['--port', '65535'], 0],
  [['--port', '4000', '--http-port', '5000'], 5000],
])('with %j the port of the HTTP API is %i', (args, httpPort) => {
  expect(readOptions(args).httpPort).toBe(httpPort);
});

test('accounts have a password, which may be empty, and perhaps a limit', () => {
  expect(readOptions(['--account', 'a:b', '--account', 'c::2', '--account', 'd:e f']).accounts).toEqual([
    { systemId: 'a', password: 'b' },
    { systemId: 'c', password: '', maxBinds: 2 },
    { systemId: 'd', password: 'e f' },
  ]);
});

test('scenarios and options are put together', () => {
  expect(readOptions(['--scenario', 'slow,quirk-7', '--set', 'binds.limit=2']).play).toEqual({
    scenarios: ['slow', 'quirk-7'],
    change: { binds: { limit: 2 } },
  });
});

test.each([
  [['--port', 'abc'], '--port must be a whole number from 0 to 65535, got "abc"'],
  [['--http-port', '65536'], '--http-port must be a whole number from 0 to 65535, got "65536"'],
  [['--hosts', '0'], '--hosts must be a whole number from 1 to 100, got "0"'],
  [['--keep', '-1'], "Option '--keep' argument is ambiguous; --help shows the options"],
  [['--account', 'a:geheim:0'], 'MAX-BINDS of --account a must be a whole number from 1 to 1000000, got "0"'],
  [['--account', 'a:b', '--account', 'a:c'], '--account must be given once for each system_id, got "a" twice'],
  [['--account', ':geheim'], '--account must be ID:PASSWORD or ID:PASSWORD:MAX-BINDS, in ASCII'],
  [['--account', 'geheim'], '--account must be ID:PASSWORD or ID:PASSWORD:MAX-BINDS, in ASCII'],
  [['--account', 'a:gehéim'], '--account must be ID:PASSWORD or ID:PASSWORD:MAX-BINDS, in ASCII'],
  [['--tls', '--cert', 'a'], '--cert and --key need each other, and --tls'],
  [['--cert', 'a', '--key', 'b'], '--cert and --key need each other, and --tls'],
  [['--tls', '--cert', '', '--key', 'b'], '--cert must not be empty'],
  [['--prot', '1'], "Unknown option '--prot'; --help shows the options"],
  [['throttle'], "Unexpected argument 'throttle'"],
])('%j is refused', (args, message) => {
  expect(() => readOptions(args)).toThrow(StartError);
  expect(() => readOptions(args)).toThrow(message);
});
