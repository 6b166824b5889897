import { parseGatewayConfig } from '#contract/gateway-config.ts';
import { faultsOf } from '../support/faults.ts';

function carrier(name: string) {
  return { name, hosts: [{ host: 'smsc.example.com' }], systemId: 'gateway', password: { file: 'password' } };
}

function parse(config: unknown) {
  return parseGatewayConfig(JSON.stringify(config));
}

test('carriers keep their order and get their defaults', () => {
  const { carriers } = parse({ $schema: './schema.json', carriers: [carrier('b'), carrier('a')] });
  expect(carriers).toMatchObject([
    { name: 'b', window: 10 },
    { name: 'a', window: 10 },
  ]);
});

test('a name that is used twice is refused at its second place', () => {
  expect(faultsOf(() => parse({ carriers: [carrier('a'), carrier('b'), carrier('a')] }))).toEqual([
    expect.stringMatching(/^carriers\.2\.name: .*"a"/),
  ]);
});

test.each([
  ['no carrier', { carriers: [] }],
  ['nothing', {}],
  ['an unknown setting', { carriers: [carrier('a')], carrier: 'a' }],
])('a config of %s is refused', (_, config) => {
  expect(faultsOf(() => parse(config))).toHaveLength(1);
});
