import { enableCompileCache } from 'node:module';
import { systemClock } from '../connector/clock.ts';
import { aborted } from './aborted.ts';
import { readConfig } from './config.ts';
import { parseLogLine } from './log.ts';
import { help, type Options, readOptions } from './options.ts';
import { Releases } from './releases.ts';
import { jsonReporter, type Reporter, terminalReporter } from './report.ts';
import { runCommand } from './run-command.ts';
import { stopOnSignals } from './stop-on-signals.ts';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(help);
    return;
  }
  const config = options.config === undefined ? undefined : await readConfig(options.config, process.env);
  const reporter = createReporter(options);
  const releases = new Releases();
  const stop = stopOnSignals(() => reporter.log({ level: 'INFO', message: 'stopping', fields: {} }));
  try {
    // Loaded only now: a wrong option should be answered at once. The cache takes a quarter off the start.
    enableCompileCache();
    const { startGateway } = await import('./gateway.ts');
    const world = { env: { ...process.env }, reporter, clock: systemClock, random: Math.random };
    await startGateway({ ...options, config, ...world }, releases, stop);
    await aborted(stop);
  } catch (cause) {
    // A Ctrl-C reaches the tools that are at work as well, and makes what they do fail.
    if (!stop.aborted) throw cause;
  } finally {
    await releases.run();
  }
}

/** The reporter has stdout and stderr for itself: what functions print there becomes lines of its log. */
function createReporter({ json, config }: Options): Reporter {
  const stdout = process.stdout.write.bind(process.stdout);
  const stderr = process.stderr.write.bind(process.stderr);
  const now = () => new Date();
  const colour = process.stdout.isTTY === true && (process.env.NO_COLOR ?? '') === '';
  const reporter = json
    ? jsonReporter(stdout, stderr, now)
    : terminalReporter(stdout, { colour, reveal: config === undefined }, now);
  for (const stream of [process.stdout, process.stderr]) divertToLog(stream, reporter);
  return reporter;
}

function divertToLog(stream: NodeJS.WriteStream, reporter: Reporter): void {
  stream.write = (chunk: Uint8Array | string) => {
    for (const text of Buffer.from(chunk).toString().split('\n')) {
      const line = parseLogLine(text);
      if (line !== undefined) reporter.log(line);
    }
    return true;
  };
}

runCommand(main);
