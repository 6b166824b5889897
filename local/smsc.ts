import { enableCompileCache } from 'node:module';
import { systemClock } from '../connector/clock.ts';
import { aborted } from './aborted.ts';
import { Releases } from './releases.ts';
import { runCommand } from './run-command.ts';
import { listing } from './smsc-list.ts';
import { help, readOptions } from './smsc-options.ts';
import { jsonSmscReporter, type SmscReporter, terminalSmscReporter } from './smsc-reporter.ts';
import { stopOnSignals } from './stop-on-signals.ts';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help || options.list) {
    process.stdout.write(options.help ? help : listing());
    return;
  }
  const reporter = createReporter(options.json);
  const releases = new Releases();
  const stop = stopOnSignals(() => reporter.log({ level: 'INFO', message: 'stopping', fields: {} }));
  try {
    // Loaded only now: a wrong option should be answered at once.
    enableCompileCache();
    const { startSmsc } = await import('./smsc-program.ts');
    await startSmsc(options, { reporter, clock: systemClock, random: Math.random }, releases);
    await aborted(stop);
  } finally {
    await releases.run();
  }
}

function createReporter(json: boolean): SmscReporter {
  const stdout = (text: string) => process.stdout.write(text);
  const stderr = (text: string) => process.stderr.write(text);
  const now = () => new Date();
  const colour = process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '';
  return json ? jsonSmscReporter(stdout, stderr, now) : terminalSmscReporter(stdout, colour, now);
}

runCommand(main);
