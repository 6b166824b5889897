import { defaultAccount } from '../../local/smsc-options.ts';
import { eventLine, playingLine, terminalSmscReporter } from '../../local/smsc-reporter.ts';

const now = () => new Date(2026, 10, 23, 4, 44, 28);
const facts = {
  smppPort: 2775,
  smppPorts: [2775],
  httpUrl: 'http://127.0.0.1:2776',
  accounts: [defaultAccount],
  tls: false,
  playing: { scenarios: ['standard'], change: {} },
};

/** What a person sees, line by line. */
function terminal() {
  const lines: string[] = [];
  return { lines, reporter: terminalSmscReporter((text) => lines.push(...text.split('\n')), false, now) };
}

test('the banner says where, who, and what is played', () => {
  const { lines, reporter } = terminal();
  reporter.ready(facts);
  expect(lines).toEqual(
    expect.arrayContaining([
      '  SMPP       127.0.0.1:2775',
      '  HTTP       http://127.0.0.1:2776',
      '  account    test, password secret',
      '  plays      standard',
      '     npm run scenario -- --url http://127.0.0.1:2776 throttle',
    ]),
  );
});

test('the banner has every host, the CA and the accounts, without a password of yours', () => {
  const { lines, reporter } = terminal();
  const accounts = [
    { systemId: 'a', password: 'geheim' },
    { systemId: 'b', password: 'geheim', maxBinds: 2 },
  ];
  const playing = { scenarios: ['slow', 'quirk-7'], change: { binds: { limit: 2 } } };
  reporter.ready({ ...facts, smppPorts: [2775, 40_001], tls: true, caFile: '/tmp/ca.pem', accounts, playing });
  expect(lines).toEqual(
    expect.arrayContaining([
      '  SMPP       127.0.0.1:2775, 127.0.0.1:40001 (TLS)',
      '  CA         /tmp/ca.pem',
      '  accounts   a, b (at most 2 binds)',
      '  plays      slow, quirk-7 with {"binds":{"limit":2}}',
    ]),
  );
  expect(lines.join('\n')).not.toContain('geheim');
});

test('what happens to sessions is a line each, in which strangers cannot move the cursor', () => {
  const { lines, reporter } = terminal();
  const command = 'bind_receiver';
  reporter.log(eventLine({ kind: 'bound', session: 1, command, systemId: 'test' }));
  reporter.log(eventLine({ kind: 'bind-refused', session: 2, command, systemId: 'a\x1b[2J', status: 0x0d }));
  reporter.log(eventLine({ kind: 'refused', session: 3, command: 'submit_sm', status: 0x04 }));
  reporter.log(eventLine({ kind: 'ended', session: 1, systemId: 'test' }));
  reporter.log(playingLine({ scenarios: ['slow'], change: { binds: { limit: 2 } } }));
  expect(lines.filter((line) => line !== '')).toEqual([
    '04:44:28  ·  bound  session 1, command bind_receiver, systemId test',
    '04:44:28  ·  bind refused  session 2, command bind_receiver, systemId a·[2J, status ESME_RBINDFAIL',
    '04:44:28  ·  refused  session 3, command submit_sm, status ESME_RINVBNDSTS',
    '04:44:28  ·  ended  session 1, systemId test',
    '04:44:28  ·  plays  scenarios ["slow"], change {"binds":{"limit":2}}',
  ]);
});
