import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/**
 * The actions of IAM that the code behind an entry file calls, found in its bundle: what cannot be reached from there is not
 * in that. What is called on which resource, nobody can read off; that is in the test's own table.
 */
export function awsCallsOf(entry: string): string[] {
  const code = bundle(entry);
  const commands = names(code, /\bnew (\w+)Command\(/g).filter((name) => !(`${name}Command` in ofTheTable));
  const ofPort = names(code, /\btable\d*\.(\w+)\(/g).map((method) => lookUp(tableMethods, method));
  return [...new Set([...commands.map(actionOf), ...ofPort])].sort();
}

const root = fileURLToPath(new URL('../../', import.meta.url));

function bundle(entry: string): string {
  const { outputFiles } = buildSync({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

function names(code: string, pattern: RegExp): string[] {
  return [...code.matchAll(pattern)].map(([, name = '']) => name);
}

/** `lambdas/dynamo-table.ts` is one object: each bundle has all of it, whichever methods are called. */
const ofTheTable = { GetCommand: 'get', PutCommand: 'create', UpdateCommand: 'update' };

/** Methods of the port `Table`. */
const tableMethods = {
  get: 'dynamodb:GetItem',
  create: 'dynamodb:PutItem',
  update: 'dynamodb:UpdateItem',
  partition: 'dynamodb:Query',
  due: 'dynamodb:Query',
};

/** A batch is the same to IAM as each of its entries. */
const services = {
  GetSecretValue: 'secretsmanager',
  Publish: 'sns',
  Query: 'dynamodb',
  ChangeMessageVisibility: 'sqs',
  DeleteMessage: 'sqs',
  GetQueueAttributes: 'sqs',
  ReceiveMessage: 'sqs',
  SendMessage: 'sqs',
};

function actionOf(command: string): string {
  const action = command.replace(/Batch$/, '');
  return `${lookUp(services, action)}:${action}`;
}

function lookUp(table: Readonly<Record<string, string>>, name: string): string {
  const found = table[name];
  if (found === undefined) throw new Error(`${name} is a call of AWS that is not known here`);
  return found;
}
