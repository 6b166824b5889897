import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unreachable } from '#contract/unreachable.ts';
import { type Fact, factsOf, type Source } from './support/source-facts.ts';

/** Who may know whom. The reasons are in docs/architecture.md; a rule that binds badly is changed here, by hand. */
interface Rule {
  readonly says: string;
  /** The files that it binds. */
  readonly files: RegExp;
  readonly except?: RegExp;
  readonly forbids: (fact: Fact, file: string) => boolean;
  /** A file that breaks it, and one that looks like it and does not. */
  readonly broken: Source;
  readonly kept: Source;
}

type Import = Extract<Fact, { kind: 'import' }>;

const imports =
  (target: RegExp, matters: (fact: Import) => boolean = () => true) =>
  (fact: Fact): boolean =>
    fact.kind === 'import' && target.test(fact.target) && matters(fact);

const uses =
  (...names: readonly string[]) =>
  (fact: Fact): boolean =>
    fact.kind === 'global' && names.includes(fact.name);

const anyOf =
  (...rules: readonly ((fact: Fact) => boolean)[]) =>
  (fact: Fact): boolean =>
    rules.some((rule) => rule(fact));

const source = (path: string, text: string): Source => ({ path, text });

const ours = /^(bench|connector|contract|infra|lambdas|local|ops|test)\//;
const deployables = /^(connector|contract|lambdas)\//;
/** Rules without I/O, clock or logger: what they say depends on their arguments alone. */
const pure =
  /^(connector\/(attempts|backoff|outcome|smpp\/(account|addresses|codec\/(frequent|layouts|read|tlv|write|write-field)|content|errors|esm-class|framer|frequent-receipt|is-empty-message|itinerary|link-timers|pace|pending|rate|receipt|receipt-(dates|pattern|state|text|tlvs)|reconnect|session-end-text|status|status-meanings|submit-sm|tls-faults|tlvs-by-name|validity-period|waiting))\.ts|contract\/text\/)/;
const pureAndTables = new RegExp(`${pure.source}|^contract/|^connector/smpp/codec/tables\\.ts$`);
/** What tries the connector, and must not agree with it because both are the same code. */
const triesConnector =
  /^test\/(fuzz\/(args|base-pdus|inputs|mutations|random|raw-connection|raw-smsc|sent-stream)|support\/command-line)\.ts$/;
/** What the connector is measured with and beside. */
const measuresConnector = /^bench\/session\/(contender|hand-made|load|message|package|smsc|smsc-process)\.ts$/;

const timeAndChance = [
  'Date.now',
  'new Date()',
  'Math.random',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'globalThis',
];
const timeModules = /^node:(timers|perf_hooks)/;

