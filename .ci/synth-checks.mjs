// The synthesis as a user runs it, and every static check of its result. Prints one line per check; exits 1 when one failed.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'synth-checks-'));
const longestMs = 30_000;
/** Added by the CDK itself for a role with a policy, and without effect. */
const cfnLintIgnored = 'W3005';

const configs = {
  'gateway.config.json': join(root, 'gateway.config.json'),
  ...Object.fromEntries(readdirSync(join(root, '.ci/configs')).map((file) => [file, join(root, '.ci/configs', file)])),
};

/** As on a machine that has never heard of AWS: no credentials, no profile. */
function environment(extra = {}) {
  const { PATH, TMPDIR } = process.env;
  return { PATH, ...(TMPDIR && { TMPDIR }), HOME: work, npm_config_update_notifier: 'false', ...extra };
}

let failed = 0;
function report(name, faults) {
  console.log(`${faults.length === 0 ? 'ok  ' : 'FAIL'} ${name}`);
  for (const fault of faults) console.log(`       ${fault}`);
  if (faults.length > 0) failed += 1;
}

function synth({ directory = root, config, output, app, env = {}, offline = false }) {
  const cdk = [
    'npx',
    'cdk',
    'synth',
    '--quiet',
    '-c',
    `config=${config}`,
    '-o',
    output,
    ...(app ? ['--app', app] : []),
  ];
  // A network namespace of its own has no network at all, not even loopback.
  const [command, ...args] = offline ? ['unshare', '--net', ...cdk] : cdk;
  const startedAt = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: directory,
    env: environment(env),
    encoding: 'utf8',
  });
  return { status, ms: performance.now() - startedAt, said: `${stdout}${stderr}` };
}

function lastLines(text) {
  return text.trimEnd().split('\n').slice(-15);
}

function checkSynth() {
  const calls = join(work, 'calls.log');
  const env = { NODE_OPTIONS: `--require ${join(import.meta.dirname, 'record-calls.cjs')}`, RECORD_CALLS: calls };
  const config = configs['gateway.config.json'];
  const first = synth({ config, output: join(work, 'first'), env });
  report('cdk synth without credentials', first.status === 0 ? [] : lastLines(first.said));
  // The fastest of three: on a machine that others use, too, one says little.
  const times = [first.ms];
  while (Math.min(...times) > longestMs && times.length < 3)
    times.push(synth({ config, output: join(work, 'again') }).ms);
  const fastest = Math.min(...times);
  report(
    `cdk synth takes ${(fastest / 1_000).toFixed(1)} s, at most ${longestMs / 1_000}`,
    fastest <= longestMs ? [] : ['too long'],
  );
  const called = readdirSync(work).includes('calls.log') ? readFileSync(calls, 'utf8').trimEnd().split('\n') : [];
  report('cdk synth calls nobody (no telemetry, no notices)', called);

  if (spawnSync('unshare', ['--net', 'true']).status === 0) {
    const offline = synth({ config, output: join(work, 'offline'), offline: true });
    report('cdk synth without any network', offline.status === 0 ? [] : lastLines(offline.said));
  } else {
    console.log(
      '!!   NOT RUN: cdk synth without any network, for this user may not make a network namespace (needs root)',
    );
  }

  // Elsewhere, later: what is deployed must not depend on it.
  const copy = join(work, 'elsewhere/deeper');
  cpSync(root, copy, { recursive: true, filter: (path) => !/\/(node_modules|\.git|cdk\.out)$/.test(path) });
  // Not a link to the directory: paths in a bundle are those that the links lead to.
  spawnSync('cp', ['--archive', '--link', join(root, 'node_modules'), copy]);
  const second = synth({ directory: copy, config, output: join(work, 'second') });
  report('cdk synth in a copy elsewhere', second.status === 0 ? [] : lastLines(second.said));
  report('the two are the same, assets and all', differences(join(work, 'first'), join(work, 'second')));
}

/** Templates and asset manifests; the rest of an assembly has paths of the machine. */
function differences(one, other) {
  const files = readdirSync(one).filter((file) => /\.(template|assets)\.json$/.test(file));
  const read = (directory, file) => readFileSync(join(directory, file), 'utf8');
  return files.filter((file) => read(one, file) !== read(other, file)).map((file) => `${file} differs`);
}

function checkConfig(name, config) {
  const output = join(work, `checked-${name}`);
  const app = `node ${join(import.meta.dirname, 'checked-app.ts')}`;
  const { said } = synth({ config, output, app });
  report(`cdk-nag, cfn-guard and AWS's validator on ${name}`, findings(output) ?? lastLines(said));
  lint(name, output);
}

/** From the report: the exit status is 0 for some findings that the CLI calls errors. */
function findings(output) {
  let plugins;
  try {
    plugins = JSON.parse(readFileSync(join(output, 'validation-report.json'), 'utf8')).pluginReports;
  } catch {
    return undefined;
  }
  const expected = ['AwsSolutions', 'Serverless', 'cdk-validator-cfnguard'];
  const missing = expected.filter((plugin) => !plugins.some(({ pluginName }) => pluginName === plugin));
  const found = plugins.flatMap(({ pluginName, violations }) =>
    violations
      .filter(({ severity }) => severity !== 'info')
      .flatMap(({ ruleName, description, violatingConstructs }) =>
        violatingConstructs.map(({ constructPath }) => `${pluginName} ${ruleName} on ${constructPath}: ${description}`),
      ),
  );
  return [...missing.map((plugin) => `${plugin} was not run`), ...found];
}

function lint(name, output) {
  if (spawnSync('cfn-lint', ['--version']).status !== 0) {
    console.log(`!!   NOT RUN: cfn-lint on ${name} (pip install cfn-lint)`);
    return;
  }
  const templates = readdirSync(output).filter((file) => file.endsWith('.template.json'));
  const { status, stdout } = spawnSync('cfn-lint', ['--ignore-checks', cfnLintIgnored, '--', ...templates], {
    cwd: output,
    encoding: 'utf8',
  });
  report(`cfn-lint on ${name}`, status === 0 ? [] : lastLines(stdout));
}

try {
  checkSynth();
  for (const [name, config] of Object.entries(configs)) checkConfig(name, config);
} finally {
  rmSync(work, { recursive: true, force: true });
}
console.log(failed === 0 ? 'all checks passed' : `${failed} checks failed`);
process.exitCode = failed === 0 ? 0 : 1;
