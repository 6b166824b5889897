import { carrierProfile } from '#contract/carrier.ts';
import { markdown } from '#contract/config/docs.ts';
import { type Option, optionsOf, optionWithin } from '#contract/config/options.ts';
import { type Row, rows } from './catalogue.ts';
import { testsOfRows } from './tests-of-rows.ts';

/** The tables of `docs/quirks.md`. */
export function quirkTables(): ReadonlyMap<string, string> {
  return new Map([
    ['quirks', tableOf('quirk')],
    ['demands', tableOf('demand')],
  ]);
}

function tableOf(kind: Row['kind']): string {
  const tests = testsOfRows();
  const head = ['#', kind === 'quirk' ? 'what happens' : 'what is asked for', 'option, and its default', 'test'];
  const cells = rows
    .filter((row) => row.kind === kind)
    .map((row) => [String(row.number), row.what, optionCell(row), testCell(row, tests)]);
  return markdown(head, cells);
}

function optionCell({ options, how }: Row): string {
  const told = options.map((option) => `\`${option}\`${defaultOf(option)}`);
  return [...(how === undefined ? [] : [how]), ...told].join('; ');
}

function testCell({ kind, number, untested, later }: Row, tests: ReturnType<typeof testsOfRows>): string {
  if (untested !== undefined) return `${untested.state}: ${untested.why}`;
  const files = (tests.get(`${kind} ${number}`) ?? []).map((file) => `\`${file}\``);
  return [...files, ...(later === undefined ? [] : [`planned: ${later}`])].join(', ');
}

/** The option of a carrier; throws a `RangeError` when there is none such. */
export function optionAt(path: string): Option {
  const found = path
    .split('.')
    .reduce<Option | undefined>((within, key) => within && optionWithin(within, key), optionsOf(carrierProfile));
  if (found === undefined) throw new RangeError(`${path} is no option of a carrier`);
  return found;
}

/** Of a group each option has its own, which docs/configuration.md tells. */
function defaultOf(path: string): string {
  const { default: value } = optionAt(path);
  const text = JSON.stringify(value);
  return value === undefined || text === '{}' || text === '[]' ? '' : ` ${'`'}${text}${'`'}`;
}