const rules: readonly Rule[] = [
  {
    says: 'contract imports nothing of ours outside contract',
    files: /^contract\//,
    forbids: (fact) => imports(ours)(fact) && !imports(/^contract\//)(fact),
    broken: source('contract/a.ts', "import type { Clock } from '../connector/clock.ts';"),
    kept: source('contract/text/a.ts', "import { unreachable } from '../unreachable.ts';"),
  },
  {
    says: 'contract knows neither AWS nor the network',
    files: /^contract\//,
    forbids: imports(/^(@aws-sdk\/|node:(net|tls|dgram|dns|http|https|http2)$)/),
    broken: source('contract/a.ts', "const { SQSClient } = await import('@aws-sdk/client-sqs');"),
    kept: source('contract/a.ts', "import { z } from 'zod'; // not '@aws-sdk/client-sqs'"),
  },
  {
    says: 'connector does not import lambdas',
    files: /^connector\//,
    forbids: imports(/^lambdas\//),
    broken: source('connector/smpp/a.ts', "import { a } from '../../lambdas/http.ts';"),
    kept: source('connector/a.ts', "const a = 'lambdas/http.ts';"),
  },
  {
    says: 'lambdas do not import connector',
    files: /^lambdas\//,
    forbids: imports(/^connector\//),
    broken: source('lambdas/a.ts', "type Clock = import('../connector/clock.ts').Clock;"),
    kept: source('lambdas/a.ts', "import { a } from './http.ts';"),
  },
  {
    says: 'infra imports only contract of ours',
    files: /^infra\//,
    forbids: (fact) => imports(ours)(fact) && !imports(/^(contract|infra)\//)(fact),
    broken: source('infra/a.ts', "import { handler } from '../lambdas/send-message.ts';"),
    kept: source(
      'infra/a.ts',
      "import { environment } from '#contract/environment.ts';\nimport { Api } from './api.ts';",
    ),
  },
  {
    says: 'no deployable imports test, bench, local, ops or infra',
    files: deployables,
    forbids: imports(/^(bench|infra|local|ops|test)\//),
    broken: source('lambdas/a.ts', "export { FakeClock } from '../test/support/fake-clock.ts';"),
    kept: source('local/a.ts', "import { FakeClock } from '../test/support/fake-clock.ts';"),
  },
  {
    says: 'connector/smpp knows nothing of queues',
    files: /^connector\/smpp\//,
    forbids: imports(/^connector\/queue\/|^@aws-sdk\//),
    broken: source('connector/smpp/codec/a.ts', "import type { Lane } from '../../queue/lane.ts';"),
    kept: source('connector/a.ts', "import { Lane } from './queue/lane.ts';"),
  },
  {
    says: 'connector/queue knows nothing of SMPP',
    files: /^connector\/queue\//,
    forbids: imports(/^connector\/smpp\/|^smpp(\/|$)/),
    broken: source('connector/queue/a.ts', "import { esme } from '../smpp/status.ts';"),
    kept: source('connector/a.ts', "import { esme } from './smpp/status.ts';"),
  },
  {
    says: 'a pure file imports no code but pure files, contract and the tables',
    files: pure,
    forbids: (fact) => imports(/./, ({ typeOnly }) => !typeOnly)(fact) && !imports(pureAndTables)(fact),
    broken: source('connector/backoff.ts', "import { readFile } from 'node:fs/promises';"),
    kept: source(
      'connector/outcome.ts',
      "import { esme } from './smpp/status.ts';\nimport type { Session } from './smpp/session.ts';",
    ),
  },
  {
    says: 'a pure file does not know clock or log, except that reconnect is given a clock',
    files: pure,
    forbids: (fact, file) =>
      imports(/^connector\/log\.ts$/)(fact) ||
      imports(/^connector\/clock\.ts$/, ({ typeOnly }) => !(typeOnly && file.endsWith('/reconnect.ts')))(fact),
    broken: source('connector/smpp/pending.ts', "import type { Clock } from '../clock.ts';"),
    kept: source('connector/smpp/reconnect.ts', "import type { Clock } from '../clock.ts';"),
  },
  {
    says: 'contract reads no process, time or chance',
    files: /^contract\//,
    forbids: anyOf(uses('process', ...timeAndChance), imports(timeModules)),
    broken: source('contract/text/a.ts', 'export const seed = () => Math.random();'),
    kept: source('contract/text/a.ts', 'export const floor = (value: number) => Math.floor(value);'),
  },
  {
    says: 'in connector only main touches process (and bundle, which builds it)',
    files: /^connector\//,
    except: /^connector\/(main|bundle)\.ts$/,
    forbids: anyOf(uses('process', 'globalThis'), imports(/^node:process$/)),
    broken: source('connector/a.ts', 'export const region = process.env.AWS_REGION;'),
    kept: source(
      'connector/a.ts',
      '// process\nclass A { #process() { this.#process(); } process(process: A) { process.process(process); } }',
    ),
  },
  {
    says: 'in connector only main and clock know real time and chance',
    files: /^connector\//,
    except: /^connector\/(main|clock)\.ts$/,
    forbids: anyOf(uses(...timeAndChance), imports(timeModules)),
    broken: source('connector/a.ts', 'export const now = () => Date.now();'),
    kept: source(
      'connector/a.ts',
      'export const at = (clock: { now(): number }) => [new Date(clock.now()), Date.parse("")];',
    ),
  },
  {
    says: 'only the tables of the codec import the package smpp',
    files: /^(connector|contract|lambdas)\//,
    except: /^connector\/smpp\/codec\/(tables\.ts|smpp-lib\.d\.ts)$/,
    forbids: imports(/^smpp(\/|$)/),
    broken: source('connector/smpp/session.ts', "import smpp from 'smpp';"),
    kept: source('connector/smpp/codec/tables.ts', "import { commands } from 'smpp/lib/defs.js';"),
  },
  {
    says: 'what the fuzz sends, and the SMSC that sends it, share no code with the connector',
    files: triesConnector,
    forbids: (fact) =>
      imports(ours)(fact) &&
      !anyOf(imports(triesConnector), imports(/^contract\/|^test\/support\/smpp-oracle\.ts$/))(fact),
    broken: source('test/fuzz/raw-smsc.ts', "import { createFramer } from '../../connector/smpp/framer.ts';"),
    kept: source('test/fuzz/rig.ts', "import { createFramer } from '../../connector/smpp/framer.ts';"),
  },
  {
    says: "the bench's SMSC, and what the session is compared with, share no code with it",
    files: measuresConnector,
    forbids: (fact) => imports(ours)(fact) && !imports(measuresConnector)(fact),
    broken: source('bench/session/hand-made.ts', "import { writePdu } from '../../connector/smpp/codec/write.ts';"),
    kept: source('bench/session/ours.ts', "import { Session } from '../../connector/smpp/session.ts';"),
  },
  {
    says: 'of the deployables only the build script imports esbuild',
    files: deployables,
    except: /^connector\/bundle\.ts$/,
    forbids: imports(/^esbuild$/),
    broken: source('connector/main.ts', "import { build } from 'esbuild';"),
    kept: source('connector/bundle.ts', "import { build } from 'esbuild';"),
  },
  {
    says: 'only tests of the roles import the policy simulator, which is under the AGPL',
    files: /./,
    except: /^test\/support\/iam\.ts$/,
    forbids: imports(/^@cloud-copilot\//),
    broken: source('infra/a.ts', "import { runSimulation } from '@cloud-copilot/iam-simulate';"),
    kept: source('test/support/iam.ts', "import { runSimulation } from '@cloud-copilot/iam-simulate';"),
  },
  {
    says: 'no file only re-exports, and none is called index',
    files: /(?<!\.d)\.ts$/,
    forbids: (fact) => fact.kind === 'barrel',
    broken: source('lambdas/all.ts', "import { a } from './a.ts';\nexport { a };\nexport * from './b.ts';"),
    kept: source('lambdas/a.ts', "export type { A } from './b.ts';\nexport const a = 1;"),
  },
  {
    says: 'contract is imported as #contract/... from other folders',
    files: /^(?!contract\/)/,
    forbids: imports(/^contract\//, ({ specifier }) => !specifier.startsWith('#contract/')),
    broken: source('lambdas/a.ts', "import { toError } from '../contract/to-error.ts';"),
    kept: source('lambdas/a.ts', "import { toError } from '#contract/to-error.ts';"),
  },
  {
    says: 'contract is imported relatively within contract',
    files: /^contract\//,
    forbids: imports(/./, ({ specifier }) => specifier.startsWith('#')),
    broken: source('contract/a.ts', "import { toError } from '#contract/to-error.ts';"),
    kept: source('contract/a.ts', "import { toError } from './to-error.ts';"),
  },
  {
    says: 'an import of ours ends in .ts',
    files: /./,
    forbids: imports(/./, ({ specifier }) => /^[.#]/.test(specifier) && !specifier.endsWith('.ts')),
    broken: source('local/a.ts', "import type { B } from './b';"),
    kept: source('local/a.ts', "import { b } from './b.ts';\nimport { defs } from 'smpp/lib/defs.js';"),
  },
];

interface Read {
  readonly path: string;
  readonly facts: readonly Fact[];
}

function read(from: Source): Read {
  return { path: from.path, facts: factsOf(from) };
}

/** `file:line: rule (what broke it)`, for each time that it is. */
function violations({ says, files, except, forbids }: Rule, sources: readonly Read[]): string[] {
  const bound = sources.filter(({ path }) => files.test(path) && !except?.test(path));
  return bound.flatMap(({ path, facts }) =>
    facts.filter((fact) => forbids(fact, path)).map((fact) => `${path}:${fact.line}: ${says}${detail(fact)}`),
  );
}

function detail(fact: Fact): string {
  switch (fact.kind) {
    case 'import':
      return ` (imports ${fact.specifier})`;
    case 'global':
      return ` (uses ${fact.name})`;
    case 'barrel':
      return '';
    default:
      return unreachable(fact);
  }
}

const root = join(__dirname, '..');
const notOurs = /^(\..*|node_modules|types|docs|cdk\.out|coverage|dist)$/;

/** Every source in and below `folder`, which is '' or ends in a slash. */
function sourcesBelow(folder: string): Source[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory()) return notOurs.test(entry.name) ? [] : sourcesBelow(`${path}/`);
    return /\.(ts|js|cjs|mjs)$/.test(path) ? [source(path, readFileSync(join(root, path), 'utf8'))] : [];
  });
}

const allSources = sourcesBelow('');
const typeScript = allSources.filter(({ path }) => path.endsWith('.ts')).map(read);

test.each(rules)('$says', (rule) => {
  expect(violations(rule, typeScript)).toEqual([]);
});

describe('the checker', () => {
  test('finds the sources', () => {
    const paths = typeScript.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['connector/main.ts', 'contract/text/ucs2.ts', 'test/architecture.test.ts']),
    );
    expect(paths.filter((path) => /node_modules|^types\//.test(path))).toEqual([]);
  });

  test.each(rules)('sees where it is broken that $says', (rule) => {
    expect(violations(rule, [read(rule.broken)])).not.toEqual([]);
    expect(violations(rule, [read(rule.kept)])).toEqual([]);
  });

  test.each(['index.ts', 'lambdas/index.ts'])('takes %s for a barrel, whatever is in it', (path) => {
    expect(factsOf(source(path, 'export const a = 1;'))).toEqual([{ kind: 'barrel', line: 1 }]);
  });

  test('names file, line, rule and what broke it', () => {
    const text = "// ü\nimport { z } from 'zod';\n\nexport const region = () => process.env.AWS_REGION;\n";
    const rule = rules.find(({ says }) => says.includes('only main touches process'));
    expect(rule && violations(rule, [read(source('connector/a.ts', text))])).toEqual([
      'connector/a.ts:4: in connector only main touches process (and bundle, which builds it) (uses process)',
    ]);
  });

  test.each([
    ['an import', "import { a } from './b.ts';", false],
    ['an import for its effect', "import './b.ts';", false],
    ['an import of types', "import type { A } from './b.ts';", true],
    ['an import whose names are types, which still runs the file', "import { type A } from './b.ts';", false],
    ['an export', "export { a } from './b.ts';", false],
    ['an export of all', "export * from './b.ts';", false],
    ['an export of types', "export type { A } from './b.ts';", true],
    ['an import when it runs', "const b = async () => await import('./b.ts');", false],
    ['a type that is imported in place', "let a: import('./b.ts').A[];", true],
  ])('sees %s', (_, text, typeOnly) => {
    const found = factsOf(source('connector/a.ts', `\n${text}`)).filter(({ kind }) => kind === 'import');
    expect(found).toEqual([{ kind: 'import', line: 2, specifier: './b.ts', target: 'connector/b.ts', typeOnly }]);
  });
});

/** Comments and calls that silence a tool. Each that stays has its reason here, by `file: what`; the aim is none. */
const allowedSuppressions: Readonly<Record<string, string>> = {
  'infra/acknowledged.ts: acknowledge':
    'The one place for findings of the static checks, each with its reason; test/infra/gateway-stack.test.ts counts them',
  'test/deploy/support/test-with-containers.ts: test.skip':
    'podman is no part of Node; each skip is told, and in CI it is a failure',
};

const suppression =
  /(?:\/\/|\/\*)[^\n]*?(biome-ignore|@ts-(?:ignore|expect-error|nocheck)|eslint-disable|istanbul ignore|c8 ignore)|\b((?:test|it|describe)(?:\.each)?\.(?:skip|only|todo|failing)|xtest|xit|xdescribe)\b *[(`]|\.(acknowledge(?:Warning)?)\(/g;

function suppressionsIn({ path, text }: Source): string[] {
  return [...text.matchAll(suppression)].map(([, ...what]) => `${path}: ${what.find((each) => each !== undefined)}`);
}

test('no tool is silenced without a reason', () => {
  expect(allSources.flatMap(suppressionsIn)).toEqual(Object.keys(allowedSuppressions));
});

test.each([
  '// biome-%',
  '/* eslint-%',
  '  // @ts-%',
  'a(); // @ts-%',
  'test.%(',
  'describe.each.%(',
  'it.%(',
  'Validations.of(app).%(',
])('a tool that is silenced by "%s" is seen', (pattern) => {
  // Put together here, so that this file itself silences nothing.
  const word = { biome: 'ignore x', eslint: 'disable x', '@ts': 'expect-error', 'of(app)': 'acknowledge' }[
    pattern.match(/@?\w+(?=-%)|of\(app\)/)?.[0] ?? ''
  ];
  expect(suppressionsIn(source('a.ts', pattern.replace('%', word ?? 'skip')))).toHaveLength(1);
});
