import { enableCompileCache } from 'node:module';
import { toError } from '#contract/to-error.ts';
import { systemClock } from '../connector/clock.ts';
import { readConfig } from './config.ts';
import { parseLogLine } from './log.ts';
import { help, type Options, readOptions } from './options.ts';
import { Releases } from './releases.ts';
import { jsonReporter, type Reporter, terminalReporter } from './report.ts';
import { StartError } from './start-error.ts';

/** Both npm and the terminal send a Ctrl-C's SIGINT: what comes this soon after the first is the same one. */
const sameSignalMs = 1_000;
/** After everything was released nothing should be left to wait for. */
const exitWithinMs = 1_000;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(help);
    return;
  }
  const config = options.config === undefined ? undefined : await readConfig(options.config, process.env);
  const reporter = createReporter(options);
  const releases = new Releases();
  const stop = stopOnSignals(reporter);
  try {
    // Loaded only now: a wrong option should be answered at once. The cache takes a quarter off the start.
    enableCompileCache();
    const { startGateway } = await import('./gateway.ts');
    await startGateway({ ...options, config, env: { ...process.env }, reporter, clock: systemClock }, releases, stop);
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
  // A reader that went away is no reason to end.
  stream.on('error', () => undefined);
  stream.write = (chunk: Uint8Array | string) => {
    for (const text of Buffer.from(chunk).toString().split('\n')) {
      const line = parseLogLine(text);
      if (line !== undefined) reporter.log(line);
    }
    return true;
  };
}

/** Aborts at the first signal; a second one ends the process at once. */
function stopOnSignals(reporter: Reporter): AbortSignal {
  const stop = new AbortController();
  let firstAt = 0;
  const onSignal = () => {
    const now = systemClock.now();
    if (stop.signal.aborted) {
      if (now - firstAt > sameSignalMs) process.exit(1);
      return;
    }
    firstAt = now;
    reporter.log({ level: 'INFO', message: 'stopping', fields: {} });
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);
  // Started by a program with a channel, a test say: the gateway ends with it, however that ends.
  process.on('disconnect', onSignal);
  process.channel?.unref();
  return stop.signal;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

const writeToStderr = process.stderr.write.bind(process.stderr);
main()
  .catch((cause: unknown) => {
    const error = toError(cause);
    writeToStderr(`${error instanceof StartError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  })
  .finally(() => setTimeout(() => process.exit(), exitWithinMs).unref());
