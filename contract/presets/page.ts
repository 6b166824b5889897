import { markdown } from '../config/docs.ts';
import { type PresetName, presetNames, presets } from '../presets.ts';

/** `docs/carriers/`: a page of each preset, and one that names them all. */
export function presetPages(): ReadonlyMap<string, string> {
  const pages = presetNames.map((name) => [`${name}.md`, pageOf(name)] as const);
  return new Map([['README.md', overview()], ...pages]);
}

const written = '<!-- Written by `npm run docs` from contract/presets/. -->';

function overview(): string {
  const rows = presetNames.map((name) => [
    `[${presets[name].title}](${name}.md)`,
    `\`"preset": "${name}"\``,
    presets[name].values.map(({ option }) => `\`${option}\``).join(', '),
  ]);
  return page([
    '# Carriers',
    written,
    'What public documents state of carriers and servers, as presets: `"preset": "vonage"` in a carrier of `gateway.config.json` makes it the default of the other options. What the carrier says itself goes before it: groups of options are merged, lists replaced. Nothing that no public source states is in a preset, and none of them ever met the live SMSC: what your account was told counts.',
    markdown(['carrier', 'in `gateway.config.json`', 'options that it sets'], rows),
  ]);
}

function pageOf(name: PresetName): string {
  const { title, values, notes } = presets[name];
  const rows = values.map(({ option, value, source, retrieved, says }) => [
    `\`${option}\``,
    `\`${JSON.stringify(value)}\``,
    says,
    `[${new URL(source).hostname}](${source}), ${retrieved}`,
  ]);
  return page([
    `# ${title}`,
    written,
    `\`"preset": "${name}"\` sets what stands below; every other option keeps its default. It was made from public documents and **never met the live SMSC**: where your account was told something else, say that beside it.`,
    markdown(['option', 'value', 'what the source says', 'source, and when it was read'], rows),
    '## Also stated, and not set',
    notes.map((note) => `- ${note}`).join('\n'),
  ]);
}

function page(blocks: readonly string[]): string {
  return `${blocks.join('\n\n')}\n`;
}
