import { gatewayConfig } from '../gateway-config.ts';
import { allowedBy, fieldsOf, type Option, optionsOf, valuesOf } from './options.ts';
import { taskCpus, taskSizes } from './task-sizes.ts';

/** A page with its tables as they must be now, by default those of `docs/configuration.md`: what stands between a pair of markers is replaced. */
export function withTables(page: string, tables: ReadonlyMap<string, string> = configTables()): string {
  return page.replace(
    /(<!-- table: ([\w ]+) \(.*\) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, begin: string, name: string, end: string) => {
      const table = tables.get(name);
      if (table === undefined) throw new RangeError(`the table must be one of ${[...tables.keys()]}, got ${name}`);
      return `${begin}\n${table}\n\n${end}`;
    },
  );
}

const ofCarriers = 'carriers[].';

function configTables(): ReadonlyMap<string, string> {
  const rows = rowsOf(optionsOf(gatewayConfig), '');
  const head = ['option', 'what it is', 'must be', 'default'];
  const sizes = taskCpus.map((cpu) => [`${cpu}`, taskSizes[cpu].join(', ')]);
  return new Map([
    ['gateway', markdown(head, rows.filter(({ path }) => !path.startsWith(ofCarriers)).map(cellsOf))],
    ['carrier', markdown(head, rows.filter(({ path }) => path.startsWith(ofCarriers)).map(cellsOf))],
    ['task sizes', markdown(['`taskCpu`', '`taskMemoryMiB`'], sizes)],
  ]);
}

interface Row {
  readonly path: string;
  readonly option: Option;
  readonly isRequired: boolean;
}

/** The options within another, and those within them, in the order of the schema. */
function rowsOf(group: Option, prefix: string): Row[] {
  return [...fieldsOf(group)].flatMap(([key, option]) => {
    const path = `${prefix}${key}`;
    return [{ path, option, isRequired: group.required?.includes(key) ?? false }, ...rowsWithin(option, path)];
  });
}

function rowsWithin(option: Option, path: string): Row[] {
  if (option.items !== undefined) return rowsOf(option.items as Option, `${path}[].`);
  const values = valuesOf(option);
  return values === undefined ? rowsOf(option, `${path}.`) : rowsOf(values, `${path}.<name>.`);
}

function cellsOf({ path, option, isRequired }: Row): string[] {
  const name = path.startsWith(ofCarriers) ? path.slice(ofCarriers.length) : path;
  return [`\`${name}\``, option.description ?? '', allowedBy(option), isRequired ? 'required' : defaultOf(option)];
}

/** The options of a group have their own. */
function defaultOf({ default: value }: Option): string {
  if (value === undefined || JSON.stringify(value) === '{}') return '';
  return `\`${JSON.stringify(value)}\``;
}

/** A table; a bar within a cell does not end it. */
export function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}
