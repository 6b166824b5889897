import { once } from 'node:events';
import type { PDU, Session } from 'smpp';
import { queueOf } from '../../../support/awaited-queue.ts';
import type { Carrier, Client, ReceivedMessage } from './client.ts';
import { Joining } from './joining.ts';

type Fields = Readonly<Record<string, unknown>>;
type Request = (fields: Fields, onResponse: (response: PDU) => void) => boolean;

/** A session of the package as its clients see it. */
type PackageSession = Session & Record<Command, Request>;

type BindCommand = 'bind_transceiver' | 'bind_transmitter' | 'bind_receiver';
type Command = BindCommand | 'submit_sm' | 'query_sm' | 'cancel_sm' | 'enquire_link' | 'unbind';

interface Package {
  connect(options: Fields): PackageSession;
  readonly encodings: { detect(text: string): string };
}

interface TextOfPdu {
  readonly message: string;
  /** Information elements, without the length of all. */
  readonly udh?: readonly Buffer[];
}

const concatenationIe = 0x00;
const receiptEsmClass = 0x04;
const throttled = 0x58;

/**
 * An ESME as somebody writes it with the package `smpp`: its own copy of the package, for the simulator has changed the tables of
 * the one that it shares with this process.
 */
export class PackageClient implements Client {
  readonly #carrier: Carrier;
  readonly #receipts = queueOf<{ id: string; stat: string }>();
  readonly #messages = queueOf<ReceivedMessage>();
  readonly #joining = new Joining((message) => this.#messages.push(message));
  readonly #sessions: PackageSession[] = [];
  #package: Package | undefined;
  #reference = 0;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  async bind(): Promise<void> {
    this.#package = await ownPackage();
    const commands: readonly BindCommand[] =
      this.#carrier.bindMode === 'transceiver' ? ['bind_transceiver'] : ['bind_transmitter', 'bind_receiver'];
    for (const command of commands) await this.#bind(this.#package, command);
  }

  async submit(to: string, text: string): Promise<readonly string[]> {
    const dataCoding = this.#package?.encodings.detect(text) === 'ASCII' ? 0 : 8;
    const parts = partsOf(text, dataCoding);
    this.#reference += 1;
    const ids: string[] = [];
    for (const [index, message] of parts.entries()) {
      const udh = Buffer.from([5, concatenationIe, 3, this.#reference, parts.length, index + 1]);
      ids.push(
        await this.#submitOne({
          ...{ source_addr_ton: 5, source_addr_npi: 0, source_addr: 'ACME' },
          ...{ dest_addr_ton: 1, dest_addr_npi: 1, destination_addr: to.replace('+', '') },
          ...{ registered_delivery: 1, data_coding: dataCoding, esm_class: parts.length > 1 ? 0x40 : 0 },
          short_message: parts.length > 1 ? { udh, message } : { message },
        }),
      );
    }
    return ids;
  }

  receipt(): Promise<{ readonly id: string; readonly stat: string }> {
    return this.#receipts.shift();
  }

  message(): Promise<ReceivedMessage> {
    return this.#messages.shift();
  }

  /** A request and its response, for what only this client does. */
  ask(command: Command, fields: Fields = {}): Promise<PDU> {
    return ask(this.#sender, command, fields);
  }

  async unbind(): Promise<void> {
    for (const session of this.#sessions.splice(0)) {
      const closed = once(session, 'close');
      await ask(session, 'unbind', {});
      session.close();
      await closed;
    }
  }

  async release(): Promise<void> {
    for (const session of this.#sessions.splice(0)) session.destroy();
  }

  get #sender(): PackageSession {
    const [sender] = this.#sessions;
    if (sender === undefined) throw new Error('nothing is bound');
    return sender;
  }

  async #bind(smpp: Package, command: BindCommand): Promise<void> {
    const { port, ca } = this.#carrier;
    const session = smpp.connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      ...(ca && { tls: true, ca, servername: 'smsc.example' }),
    });
    this.#sessions.push(session);
    session.on('error', (error: Error) => session.emit('close', error));
    session.on('enquire_link', (pdu: PDU) => session.send(pdu.response()));
    session.on('deliver_sm', (pdu: PDU) => {
      this.#take(pdu);
      session.send(pdu.response());
    });
    await once(session, ca === undefined ? 'connect' : 'secureConnect');
    const answer = await ask(session, command, { system_id: 'me', password: 'secret', interface_version: 0x34 });
    expect(answer).toMatchObject({ command: `${command}_resp`, command_status: 0 });
  }

  async #submitOne(fields: Fields): Promise<string> {
    for (;;) {
      const { command_status: status, message_id: messageId } = await this.ask('submit_sm', fields);
      if (status === 0) return String(messageId);
      expect(status).toBe(throttled);
      await this.#carrier.clock.sleep(500);
    }
  }

  #take(pdu: PDU): void {
    const { message, udh = [] } = pdu.short_message as TextOfPdu;
    if (pdu.esm_class === receiptEsmClass) {
      const [, id = '', stat = ''] = /^id:(\S+) .* stat:(\S+) /.exec(message) ?? [];
      this.#receipts.push({ id, stat });
      return;
    }
    const [, , reference = 0, total = 1, part = 1] = udh.find(([element]) => element === concatenationIe) ?? [];
    const from = `${pdu.source_addr_ton === 1 ? '+' : ''}${pdu.source_addr}`;
    this.#joining.take({ from, to: String(pdu.destination_addr), text: message }, { reference, total, part });
  }
}

/** What is longer than one short message goes in parts, wherever they end. */
function partsOf(text: string, dataCoding: number): string[] {
  const [alone, part] = dataCoding === 0 ? [160, 153] : [70, 67];
  if (text.length <= alone) return [text];
  return Array.from({ length: Math.ceil(text.length / part) }, (_, index) =>
    text.slice(index * part, (index + 1) * part),
  );
}

function ask(session: PackageSession, command: Command, fields: Fields): Promise<PDU> {
  return new Promise((resolve, reject) => {
    const onClose = () => reject(new Error(`the session ended before the answer to ${command}`));
    session.once('close', onClose);
    const isWritten = session[command](fields, (response) => {
      session.off('close', onClose);
      resolve(response);
    });
    if (!isWritten) reject(new Error('the session is not writable'));
  });
}

async function ownPackage(): Promise<Package> {
  let own: Package | undefined;
  await jest.isolateModulesAsync(async () => {
    const { default: loaded } = await import('smpp');
    own = loaded as unknown as Package;
  });
  if (own === undefined) throw new Error('the package was not loaded');
  return own;
}
