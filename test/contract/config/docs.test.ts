import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import * as z from 'zod';
import { withTables } from '#contract/config/docs.ts';
import { configJsonSchema } from '#contract/config/json-schema.ts';
import { fieldsOf, type Option, optionsOf } from '#contract/config/options.ts';
import { gatewayConfig, parseGatewayConfig } from '#contract/gateway-config.ts';
import { carrierOf, configOf } from '../../support/config-file.ts';

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
  const page = fileAt('docs/configuration.md');
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
  ])('%s is wrong', (_, config) => {
    expect(isGood(config)).toBe(false);
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
