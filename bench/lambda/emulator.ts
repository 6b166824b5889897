import { connect } from 'node:net';
import { createServer } from 'node:tls';
import { region } from '../../local/aws.ts';
import { startEmulators } from '../../local/emulators/emulators.ts';
import { listenOnLoopback } from '../../local/loopback.ts';

/*
 * The AWS of the bench, run as a process of its own: its work is not the functions'. It is reached by TLS when its
 * parent gives key and certificate, and ends with its parent.
 */

const { endpoint } = await startEmulators({ region });
const { TLS_KEY: key, TLS_CERTIFICATE: cert } = process.env;
const secure = key !== undefined && cert !== undefined;
process.on('disconnect', () => process.exit());
process.send?.({ endpoint, functionsEndpoint: secure ? await serveTls(endpoint, { key, cert }) : endpoint });

async function serveTls(upstream: string, keys: { readonly key: string; readonly cert: string }): Promise<string> {
  // Or the first answer would wait 40 ms for an acknowledgement of what TLS sent before it.
  const server = createServer({ ...keys, noDelay: true }, (client) => {
    const onward = connect({ port: Number(new URL(upstream).port), host: '127.0.0.1', noDelay: true });
    client.pipe(onward).pipe(client);
    client.on('error', () => onward.destroy());
    onward.on('error', () => client.destroy());
  });
  return `https://localhost:${await listenOnLoopback(server, 0)}`;
}
