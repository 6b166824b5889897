import { once } from 'node:events';
import smpp, { type PDU, type Session } from 'smpp';
import type { Contender, Peer } from './contender.ts';
import type { Load } from './load.ts';
import { messageOf } from './message.ts';

type Send = (fields: Readonly<Record<string, unknown>>, onResponse: (response: PDU) => void) => boolean;
type Client = Session & { readonly bind_transceiver: Send; readonly submit_sm: Send };

const { connect } = smpp as unknown as {
  connect(options: { readonly host: string; readonly port: number; readonly noDelay: boolean }): Client;
};

/** The package `smpp`, used as its README has it. */
export const packageWithText: Contender = (peer, load) => run(peer, load, 'text');

/** The same, spared the search for an encoding: the cheapest way to use it. */
export const packageWithOctets: Contender = (peer, load) => run(peer, load, 'octets');

async function run(peer: Peer, load: Load, kind: 'text' | 'octets'): Promise<void> {
  const client = await bound(peer);
  for (let slot = 0; slot < load.window; slot += 1) submit(slot);
  await load.drained;
  const closed = once(client, 'close');
  client.close();
  await closed;

  function submit(slot: number): void {
    const message = messageOf(load.begin(slot));
    const written = client.submit_sm(
      {
        source_addr_ton: 1,
        source_addr_npi: 1,
        source_addr: message.from,
        dest_addr_ton: 1,
        dest_addr_npi: 1,
        destination_addr: message.to,
        registered_delivery: 1,
        ...(kind === 'text' ? { short_message: message.text } : { data_coding: 0, short_message: message.octets }),
      },
      (response) => {
        checkAccepted(response);
        if (load.answered(slot)) submit(slot);
      },
    );
    if (!written) throw new Error('the session is not writable');
  }
}

async function bound({ port, systemType }: Peer): Promise<Client> {
  const client = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(client, 'connect');
  const response = await new Promise<PDU>((resolve) => {
    client.bind_transceiver({ system_id: 'bench', password: 'bench', system_type: systemType }, resolve);
  });
  checkAccepted(response);
  return client;
}

function checkAccepted({ command, command_status: commandStatus }: PDU): void {
  if (commandStatus !== 0) throw new Error(`expected ESME_ROK, got ${commandStatus} in ${command}`);
}
