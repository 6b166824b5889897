import type { BrokenRule } from './rules.ts';
import { entriesAt, type Path, pathText, valueAt } from './tree.ts';

/** The options of a carrier of which each entry must say something else than those before it, by the name of the rule. */
export const saidOnce: Readonly<Record<string, (config: unknown, carrier: Path) => readonly BrokenRule[]>> = {
  'an alphabet has one data_coding': ofEntries(['text', 'encodings'], 'alphabet'),
  'a data_coding means one alphabet': ofEntries(['text', 'receivedEncodings'], 'dataCoding'),
  'a language is named once': (config, carrier) =>
    once(config, entriesAt(config, [...carrier, 'text', 'nationalLanguages'])),
  'a character is replaced by one text': ofEntries(['text', 'replacements'], 'character'),
  'a word of a receipt means one state': ofLists(['receipts', 'statuses'], 'stats', lowerCase),
  'an error code has one class': ofLists(['receipts', 'errors'], 'codes', lowerCase),
  'a way to tell a receipt is named once': (config, carrier) =>
    once(config, entriesAt(config, [...carrier, 'receipts', 'detect'])),
  'a tag has one name': (config, carrier) => {
    const tlvs = valueAt(config, [...carrier, 'tlvs']);
    const names = typeof tlvs === 'object' && tlvs !== null ? Object.keys(tlvs) : [];
    return once(
      config,
      names.map((name) => [...carrier, 'tlvs', name, 'tag']),
      numberOf,
    );
  },
};

function ofEntries(list: Path, field: string) {
  return (config: unknown, carrier: Path) =>
    once(
      config,
      entriesAt(config, [...carrier, ...list]).map((entry) => [...entry, field]),
    );
}

function ofLists(list: Path, field: string, same: (value: unknown) => unknown) {
  return (config: unknown, carrier: Path) =>
    once(
      config,
      entriesAt(config, [...carrier, ...list]).flatMap((entry) => entriesAt(config, [...entry, field])),
      same,
    );
}

/** `same` maps what is the same to the same. What is missing is the schema's business. */
function once(config: unknown, paths: readonly Path[], same: (value: unknown) => unknown = (value) => value) {
  const first = new Map<unknown, Path>();
  return paths.flatMap((path) => {
    const value = valueAt(config, path);
    if (value === undefined) return [];
    const earlier = first.get(same(value));
    if (earlier !== undefined) return [{ path, demand: `must differ from ${pathText(earlier)}` }];
    first.set(same(value), path);
    return [];
  });
}

function lowerCase(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** "0x1400" is 5120. */
function numberOf(value: unknown): unknown {
  return typeof value === 'string' ? Number(value) : value;
}
