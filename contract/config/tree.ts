/** Where something stands in a config file: `carriers`, 0, `window`. */
export type Path = readonly PropertyKey[];

/** What stands there; undefined where nothing does. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce(ownField, value);
}

function ownField(value: unknown, key: PropertyKey): unknown {
  const fields = Object(value) as Readonly<Record<PropertyKey, unknown>>;
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

/** The paths of the entries of the list that stands there; none where there is no list. */
export function entriesAt(value: unknown, path: Path): Path[] {
  const list = valueAt(value, path);
  return Array.isArray(list) ? list.map((_, index) => [...path, index]) : [];
}

/** `carriers[0].window` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}
