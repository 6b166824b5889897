import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { rootCertificates } from 'node:tls';
import * as z from 'zod';
import { withTables } from '#contract/config/docs.ts';
import { configJsonSchema } from '#contract/config/json-schema.ts';
import { fieldsOf, type Option, optionsOf } from '#contract/config/options.ts';
import { gatewayConfig, parseGatewayConfig } from '#contract/gateway-config.ts';
import { carrierOf, configOf, faultsOfConfig } from '../../support/config-file.ts';

/** What users read of the options, which `npm run docs` writes, is what the schema says. */

const root = join(__dirname, '../../..');

function fileAt(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

const schemaFile = 'gateway.config.schema.json';

test(`${schemaFile} is what the schema is now (npm run docs)`, () => {
  expect(JSON.parse(fileAt(schemaFile))).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});

test('docs/configuration.md has every option as it is now (npm run docs)', () => {
  expect(page.match(/<!-- table: /g)).toHaveLength(3);
  expect(withTables(page)).toBe(page);
});

test('a table that there is not is refused', () => {
  expect(() => withTables('<!-- table: colours (npm run docs) -->\n<!-- end -->')).toThrow(RangeError);
});

describe('the example', () => {
  const example = parseGatewayConfig(fileAt('gateway.config.json'));

  test('is a config that can be deployed as it is', () => {
    expect(example.carriers.map(({ name, password }) => [name, password])).toEqual([['example', undefined]]);
  });

  test('names the JSON Schema beside it', () => {
    expect(relative(root, join(root, example.$schema ?? ''))).toBe(schemaFile);
  });
});

const page = fileAt('docs/configuration.md');

describe('of docs/configuration.md', () => {
  const examples = [...page.matchAll(/```json\n([^`]*)```/g)].map(([, json = '']) => json);
  const [certificate = ''] = rootCertificates;
  /** With a certificate where the page has the beginning of one. */
  const whole = (json: string) => json.replace(/"-----BEGIN CERTIFICATE-----.*…[^"]*"/, JSON.stringify(certificate));

  test.each(examples)('the example %# is a carrier as it may stand in a config', (json) => {
    expect(faultsOfConfig(configOf({ carriers: [JSON.parse(whole(json))] }))).toEqual([]);
  });

  test('the examples have TLS, a pair of binds and several hosts', () => {
    const options = new Set(examples.flatMap((json) => Object.keys(JSON.parse(json))));
    expect([...options]).toEqual(expect.arrayContaining(['tls', 'bindMode', 'receiver', 'reconnect']));
  });

  test('the command that prints a certificate prints what may stand in a config', async () => {
    const [, command = ''] = page.match(/```sh\n(node -p [^`]*)```/) ?? [];
    const folder = mkdtempSync(join(tmpdir(), 'docs-'));
    try {
      writeFileSync(join(folder, 'smsc-ca.pem'), `${rootCertificates.slice(0, 2).join('\r\n')}\r\n`);
      const printed = execFileSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
      expect(printed.trimEnd()).not.toContain('\n');
      expect(faultsOfConfig(configOf({ carriers: [carrierOf({ tls: { ca: JSON.parse(printed) } })] }))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('the faults are told so, here and in docs/deploy.md', () => {
    const told = `${page}${fileAt('docs/deploy.md')}`.match(/(?<=^\s*)carriers\[\d\].*: .*$/gm) ?? [];
    expect(told).toHaveLength(4 + 2);
    const carriers = [
      carrierOf({ name: 'example', bindz: 1, window: 0, systemId: undefined }),
      carrierOf({ name: 'example', systemId: undefined }),
    ];
    const faults = faultsOfConfig(configOf({ carriers }));
    const begins = (line: string) => faults.some((fault) => fault.startsWith(line.replace(/, …$/, '')));
    expect(told.filter((line) => !begins(line))).toEqual([]);
  });

  test('every link within the page leads to a section', () => {
    const sections = [...page.matchAll(/^## (.*)$/gm)].map(([, title = '']) => anchorOf(title));
    const links = [...`${page}${fileAt('docs/deploy.md')}`.matchAll(/configuration\.md#([\w-]+)/g)].map(([, to]) => to);
    expect(links).not.toEqual([]);
    expect(sections).toEqual(expect.arrayContaining(links));
  });

  test('every option that a section names is one', () => {
    const known = new Set(options.flatMap(([path]) => path.split('.')));
    const sections = page.slice(page.indexOf('## TLS'), page.indexOf('## Several carriers'));
    const named = [...sections.matchAll(/`([a-z]\w*(?:\.\w+)*)`/g)].map(([, name = '']) => name);
    const words = new Set(['bind_transmitter', 'bind_receiver']);
    const odd = named.filter((name) => !words.has(name) && name.split('.').some((part) => !known.has(part)));
    expect(odd).toEqual([]);
  });
});

/** As GitHub makes it of a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

/** Every option, at any depth, by its path. */
function everyOption(group: Option, prefix = ''): [string, Option][] {
  return [...fieldsOf(group)].flatMap(([key, option]) => [
    [`${prefix}${key}`, option] as [string, Option],
    ...everyOption((option.items ?? option) as Option, `${prefix}${key}.`),
  ]);
}

const options = everyOption(optionsOf(gatewayConfig));

test('every option is described, in sentences', () => {
  const bad = options.filter(([, { description = '' }]) => !/^\S.+\.$/.test(description));
  expect(bad.map(([path]) => path)).toEqual([]);
});

test('no option is described by a regular expression alone', () => {
  const all = options.flatMap(
    ([path, option]) =>
      [
        [path, option],
        [path, option.items ?? {}],
      ] as [string, Option][],
  );
  const bad = all.filter(([, { pattern, form }]) => pattern !== undefined && form === undefined);
  expect(bad.map(([path]) => path)).toEqual([]);
});

describe('for an editor', () => {
  const inEditor = z.fromJSONSchema(JSON.parse(JSON.stringify(configJsonSchema())));
  const isGood = (config: unknown) => inEditor.safeParse(config).success;

  test('the example is right', () => {
    expect(isGood(JSON.parse(fileAt('gateway.config.json')))).toBe(true);
  });

  test.each([
    ['a password in clear', configOf({ carriers: [carrierOf({ password: 'geheim' })] })],
    ['a password in an object', configOf({ carriers: [carrierOf({ password: { password: 'geheim' } })] })],
    ['no carrier', { carriers: [] }],
    ['a number out of its range', configOf({ carriers: [carrierOf({ window: 0 })] })],
    ['a key that is not known', configOf({ colour: 'red' })],
    ['TLS that is neither on nor off', configOf({ carriers: [carrierOf({ tls: 'yes' })] })],
    ['a key in TLS that is not known', configOf({ carriers: [carrierOf({ tls: { sni: 'a' } })] })],
    ['a private key in TLS', configOf({ carriers: [carrierOf({ tls: { clientCertificate: '-----BEGIN' } })] })],
    ['a name of a file as who may sign', configOf({ carriers: [carrierOf({ tls: { ca: 'ca.pem' } })] })],
  ])('%s is wrong', (_, config) => {
    expect(isGood(config)).toBe(false);
  });

  test.each([
    ['TLS', configOf({ carriers: [carrierOf({ tls: true })] })],
    ['TLS with who may sign', configOf({ carriers: [carrierOf({ tls: { ca: rootCertificates[0] } })] })],
  ])('%s is right', (_, config) => {
    expect(isGood(config)).toBe(true);
  });

  test('an option shows its default, its limits and what it is', () => {
    expect(configJsonSchema()).toHaveProperty('properties.requestsPerSecond', {
      type: 'integer',
      minimum: 1,
      maximum: 10_000,
      default: 100,
      description: expect.any(String),
    });
  });
});
