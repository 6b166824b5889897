import { parseArgs } from 'node:util';
import { z } from 'zod';
import { parseAs } from '#contract/parse.ts';
import { toError } from '#contract/to-error.ts';
import { StartError } from './start-error.ts';

const help = `Sends an SMS from a handset of the local gateway's simulator.

  npm run handset -- --from +447700900123 --to 12345 [--port 8025] "text"
`;

const answers = z.union([
  z.object({ statuses: z.array(z.string()) }),
  z.object({ waiting: z.string() }),
  z.object({ error: z.string() }),
]);

interface Mo {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly port: string;
}

async function main(): Promise<void> {
  const mo = readArgs(process.argv.slice(2));
  const answer = await post(mo);
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

function readArgs(args: string[]): Mo {
  const options = {
    from: { type: 'string' },
    to: { type: 'string' },
    port: { type: 'string', default: '8025' },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
    const { from, to, port } = values;
    const [text, ...more] = positionals;
    if (from === undefined || to === undefined || text === undefined)
      throw new Error('--from, --to and a text are needed');
    if (more.length > 0) throw new Error('the text must be one argument: put it in quotes');
    if (!/^\d{1,5}$/.test(port)) throw new Error(`--port must be a number, got ${JSON.stringify(port)}`);
    return { from, to, text, port };
  } catch (cause) {
    throw new StartError(`${toError(cause).message}\n\n${help}`, { cause });
  }
}

async function post({ port, ...mo }: Mo): Promise<z.output<typeof answers>> {
  const base = `http://127.0.0.1:${port}`;
  const nobody = `no local gateway with a simulator on ${base}: start one with "npm start", or name its port with --port`;
  try {
    const response = await fetch(`${base}/simulator/v1/mo`, { method: 'POST', body: JSON.stringify(mo) });
    return parseAs(answers, await response.json(), 'answer');
  } catch (cause) {
    throw new StartError(nobody, { cause });
  }
}

main().catch((cause: unknown) => {
  const error = toError(cause);
  console.error(error instanceof StartError ? error.message : error.stack);
  process.exitCode = 1;
});
