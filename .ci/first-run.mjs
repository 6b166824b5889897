// Does what the README tells a new user, in its order, and looks at what comes out: `npm start`, each command of the
// sections "Send", "Receive" and "Let it misbehave", Ctrl-C. Needs the AWS CLI. Ports and ids in the README are replaced by this run's.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';

const readyWithinMs = 15_000;
const stopWithinMs = 5_000;

const startedAt = Date.now();
// A process group of its own, as a terminal gives it: Ctrl-C reaches npm and all that it started.
const gateway = spawn('npm', ['start', '--', '--port', '0'], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
let output = '';
gateway.stdout.on('data', (chunk) => {
  output += chunk;
});

try {
  await shown(/Send one:[\s\S]*npm run handset/, readyWithinMs);
  say(`ready after ${Date.now() - startedAt} ms`);
  const [, apiPort] = /API +http:\/\/127\.0\.0\.1:(\d+)/.exec(output);
  const [, awsPort] = /AWS endpoint +http:\/\/127\.0\.0\.1:(\d+)/.exec(output);
  const adapt = (text) =>
    text
      .replaceAll('8025', apiPort)
      .replaceAll('8026', awsPort)
      .replace(/npm run (handset|scenario) --/g, `$& --port ${apiPort}`);

  const [send, get, ...others] = blocks('### Send').map(adapt);
  const accepted = JSON.parse(run(send));
  expect(accepted.status === 'queued', 'the POST is answered with a queued message', accepted);
  await shown(/delivered +by simulator/, 5_000);
  const message = JSON.parse(run(get.replace(/[0-9a-f-]{36}/, accepted.id)));
  expect(message.status === 'delivered', 'GET shows it delivered', message);
  for (const block of others) expect(JSON.parse(run(block)).segments >= 1, 'a preview counts segments', block);

  for (const block of blocks('### Receive').map(adapt)) {
    const printed = run(block);
    if (block.includes('npm run handset')) {
      expect(/ESME_ROK/.test(printed), 'the SMSC got ESME_ROK for what the handset sent', printed);
    }
    if (block.includes('/v1/inbound')) expect(JSON.parse(printed).messages.length === 2, 'both are listed', printed);
    if (block.includes('receive-message')) expect(/"sms\.received"/.test(printed), 'the subscriber gets it', printed);
  }

  const [switches] = blocks('### Let it misbehave').map(adapt);
  const played = run(switches);
  expect(/plays throttle with .*plays quirk-7\n.*plays standard\n/s.test(played), 'each scenario is played', played);

  const stoppedAt = Date.now();
  process.kill(-gateway.pid, 'SIGINT');
  await Promise.race([once(gateway, 'exit'), after(stopWithinMs, undefined, { ref: false })]);
  expect(gateway.exitCode !== null || gateway.signalCode !== null, `Ctrl-C ends it within ${stopWithinMs} ms`, output);
  say(`stopped after ${Date.now() - stoppedAt} ms`);
  for (const port of [apiPort, awsPort]) expect(!(await listens(Number(port))), 'nothing listens any more', port);
} finally {
  try {
    process.kill(-gateway.pid, 'SIGKILL');
  } catch {
    // It has ended, as it should.
  }
}

/** The shell blocks of one section of the README. */
function blocks(heading) {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const section = readme.slice(readme.indexOf(heading)).split(/\n##+ /)[0] ?? '';
  return [...section.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, commands]) => commands);
}

function run(commands) {
  say(commands.trim());
  return execFileSync('bash', ['-euo', 'pipefail', '-c', commands], { encoding: 'utf8', timeout: 60_000 });
}

async function shown(pattern, withinMs) {
  for (const until = Date.now() + withinMs; !pattern.test(output); await after(50)) {
    expect(Date.now() < until && gateway.exitCode === null, `${pattern} within ${withinMs} ms`, output);
  }
}

async function listens(port) {
  const socket = connect(port, '127.0.0.1');
  const connected = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'close').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return connected;
}

function expect(holds, what, got) {
  if (holds) return;
  throw new Error(`expected: ${what}\ngot: ${typeof got === 'string' ? got : JSON.stringify(got)}`);
}

function say(text) {
  console.log(text);
}
