import { z } from 'zod';
import { parseArguments } from './arguments.ts';
import { playOptions, playText, readPlay } from './play.ts';
import { runCommand } from './run-command.ts';
import { askSimulator, targetOf, targetOptions } from './simulator-client.ts';
import { StartError } from './start-error.ts';

const help = `Shows what a running simulator plays, or switches it; from the next PDU on.

  npm run scenario -- [NAME...] [options]

  NAME       a scenario, "standard" for none; later ones go over earlier ones. npm run smsc -- --list shows all
  --set PATH=VALUE
             one option of its behaviour, such as submits.perSecond.limit=50; may be repeated
  --port N   port of the local gateway whose simulator it is (default 8025)
  --url URL  of a simulator of its own, as "npm run smsc" shows it
  --help     show this
`;

const options = {
  set: playOptions.set,
  help: { type: 'boolean', default: false },
  ...targetOptions,
} as const;

const answers = z.union([
  z.object({ scenarios: z.array(z.string()), change: z.record(z.string(), z.unknown()) }),
  z.object({ error: z.string() }),
]);

async function main(): Promise<void> {
  const { values, positionals } = parseArguments({ args: process.argv.slice(2), options, allowPositionals: true });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const at = `${targetOf(values)}/v1/scenario`;
  const body = readPlay({ scenario: positionals, set: values.set });
  const answer = await askSimulator(body === undefined ? { method: 'GET', at } : { method: 'PUT', at, body }, answers);
  if ('error' in answer) throw new StartError(answer.error);
  console.log(`plays ${playText(answer)}`);
}

runCommand(main);
