import { markdown } from '#contract/config/docs.ts';
import { behaviourOptions } from './behaviour-options.ts';
import { endings } from './endings.ts';
import { scenarios } from './scenarios.ts';

/** The tables of `docs/simulator.md` by their names. */
export function simulatorTables(): ReadonlyMap<string, string> {
  const named = Object.entries(scenarios).map(([name, { says }]) => ({ name, says }));
  const isQuirk = ({ name }: { readonly name: string }) => name.startsWith('quirk-');
  const faults = named.filter((each) => !isQuirk(each)).map(({ name, says }) => [`\`${name}\``, says]);
  const quirks = named.filter(isQuirk).map(({ name, says }) => [numberOf(name), `\`${name}\``, says]);
  const numbers = Object.entries(endings).map(([digits, { says }]) => [`\`${digits}\``, says]);
  const options = behaviourOptions().map(({ path, what, allowed, standard }) => [
    `\`${path}\``,
    what,
    allowed,
    standard === undefined ? '' : `\`${JSON.stringify(standard)}\``,
  ]);
  return new Map([
    ['scenarios', markdown(['scenario', 'what the SMSC does'], faults)],
    ['quirks', markdown(['quirk', 'scenario', 'what the SMSC does'], quirks)],
    ['numbers', markdown(['the number ends in', 'what becomes of a message to it'], numbers)],
    ['behaviour', markdown(['option', 'what it is', 'may be', 'default'], options)],
  ]);
}

function numberOf(name: string): string {
  return name.split('-')[1] ?? '';
}
