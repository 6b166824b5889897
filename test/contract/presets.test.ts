import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { carrierProfile } from '#contract/carrier.ts';
import { optionsOf, optionWithin } from '#contract/config/options.ts';
import { parseGatewayConfig } from '#contract/gateway-config.ts';
import { presetPages } from '#contract/presets/page.ts';
import { presetNames, presetOptions, presets, withPreset } from '#contract/presets.ts';
import { configOf, faultsOfConfig } from '../support/config-file.ts';

const folder = join(__dirname, '../../docs/carriers');

function parsed(carrier: object) {
  const [first] = parseGatewayConfig(
    JSON.stringify({ carriers: [{ name: 'acme', systemId: 'me', ...carrier }] }),
  ).carriers;
  if (first === undefined) throw new Error('a config has a carrier');
  return first;
}

const host = { host: 'smsc.example.com' };

test('the presets are those that were promised', () => {
  expect(presetNames).toEqual([
    'vonage',
    'infobip',
    'sinch',
    'clicksend',
    'smsportal',
    'gatewayapi',
    'twilio',
    'kannel',
    'jasmin',
  ]);
});

describe.each(presetNames)('the preset %s', (name) => {
  const { values } = presets[name];

  test('has for each value an address, a day, what is said there, and an option that there is', () => {
    expect(values.length).toBeGreaterThan(0);
    for (const { option, source, retrieved, says } of values) {
      expect(new URL(source).protocol).toBe('https:');
      expect(retrieved).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(says).not.toBe('');
      const path = option.split('.');
      const found = path.reduce<ReturnType<typeof optionsOf> | undefined>(
        (within, key) => within && optionWithin(within, key),
        optionsOf(carrierProfile),
      );
      expect([option, found === undefined]).toEqual([option, false]);
    }
  });

  test('has no option twice', () => {
    expect(new Set(values.map(({ option }) => option)).size).toBe(values.length);
  });

  test('is no fault in a config, with hosts or, where it has them, without', () => {
    const hosts = values.some(({ option }) => option === 'hosts') ? {} : { hosts: [host] };
    expect(faultsOfConfig(configOf({ carriers: [{ name: 'acme', systemId: 'me', preset: name, ...hosts }] }))).toEqual(
      [],
    );
  });

  test('gives a carrier exactly what its options would', () => {
    const own = { hosts: [host], name: 'acme', systemId: 'me' };
    expect(parsed({ ...own, preset: name })).toEqual(carrierProfile.parse({ ...presetOptions(name), ...own }));
  });

  test('says on its page that it never met the live SMSC', () => {
    expect(presetPages().get(`${name}.md`)).toContain('never met the live SMSC');
  });
});

test('docs/carriers/ has the presets as they are now (npm run docs)', () => {
  expect(readdirSync(folder).sort()).toEqual([...presetPages().keys()].sort());
  for (const [file, page] of presetPages()) expect(readFileSync(join(folder, file), 'utf8')).toBe(page);
});

describe('beside a preset', () => {
  test('the rest of a carrier keeps its defaults', () => {
    const usual = parsed({ hosts: [host] });
    expect(parsed({ preset: 'twilio', hosts: [host] })).toEqual({
      ...usual,
      tls: true,
      enquireLink: { ...usual.enquireLink, idleMs: 60_000 },
    });
  });

  test("a group of options is merged with the carrier's own", () => {
    const { enquireLink } = parsed({ preset: 'clicksend', enquireLink: { timeoutMs: 5_000 } });
    expect(enquireLink).toEqual({ idleMs: 30_000, timeoutMs: 5_000 });
  });

  test("a list of the carrier's own stands instead", () => {
    expect(parsed({ preset: 'clicksend', hosts: [host] }).hosts).toEqual([{ ...host, port: 2775 }]);
  });

  test('a value of another kind stands instead, also where it is a fault', () => {
    expect(parsed({ preset: 'infobip', tls: false }).tls).toBe(false);
    const carriers = [{ name: 'acme', systemId: 'me', preset: 'clicksend', enquireLink: 30 }];
    expect(faultsOfConfig(configOf({ carriers }))).toEqual(['carriers[0].enquireLink: must be an object, got 30']);
  });

  test('a fault is told where the carrier has it', () => {
    const carriers = [{ name: 'acme', systemId: 'me', preset: 'clicksend', window: 0, enquireLink: { timeoutMs: 0 } }];
    expect(faultsOfConfig(configOf({ carriers }))).toEqual([
      'carriers[0].window: must be a whole number from 1 to 1000, got 0',
      'carriers[0].enquireLink.timeoutMs: must be a whole number from 1 to 3600000, got 0',
    ]);
  });

  test('a rule holds for both together', () => {
    const carriers = [{ name: 'acme', systemId: 'me', preset: 'vonage', hosts: [host], binds: 50 }];
    expect(faultsOfConfig(configOf({ carriers }))).toEqual([
      'carriers[0].messagesPerSecond: must be at least binds, which is 50: each bind has its share of it, got 30',
    ]);
  });
});

test.each(['vonnage', '', 7, 'constructor', '__proto__'])(
  'a preset that there is not is told with those that there are: %p',
  (preset) => {
    const carriers = [{ name: 'acme', systemId: 'me', hosts: [host], preset }];
    expect(faultsOfConfig(configOf({ carriers }))).toEqual([
      `carriers[0].preset: must be one of ${presetNames.map((name) => `"${name}"`).join(', ')}, got ${JSON.stringify(preset)}`,
    ]);
  },
);

test('what is no carrier stays as it is', () => {
  for (const other of [null, 7, 'vonage', ['vonage'], { preset: 'other' }]) expect(withPreset(other)).toEqual(other);
});
