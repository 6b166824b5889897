import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  drop,
  freeze,
  hangUp,
  hold,
  inTurn,
  ok,
  refuse,
  type ScriptedSmsc,
  sendRaw,
  silence,
  startScriptedSmsc,
} from '../../support/scripted-smsc.ts';
import { PDU } from '../../support/smpp-oracle.ts';

let smsc: ScriptedSmsc | undefined;
let clients: Client[] = [];

afterEach(async () => {
  await smsc?.stop();
  for (const client of clients) client.socket.destroy();
  clients = [];
});

/** The least of an ESME: it knows whole PDUs and nothing else. */
class Client {
  readonly received: PDU[] = [];
  readonly closed: Promise<unknown>;
  readonly socket: Socket;
  #unread = Buffer.alloc(0);
  #changed = Promise.withResolvers<void>();

  constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      this.#unread = Buffer.concat([this.#unread, chunk]);
      for (let pdu = PDU.fromBuffer(this.#unread); pdu; pdu = PDU.fromBuffer(this.#unread)) {
        this.#unread = this.#unread.subarray(pdu.command_length);
        this.received.push(pdu);
      }
      this.#changed.resolve();
      this.#changed = Promise.withResolvers();
    });
  }

  send(command: string, fields: Record<string, unknown> = {}): void {
    this.socket.write(new PDU(command, fields).toBuffer());
  }

  async receivedCount(count: number): Promise<PDU[]> {
    while (this.received.length < count) await this.#changed.promise;
    return this.received;
  }
}

async function connected(to: ScriptedSmsc): Promise<Client> {
  const socket = connect(to.port, to.host);
  await once(socket, 'connect');
  const client = new Client(socket);
  clients.push(client);
  return client;
}

test('a scripted SMSC without a script binds, accepts messages and answers enquire_link and unbind', async () => {
  smsc = await startScriptedSmsc();
  const client = await connected(smsc);
  const commands = ['bind_transceiver', 'submit_sm', 'submit_sm', 'enquire_link', 'unbind'];
  for (const [index, command] of commands.entries()) client.send(command, { sequence_number: index + 1 });
  expect(await client.receivedCount(5)).toMatchObject([
    { command: 'bind_transceiver_resp', command_status: 0, sequence_number: 1 },
    { command: 'submit_sm_resp', message_id: '1', sequence_number: 2 },
    { command: 'submit_sm_resp', message_id: '2', sequence_number: 3 },
    { command: 'enquire_link_resp', sequence_number: 4 },
    { command: 'unbind_resp', sequence_number: 5 },
  ]);
});

test('each connection plays the next conversation, and the last one is played again', async () => {
  smsc = await startScriptedSmsc([{ bind_transceiver: refuse(0x05) }, {}]);
  for (const command_status of [0x05, 0, 0]) {
    const client = await connected(smsc);
    client.send('bind_transceiver');
    expect(await client.receivedCount(1)).toMatchObject([{ command_status }]);
  }
  expect(smsc.connections).toHaveLength(3);
});

test('the n-th request gets the n-th reply, and the last reply is given again', async () => {
  smsc = await startScriptedSmsc([{ submit_sm: [ok({ message_id: 'a' }), refuse(0x58), silence, ok()] }]);
  const client = await connected(smsc);
  for (const sequence_number of [1, 2, 3, 4, 5]) client.send('submit_sm', { sequence_number });
  expect(await client.receivedCount(4)).toMatchObject([
    { sequence_number: 1, message_id: 'a' },
    { sequence_number: 2, command_status: 0x58 },
    { sequence_number: 4, command_status: 0 },
    { sequence_number: 5, command_status: 0 },
  ]);
});

test('held requests are answered when the test releases them, in the order it wants', async () => {
  smsc = await startScriptedSmsc([{ submit_sm: hold() }]);
  const client = await connected(smsc);
  for (const sequence_number of [1, 2, 3]) client.send('submit_sm', { sequence_number });
  const [, second] = await smsc.atLeast(3, 'submit_sm');
  expect(smsc.held.requests).toHaveLength(3);
  smsc.held.release(second as PDU);
  smsc.held.release();
  const answers = await client.receivedCount(3);
  expect(answers.map((pdu) => pdu.sequence_number)).toEqual([2, 1, 3]);
  expect(smsc.held.requests).toHaveLength(0);
});

test('a scripted SMSC sends requests of its own and resolves with the responses', async () => {
  smsc = await startScriptedSmsc();
  const client = await connected(smsc);
  const answered = smsc.send('deliver_sm', { short_message: Buffer.from('hi'), sequence_number: 42 });
  const [request] = await client.receivedCount(1);
  expect(request).toMatchObject({ command: 'deliver_sm', short_message: Buffer.from('hi'), data_coding: 0 });
  client.send('deliver_sm_resp', { sequence_number: 42 });
  expect(await answered).toMatchObject({ command: 'deliver_sm_resp' });
});

test.each([
  ['drops', drop],
  ['hangs up', hangUp],
])('a scripted SMSC that %s closes the connection', async (_, reply) => {
  smsc = await startScriptedSmsc([{ submit_sm: inTurn(ok(), reply) }]);
  const client = await connected(smsc);
  client.send('submit_sm');
  await client.closed;
  await (await smsc.connection(1)).closed;
});

test('a frozen connection takes nothing until it thaws', async () => {
  smsc = await startScriptedSmsc([{ bind_transceiver: freeze }]);
  const client = await connected(smsc);
  client.send('bind_transceiver', { sequence_number: 1 });
  client.send('enquire_link', { sequence_number: 2 });
  await smsc.next('bind_transceiver');
  expect(smsc.received).toHaveLength(1);
  (await smsc.connection(1)).thaw();
  expect(await client.receivedCount(1)).toMatchObject([{ command: 'enquire_link_resp', sequence_number: 2 }]);
});

test('a scripted SMSC sends octets as they are', async () => {
  const octets = Buffer.from('HTTP/1.1 400 Bad Request');
  smsc = await startScriptedSmsc([{ bind_transceiver: sendRaw(octets) }]);
  const socket = connect(smsc.port, smsc.host);
  socket.write(new PDU('bind_transceiver').toBuffer());
  const [chunk] = await once(socket, 'data');
  expect(chunk).toEqual(octets);
  socket.destroy();
});

test('an SMSC that is down refuses connections and comes up again on its port', async () => {
  smsc = await startScriptedSmsc();
  const client = await connected(smsc);
  const { port } = smsc;
  await smsc.goDown();
  await client.closed;
  await expect(connected(smsc)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await smsc.comeUp();
  expect(smsc.port).toBe(port);
  (await connected(smsc)).send('enquire_link');
  expect(await smsc.next('enquire_link')).toMatchObject({ command: 'enquire_link' });
});

test('what never came rejects by name when the SMSC is stopped', async () => {
  smsc = await startScriptedSmsc();
  const client = await connected(smsc);
  const answer = smsc.send('enquire_link');
  await client.receivedCount(1);
  const waits = [smsc.next('submit_sm'), smsc.connection(2), answer];
  await smsc.stop();
  await expect(waits[0]).rejects.toThrow('closed while waiting for submit_sm number 1');
  await expect(waits[1]).rejects.toThrow('closed while waiting for connection 2');
  await expect(waits[2]).rejects.toThrow('closed while waiting for the answer to enquire_link');
  await expect(smsc.next('unbind')).rejects.toThrow('closed while waiting for unbind number 1');
});
