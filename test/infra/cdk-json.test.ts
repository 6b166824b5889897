import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const settings = JSON.parse(readFileSync(join(__dirname, '../../cdk.json'), 'utf8'));

/** What a line of cdk.json decides, and nothing else would notice when it goes. */

test('the app runs as it is, without a build', () => {
  expect(settings.app).toBe('node infra/app.ts');
});

test('the CLI calls nobody: no notices, no report of versions, no telemetry', () => {
  expect(settings).toMatchObject({ notices: false, versionReporting: false, context: { 'cli-telemetry': false } });
});

test('what AWS’s own validator finds ends the synthesis', () => {
  expect(settings.context['@aws-cdk/core:validateAgainstDefaultRules']).toBe(true);
});
