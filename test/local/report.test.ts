import type { Happening } from '../../local/happening.ts';
import type { LogLine } from '../../local/log.ts';
import { jsonReporter, terminalReporter } from '../../local/report.ts';
import { masked } from '../../local/terminal.ts';

const now = () => new Date(2026, 10, 23, 4, 44, 28);
const plain = { colour: false, reveal: true };
const facts = {
  apiUrl: 'http://127.0.0.1:8025',
  apiKey: 'local-key',
  inboundTopicArn: 'arn:inbound',
  statusTopicArn: 'arn:status',
  awsEndpoint: 'http://127.0.0.1:8026',
  region: 'eu-west-1',
  carriers: ['simulator'],
  simulated: true,
};

function happening(more: Partial<Happening> = {}): Happening {
  return { id: '1', direction: 'out', number: '+447700900123', status: 'queued', detail: 'gsm7, 1 segment', ...more };
}

function log(level: LogLine['level'], message: string, fields: LogLine['fields'] = {}): LogLine {
  return { level, message, fields };
}

/** What a person sees, line by line. */
function terminal(style = plain) {
  const lines: string[] = [];
  return { lines, reporter: terminalReporter((text) => lines.push(...text.trimEnd().split('\n')), style, now) };
}

describe('in the terminal', () => {
  test('a message that happens is one line', () => {
    const { lines, reporter } = terminal();
    reporter.happened(happening({ text: 'Hello\nthere' }));
    reporter.happened(happening({ direction: 'in', status: 'received', detail: 'to 12345' }));
    expect(lines).toEqual([
      '04:44:28  →  +447700900123     queued       gsm7, 1 segment  "Hello there"',
      '04:44:28  ←  +447700900123     received     to 12345',
    ]);
  });

  test('words of strangers cannot move the cursor, ring, break the line or turn it round', () => {
    const { lines, reporter } = terminal();
    reporter.happened(happening({ number: '1\n2', detail: 'stat \x1b]0;title\x07', text: 'a\x1b[2Jb\u202ec 👩‍🚀' }));
    reporter.log(log('WARN', 'unbound', { reason: 'x\r\ny' }));
    expect(lines).toEqual([
      '04:44:28  →  1·2               queued       stat ·]0;title·  "a·[2Jb·c 👩‍🚀"',
      '04:44:28  ·  unbound  x··y',
    ]);
  });

  test('numbers are masked and texts hidden unless they are revealed', () => {
    const { lines, reporter } = terminal({ colour: false, reveal: false });
    reporter.happened(happening({ text: 'Hello' }));
    expect(lines).toEqual(['04:44:28  →  +44•••••••123     queued       gsm7, 1 segment']);
  });

  test('colours are there only when they are wanted', () => {
    const { lines, reporter } = terminal({ colour: true, reveal: true });
    reporter.happened(happening());
    expect(lines.join()).toContain('\u001b[90mqueued');
  });

  test('of the log, only what needs attention is shown, and the bind', () => {
    const { lines, reporter } = terminal();
    reporter.log(log('DEBUG', 'a'));
    reporter.log(log('INFO', 'b'));
    reporter.log(log('INFO', 'bound', { carrier: 'acme', host: 'smsc', port: 2775 }));
    reporter.log(log('WARN', 'unbound', { carrier: 'acme', reason: 'peer-silent' }));
    reporter.log(log('ERROR', 'settle-due failed', { error: { message: 'boom' } }));
    expect(lines).toEqual([
      '04:44:28  ·  acme bound  smsc:2775',
      '04:44:28  ·  acme unbound  peer-silent',
      '04:44:28  ·  settle-due failed  boom',
    ]);
  });

  test('of a pair it is told which of the two is bound, for they may have one host', () => {
    const { lines, reporter } = terminal();
    reporter.log(log('INFO', 'bound', { carrier: 'acme', role: 'transmitter', host: 'smsc', port: 2775 }));
    reporter.log(log('WARN', 'unbound', { carrier: 'acme', role: 'receiver', host: 'smsc', port: 2775, reason: 'x' }));
    reporter.log(log('INFO', 'bound', { carrier: 'other', role: 'transceiver', host: 'smsc', port: 2775 }));
    expect(lines).toEqual([
      '04:44:28  ·  acme bound  transmitter, smsc:2775',
      '04:44:28  ·  acme unbound  receiver, smsc:2775, x',
      '04:44:28  ·  other bound  smsc:2775',
    ]);
  });

  test('a log line that repeats is shown once', () => {
    const { lines, reporter } = terminal();
    for (const _ of [1, 2, 3]) reporter.log(log('WARN', 'unbound', { reason: 'ECONNREFUSED' }));
    expect(lines).toHaveLength(1);
  });

  test('the banner says where all is, and two commands to try', () => {
    const { lines, reporter } = terminal();
    reporter.ready(facts);
    const text = lines.join('\n');
    for (const fact of [facts.apiKey, facts.inboundTopicArn, facts.statusTopicArn, facts.awsEndpoint]) {
      expect(text).toContain(fact);
    }
    expect(text).toContain('curl -s http://127.0.0.1:8025/v1/messages');
    expect(text).toContain('npm run handset -- --from');
  });

  test('the banner names another port in the command for a handset', () => {
    const { lines, reporter } = terminal();
    reporter.ready({ ...facts, apiUrl: 'http://127.0.0.1:9000' });
    expect(lines.join('\n')).toContain('npm run handset -- --port 9000 ');
  });

  test('the banner offers no handset where there is no simulator', () => {
    const { lines, reporter } = terminal();
    reporter.ready({ ...facts, simulated: false, carriers: ['acme', 'other'] });
    expect(lines.join('\n')).toContain('acme, other');
    expect(lines.join('\n')).not.toContain('npm run handset');
  });
});

test('for a program, stdout has one line and stderr the rest, without text and number', () => {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const reporter = jsonReporter(
    (text) => stdout.push(text),
    (text) => stderr.push(text),
    now,
  );
  reporter.log(log('INFO', 'bound', { carrier: 'acme' }));
  reporter.ready(facts);
  reporter.happened(happening({ text: 'Hello' }));
  const { carriers, simulated, ...published } = facts;
  expect(stdout.map((line) => JSON.parse(line))).toEqual([published]);
  expect(stderr.map((line) => JSON.parse(line))).toMatchObject([
    { level: 'INFO', message: 'bound', carrier: 'acme' },
    { level: 'INFO', message: 'sms', status: 'queued' },
  ]);
  expect(stderr.join()).not.toMatch(/Hello|447700/);
});

test.each([
  ['+447700900123', '+44•••••••123'],
  ['12345', '•••••'],
  ['ACME-SHOP', 'ACM•••HOP'],
])('%s is masked as %s', (number, shown) => {
  expect(masked(number)).toBe(shown);
});
