import { readFileSync, writeFileSync } from 'node:fs';
import { maskAssets, synthesize } from '../../support/stack.ts';

/** Writes the template of the config of the version that `package.json` has. README.md says when. */

function read(path: string) {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}

const { version } = read('../../../package.json');
const template = maskAssets(synthesize(read(`${version}.config.json`)));
writeFileSync(new URL(`${version}.template.json`, import.meta.url), JSON.stringify(template, null, 2));
