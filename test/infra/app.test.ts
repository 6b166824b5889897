import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { carrierOf, configOf, faultsOfConfig } from '../support/config-file.ts';

/** What `cdk synth` and `cdk deploy` run, in a process of its own: once, for it takes a second to load. */

const tenFaults = configOf({
  stackName: '1st',
  auth: 'none',
  requestsPerSecond: 0,
  burst: 1.5,
  maxSegments: 256,
  logRetentionDays: 2,
  encryptionKeyArn: 'alias/mine',
  egress: 'carrier-pigeon',
  colour: 'red',
  carriers: [carrierOf({ binds: 0 })],
});

const folder = mkdtempSync(join(tmpdir(), 'infra-app-'));
const out = join(folder, 'cdk.out');
const config = join(folder, 'gateway.config.json');
writeFileSync(config, JSON.stringify(tenFaults));

const { status, stdout, stderr } = spawnSync(process.execPath, ['infra/app.ts'], {
  cwd: join(__dirname, '..', '..'),
  encoding: 'utf8',
  env: { PATH: process.env.PATH, CDK_OUTDIR: out, CDK_CONTEXT_JSON: JSON.stringify({ config }) },
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('over a config with ten faults the app', () => {
  const faults = faultsOfConfig(tenFaults);

  test('tells each of them', () => {
    expect(faults).toHaveLength(10);
    expect(stderr.split('\n').map((line) => line.trim())).toEqual([expect.stringContaining(config), ...faults, '']);
  });

  test('fails, so that the CLI does', () => {
    expect(status).toBe(1);
  });

  test('prints no stack trace, which would hide them', () => {
    expect(stderr).not.toMatch(/^ +at /m);
  });

  test('leaves nothing that could be deployed', () => {
    expect(readdirSync(out)).toEqual([]);
  });

  test('prints nothing else', () => {
    expect(stdout).toBe('');
  });
});
