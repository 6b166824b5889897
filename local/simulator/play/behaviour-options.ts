import { fieldsOf, type Option, optionsOf } from '#contract/config/options.ts';
import { statusName } from '../command-status.ts';
import { behaviourSchema } from './behaviour.ts';

/** What can be set about the behaviour, for people. */
export interface BehaviourOption {
  /** `submits.perSecond` */
  readonly path: string;
  readonly what: string;
  readonly allowed: string;
  /** What a friendly SMSC does, as it is written in a change; undefined for what it leaves out. */
  readonly standard: unknown;
}

/** Every option, in the order of the schema; what takes an object or null is one. */
export function behaviourOptions(): readonly BehaviourOption[] {
  return optionsWithin(optionsOf(behaviourSchema), behaviourSchema.parse({}), '');
}

function optionsWithin(group: Option, standard: unknown, prefix: string): BehaviourOption[] {
  return [...fieldsOf(group)].flatMap(([key, option]) => {
    const path = `${prefix}${key}`;
    const value = valueAt(standard, key);
    if (option.properties !== undefined) return optionsWithin(option, value, `${path}.`);
    // What is said of a group is so of each within.
    const what = option.description ?? group.description ?? '';
    return [{ path, what, allowed: allowedBy(option), standard: asWritten(option, value) }];
  });
}

function valueAt(group: unknown, key: string): unknown {
  return typeof group === 'object' && group !== null && Object.hasOwn(group, key) ? Reflect.get(group, key) : undefined;
}

/** Names instead of the numbers of statuses, and one number for a delay that is always the same. */
function asWritten(option: Option, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => asWritten(option.items as Option, each));
  if (isStatus(option) && typeof value === 'number') return statusName(value);
  if (isDelay(option) && valueAt(value, 'min') === valueAt(value, 'max')) return valueAt(value, 'min');
  return value;
}

function isStatus({ anyOf = [] }: Option): boolean {
  return anyOf.some(({ maximum }) => maximum === 0xffff_ffff) && anyOf.some(({ type }) => type === 'string');
}

function isDelay({ anyOf = [] }: Option): boolean {
  return anyOf.some(({ properties }) => properties?.min !== undefined && properties.max !== undefined);
}

/** In words that continue "may be". */
function allowedBy(option: Option): string {
  if (typeof option.form === 'string') return option.form;
  if (isStatus(option)) return 'a command_status by name or number';
  if (isDelay(option)) return 'ms, or `{"min": ms, "max": ms}` for any between';
  if (option.anyOf !== undefined) return choiceOf(option.anyOf as Option[]);
  if (option.enum !== undefined) return option.enum.map(inCode).join(', ');
  if (option.const !== undefined) return inCode(option.const);
  switch (option.type) {
    case 'null':
      return inCode(null);
    case 'boolean':
      return '`true`, `false`';
    case 'integer':
    case 'number':
      return `${option.minimum} to ${option.maximum}`;
    case 'string':
      return `a string of at most ${option.maxLength} characters`;
    case 'array':
      return `a list, each ${allowedBy(option.items as Option)}`;
    default:
      return objectAllowedBy(option);
  }
}

/** `null` first: after an object it would be read as of its last field. */
function choiceOf(options: readonly Option[]): string {
  const isNull = ({ type }: Option) => type === 'null';
  return [...options.filter(isNull), ...options.filter((each) => !isNull(each))].map(allowedBy).join(', or ');
}

function objectAllowedBy(option: Option): string {
  if (option.additionalProperties instanceof Object) {
    const isOfTags = (option.propertyNames as Option | undefined)?.pattern !== undefined;
    const key = isOfTags ? '"0x1400"' : '"!"';
    return `an object such as \`{${key}: …}\`, each ${allowedBy(option.additionalProperties as Option)}`;
  }
  const fields = [...fieldsOf(option)].map(
    ([key, field]) => `${inCode(key)}${isNeeded(option, key)}: ${allowedBy(field)}`,
  );
  return `an object with ${fields.join('; ')}`;
}

function isNeeded({ required = [] }: Option, key: string): string {
  return required.includes(key) ? '' : ' (may be left out)';
}

function inCode(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}
