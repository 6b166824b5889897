import { carrierName } from '../carrier-name.ts';
import { type CarrierSecret, carrierSecrets, outputOf } from '../carrier-secrets.ts';
import { type Path, valueAt } from './tree.ts';

/** The secret for which the value there was taken, if it were one: by the group that it is in. */
export function secretMeantAt(path: Path): CarrierSecret {
  if (path.includes('tls')) return 'clientCertificate';
  return path.includes('receiver') ? 'receiverPassword' : 'password';
}

/** What to do, as commands: whoever has just put a secret in the file needs another place for it. */
export function remedyOf(secret: CarrierSecret, given: unknown, path: Path): string {
  const { file, option, suffix } = carrierSecrets[secret];
  const carrier = carrierOf(given, path) ?? '<carrier>';
  const create = `aws secretsmanager create-secret --name smpp-${carrier}${suffix} --secret-string file://${file}`;
  // Without any of the others the SMSC is not given one.
  const other = secret === 'password' ? `leave "${option}" out` : `write {"file": "${file}"}`;
  return `create a secret with \`${create}\` and name its ARN, or ${other} and after the first deploy run the command in the stack's output "${outputOf(secret)}..." (aws secretsmanager put-secret-value)`;
}

/** Its name, if that may be in a command. */
function carrierOf(given: unknown, path: Path): string | undefined {
  return path[0] === 'carriers' ? carrierName.safeParse(valueAt(given, [...path.slice(0, 2), 'name'])).data : undefined;
}
