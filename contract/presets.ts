import { valueAt } from './config/tree.ts';
import { clicksend } from './presets/clicksend.ts';
import { gatewayapi } from './presets/gatewayapi.ts';
import { infobip } from './presets/infobip.ts';
import { jasmin } from './presets/jasmin.ts';
import { kannel } from './presets/kannel.ts';
import type { Preset } from './presets/preset.ts';
import { sinch } from './presets/sinch.ts';
import { smsportal } from './presets/smsportal.ts';
import { twilio } from './presets/twilio.ts';
import { vonage } from './presets/vonage.ts';

/** What is known of carriers, by the name that `"preset"` of a carrier in `gateway.config.json` has. */
export const presets = {
  vonage,
  infobip,
  sinch,
  clicksend,
  smsportal,
  gatewayapi,
  twilio,
  kannel,
  jasmin,
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof presets;

export const presetNames = Object.keys(presets) as [PresetName, ...PresetName[]];

type Fields = Readonly<Record<string, unknown>>;

/** The options of a preset, as a user would write them. */
export function presetOptions(name: PresetName): Fields {
  return presets[name].values.reduce<Fields>((options, { option, value }) => {
    const nested = option.split('.').reduceRight<unknown>((within, key) => ({ [key]: within }), value);
    return beneath(nested as Fields, options);
  }, {});
}

/**
 * A carrier with what its `preset` says put under it: what the carrier says itself stays, lists as they are. Names of
 * presets that there are not are left for the schema to tell of.
 */
export function withPreset(carrier: unknown): unknown {
  const name = valueAt(carrier, ['preset']);
  if (!isFields(carrier) || !isPresetName(name)) return carrier;
  const { preset: _, ...own } = carrier;
  return beneath(presetOptions(name), own);
}

/** A config in which each carrier has what its preset says; anything that is no config stays as it is. */
export function withPresets(config: unknown): unknown {
  if (!isFields(config) || !Array.isArray(config.carriers)) return config;
  return { ...config, carriers: config.carriers.map(withPreset) };
}

function isPresetName(name: unknown): name is PresetName {
  return typeof name === 'string' && Object.hasOwn(presets, name);
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Objects are merged key by key, those of `upper` first, so that faults are told in the order of the file. */
function beneath(lower: Fields, upper: Fields): Fields {
  const merged: Record<string, unknown> = { ...upper };
  for (const [key, under] of Object.entries(lower)) {
    const over = Object.hasOwn(upper, key) ? upper[key] : undefined;
    if (over === undefined) merged[key] = under;
    else if (isFields(over) && isFields(under)) merged[key] = beneath(under, over);
  }
  return merged;
}
