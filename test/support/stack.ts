import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { parseGatewayConfig } from '#contract/gateway-config.ts';
import { GatewayStack } from '../../infra/gateway-stack.ts';
import { configOf } from './config-file.ts';
import { type RawTemplate, Template } from './template.ts';

/** Read by the CDK: its own validation loads for four seconds, and CI runs it over the real app. */
process.env.CDK_VALIDATION = 'false';

const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));
/** With the flags of `cdk.json`, but nothing is bundled or copied: the template is the same, hashes apart. */
const testContext = { ...context, 'aws:cdk:bundling-stacks': [], 'aws:cdk:disable-asset-staging': true };

/** What `read` makes of the stack over `configOf(options)`, made as in `infra/gateway-app.ts`. */
export function readStack<Result>(options: object, read: (stack: GatewayStack) => Result): Result {
  const config = parseGatewayConfig(JSON.stringify(configOf(options)));
  const outdir = mkdtempSync(join(tmpdir(), 'test-synth-'));
  try {
    return read(new GatewayStack(new App({ context: testContext, outdir }), config.stackName, config));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Synthesized anew each time. */
export function synthesize(options: object = {}): RawTemplate {
  return readStack(options, (stack) => {
    const assembly = (stack.node.root as App).synth();
    return assembly.getStackArtifact(stack.artifactId).template as RawTemplate;
  });
}

const made = new Map<string, Template>();

/** What is deployed of `configOf(options)`, synthesized once for each config. */
export function templateOf(options: object = {}): Template {
  const key = JSON.stringify(options);
  const template = made.get(key) ?? new Template(synthesize(options));
  made.set(key, template);
  return template;
}

/** Without the hashes of code, which change with each line of it. */
export function maskAssets(template: RawTemplate): RawTemplate {
  return JSON.parse(JSON.stringify(template).replaceAll(/\b[0-9a-f]{64}\b/g, '<asset>'));
}
