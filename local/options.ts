import { anyPort, given, httpUrl, parseArguments, wholeNumber } from './arguments.ts';
import { playOptions, readPlay } from './play.ts';
import type { Play } from './simulator/play/scenarios.ts';
import { StartError } from './start-error.ts';

export interface Options {
  readonly port: number;
  readonly json: boolean;
  readonly help: boolean;
  readonly config?: string | undefined;
  readonly data?: string | undefined;
  readonly awsEndpoint?: string | undefined;
  readonly rate: number;
  /** What the simulator plays. */
  readonly play?: Play | undefined;
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
  --scenario NAME[,NAME]
                 how the simulated SMSC misbehaves; npm run smsc -- --list shows all,
                 npm run scenario -- NAME switches
  --set PATH=VALUE
                 one option of the simulated SMSC, such as submits.perSecond.limit=50 (docs/simulator.md)
  --help         show this
`;

const options = {
  port: { type: 'string', default: '8025' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  config: { type: 'string' },
  data: { type: 'string' },
  'aws-endpoint': { type: 'string' },
  rate: { type: 'string', default: '1000' },
  ...playOptions,
} as const;

/** Throws a `StartError` that says what is wrong and what would be right. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArguments({ args: [...args], options });
  if (values.data !== undefined && values['aws-endpoint'] !== undefined) {
    throw new StartError('--data is for the emulators that --aws-endpoint does without');
  }
  const play = readPlay(values);
  if (values.config !== undefined && play !== undefined) {
    throw new StartError('--scenario and --set are for the simulator, which --config does without');
  }
  return {
    port: wholeNumber('--port', values.port, anyPort),
    json: values.json,
    help: values.help,
    config: given('--config', values.config),
    data: given('--data', values.data),
    awsEndpoint: httpUrl('--aws-endpoint', values['aws-endpoint']),
    rate: wholeNumber('--rate', values.rate, [1, 1_000_000]),
    play,
  };
}
