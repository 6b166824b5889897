import { z } from 'zod';
import { parseArguments } from './arguments.ts';
import { runCommand } from './run-command.ts';
import { askSimulator, targetOf, targetOptions } from './simulator-client.ts';
import { StartError } from './start-error.ts';

const help = `Sends an SMS from a handset of the simulator.

  npm run handset -- --from +447700900123 --to 12345 [options] "text"

  --port N   port of the local gateway whose simulator it is (default 8025)
  --url URL  of a simulator of its own, as "npm run smsc" shows it
  --help     show this
`;

const options = {
  from: { type: 'string' },
  to: { type: 'string' },
  help: { type: 'boolean', default: false },
  ...targetOptions,
} as const;

const answers = z.union([
  z.object({ statuses: z.array(z.string()) }),
  z.object({ waiting: z.string() }),
  z.object({ error: z.string() }),
]);

interface Mo {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArguments({ args: process.argv.slice(2), options, allowPositionals: true });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const mo = readMo(values, positionals);
  const answer = await askSimulator({ method: 'POST', at: `${targetOf(values)}/v1/mo`, body: mo }, answers);
  if ('error' in answer) throw new StartError(answer.error);
  if ('waiting' in answer) {
    console.log(`← ${mo.from}  waiting    ${answer.waiting}; the simulator keeps the message for it`);
    return;
  }
  const accepted = answer.statuses.every((status) => status === 'ESME_ROK');
  const parts = answer.statuses.length === 1 ? '' : ` for ${answer.statuses.length} parts`;
  console.log(`← ${mo.from}  ${accepted ? 'accepted' : 'refused'}   SMSC got ${[...new Set(answer.statuses)]}${parts}`);
  if (!accepted) process.exitCode = 1;
}

function readMo(values: { readonly from?: string; readonly to?: string }, [text, ...more]: readonly string[]): Mo {
  const { from, to } = values;
  if (from === undefined || to === undefined || text === undefined) {
    throw new StartError(`--from, --to and a text are needed\n\n${help}`);
  }
  if (more.length > 0) throw new StartError('the text must be one argument: put it in quotes');
  return { from, to, text };
}

runCommand(main);
