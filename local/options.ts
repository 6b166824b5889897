import { parseArgs } from 'node:util';
import { toError } from '#contract/to-error.ts';
import { StartError } from './start-error.ts';

export interface Options {
  readonly port: number;
  readonly json: boolean;
  readonly help: boolean;
  readonly config?: string | undefined;
  readonly data?: string | undefined;
  readonly awsEndpoint?: string | undefined;
  readonly rate: number;
}

export const help = `Runs the whole SMS gateway on this machine, without AWS.

  npm start -- [options]

  --port N       port of the API on 127.0.0.1, 0 for any free one (default 8025);
                 the AWS emulators take the next one, or any free one
  --json         print one line of JSON on stdout when ready, and the log on stderr
                 (npm start --silent -- --json, or npm adds lines of its own)
  --config FILE  send through the carriers of this gateway.config.json instead of the simulator
  --data DIR     keep queues and messages in DIR between runs (default: in memory)
  --aws-endpoint URL
                 use the SQS, SNS and DynamoDB of an emulator that runs already, in account 000000000000
  --rate N       requests per second that the API key may make, twice as many at once (default 1000)
  --help         show this
`;

/** Throws a `StartError` that says what is wrong and what would be right. */
export function readOptions(args: readonly string[]): Options {
  const values = parse(args);
  if (values.data !== undefined && values['aws-endpoint'] !== undefined) {
    throw new StartError('--data is for the emulators that --aws-endpoint does without');
  }
  return {
    port: wholeNumber('--port', values.port, 0, 65_535),
    json: values.json,
    help: values.help,
    config: given('--config', values.config),
    data: given('--data', values.data),
    awsEndpoint: url('--aws-endpoint', values['aws-endpoint']),
    rate: wholeNumber('--rate', values.rate, 1, 1_000_000),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '8025' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
        config: { type: 'string' },
        data: { type: 'string' },
        'aws-endpoint': { type: 'string' },
        rate: { type: 'string', default: '1000' },
      },
    }).values;
  } catch (cause) {
    const [sentence] = toError(cause).message.split(/\.\s|\n/);
    throw new StartError(`${sentence}; --help shows the options`, { cause });
  }
}

function wholeNumber(option: string, text: string, min: number, max: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new StartError(`${option} must be a whole number from ${min} to ${max}, got ${JSON.stringify(text)}`);
}

function given(option: string, value: string | undefined): string | undefined {
  if (value === '') throw new StartError(`${option} must not be empty`);
  return value;
}

function url(option: string, value: string | undefined): string | undefined {
  if (value === undefined || /^https?:$/.test(URL.parse(value)?.protocol ?? '')) return value;
  throw new StartError(`${option} must be a URL such as http://127.0.0.1:5000, got ${JSON.stringify(value)}`);
}
