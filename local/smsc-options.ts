import { anyPort, given, parseArguments, wholeNumber } from './arguments.ts';
import { playOptions, readPlay } from './play.ts';
import type { Play } from './simulator/play/scenarios.ts';
import type { Account } from './simulator/sessions/accounts.ts';
import { StartError } from './start-error.ts';

export interface SmscProgramOptions {
  readonly port: number;
  readonly httpPort: number;
  readonly hosts: number;
  readonly accounts: readonly Account[];
  readonly tls: 'none' | 'made' | CertificateFiles;
  readonly play?: Play | undefined;
  readonly keep: number;
  readonly json: boolean;
  readonly list: boolean;
  readonly help: boolean;
}

/** Paths. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

export const help = `Runs an SMSC that takes messages, has handsets behind it, and misbehaves on request (docs/simulator.md).

  npm run smsc -- [options]

  --port N       SMPP port on 127.0.0.1, 0 for any free one (default 2775)
  --http-port N  port of the HTTP API, 0 for any free one (default: the one after --port)
  --hosts N      listen on so many SMPP ports, the others being any free ones (default 1)
  --account ID:PASSWORD[:MAX-BINDS]
                 who may bind, and how often at once; may be repeated (default test:secret)
  --tls          speak SMPP over TLS, with a certificate for localhost made for this run
  --cert FILE --key FILE
                 with --tls: this certificate and its key, in PEM
  --scenario NAME[,NAME]
                 how it misbehaves; may be repeated, later ones go over earlier ones
  --set PATH=VALUE
                 one option of its behaviour, such as submits.perSecond.limit=50; may be repeated
  --keep N       how many messages are remembered (default 10000)
  --json         print one line of JSON on stdout when ready, and the log on stderr
                 (npm run --silent smsc -- --json, or npm adds lines of its own)
  --list         show every scenario, and the numbers with a fixed outcome
  --help         show this
`;

const options = {
  port: { type: 'string', default: '2775' },
  'http-port': { type: 'string' },
  hosts: { type: 'string', default: '1' },
  account: { type: 'string', multiple: true, default: [] as string[] },
  tls: { type: 'boolean', default: false },
  cert: { type: 'string' },
  key: { type: 'string' },
  keep: { type: 'string', default: '10000' },
  json: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  ...playOptions,
} as const;

const mostHosts = 100;

/** Throws a `StartError` that says what is wrong and what would be right. */
export function readOptions(args: readonly string[]): SmscProgramOptions {
  const { values } = parseArguments({ args: [...args], options });
  const { json, list, help } = values;
  const port = wholeNumber('--port', values.port, anyPort);
  const next = port === 0 || port === anyPort[1] ? 0 : port + 1;
  return {
    port,
    httpPort: values['http-port'] === undefined ? next : wholeNumber('--http-port', values['http-port'], anyPort),
    hosts: wholeNumber('--hosts', values.hosts, [1, mostHosts]),
    accounts: readAccounts(values.account),
    tls: readTls(values),
    play: readPlay(values),
    keep: wholeNumber('--keep', values.keep, [0, 1_000_000]),
    json,
    list,
    help,
  };
}

export const defaultAccount: Account = { systemId: 'test', password: 'secret' };

function readAccounts(texts: readonly string[]): readonly Account[] {
  if (texts.length === 0) return [defaultAccount];
  const accounts = texts.map(readAccount);
  const ids = accounts.map(({ systemId }) => systemId);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice === undefined) return accounts;
  throw new StartError(`--account must be given once for each system_id, got ${JSON.stringify(twice)} twice`);
}

function readAccount(text: string): Account {
  // No control characters: a NUL ends the field, and none of the others can be typed into a client.
  const [, systemId, password, maxBinds] =
    /^([\x21-\x39\x3b-\x7e]+):([\x20-\x39\x3b-\x7e]*)(?::(.*))?$/.exec(text) ?? [];
  if (systemId === undefined || password === undefined) {
    // Not what was given: a password is in it.
    throw new StartError('--account must be ID:PASSWORD or ID:PASSWORD:MAX-BINDS, in ASCII');
  }
  if (maxBinds === undefined) return { systemId, password };
  return { systemId, password, maxBinds: wholeNumber(`MAX-BINDS of --account ${systemId}`, maxBinds, [1, 1_000_000]) };
}

function readTls({
  tls,
  ...files
}: {
  readonly tls: boolean;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}): SmscProgramOptions['tls'] {
  const cert = given('--cert', files.cert);
  const key = given('--key', files.key);
  if (cert !== undefined && key !== undefined && tls) return { cert, key };
  if (cert !== undefined || key !== undefined) throw new StartError('--cert and --key need each other, and --tls');
  return tls ? 'made' : 'none';
}
