import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import smpp from 'smpp';

export interface EsmePorts {
  /** A submit_sm of this sequence number was accepted. */
  readonly onAccepted: (sequence: number, messageId: string) => void;
  /** It is answered at once. */
  readonly onReceipt: (messageId: string) => void;
  /** All that one read brought has been told. */
  readonly onRead: () => void;
  /** Nothing more comes. */
  readonly onFault: (error: Error) => void;
}

const headerOctets = 16;
const command = { submitSmResp: 0x80000004, deliverSm: 0x00000005 } as const;
const idField = Buffer.from('id:', 'latin1');
const space = 0x20;

/** Octets over a socket: what an ESME cannot do without to send submit_sm and take receipts, and nothing else. */
export class BenchEsme {
  readonly #socket: Socket;
  readonly #ports: EsmePorts;
  #rest: Buffer | undefined;
  #answers: Buffer[] = [];

  /** Bound as "bench". */
  static async bind(port: number, ports: EsmePorts): Promise<BenchEsme> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    await once(socket, 'connect');
    // system_type: for the SMSC made by hand, so many ms until it answers.
    const bind = {
      system_id: 'bench',
      password: 'bench',
      system_type: '0',
      interface_version: 0x34,
      sequence_number: 1,
    };
    socket.write(new smpp.PDU('bind_transceiver', bind).toBuffer());
    const [response] = (await once(socket, 'data')) as [Buffer];
    if (response.readUInt32BE(8) !== 0) throw new Error(`the bind was answered ${response.readUInt32BE(8)}`);
    return new BenchEsme(socket, ports);
  }

  private constructor(socket: Socket, ports: EsmePorts) {
    this.#socket = socket;
    this.#ports = ports;
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('error', ports.onFault);
    socket.on('close', () => ports.onFault(new Error('the SMSC has closed the connection')));
  }

  write(octets: Buffer): void {
    this.#socket.write(octets);
  }

  /** Resolves when the connection is closed. */
  async end(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.end();
    await closed;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #onData(chunk: Buffer): void {
    const octets = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (at + headerOctets <= octets.length) {
      const end = at + octets.readUInt32BE(at);
      if (end > octets.length) break;
      this.#onPdu(octets.subarray(at, end));
      at = end;
    }
    this.#rest = at === octets.length ? undefined : octets.subarray(at);
    if (this.#answers.length > 0) this.#socket.write(Buffer.concat(this.#answers));
    this.#answers = [];
    this.#ports.onRead();
  }

  #onPdu(pdu: Buffer): void {
    const [commandId, status, sequence] = [pdu.readUInt32BE(4), pdu.readUInt32BE(8), pdu.readUInt32BE(12)];
    if (commandId === command.submitSmResp && status === 0) {
      this.#ports.onAccepted(sequence, pdu.toString('latin1', headerOctets, pdu.length - 1));
    } else if (commandId === command.deliverSm) {
      this.#answers.push(deliverSmResp(sequence));
      this.#ports.onReceipt(idOf(pdu));
    } else {
      const what = `command 0x${commandId.toString(16)} with command_status ${status}`;
      this.#ports.onFault(new Error(`expected acceptances and receipts, got ${what}`));
    }
  }
}

function deliverSmResp(sequence: number): Buffer {
  const pdu = Buffer.alloc(headerOctets + 1);
  pdu.writeUInt32BE(pdu.length, 0);
  pdu.writeUInt32BE(0x80000005, 4);
  pdu.writeUInt32BE(sequence, 12);
  return pdu;
}

/** As its text has it. */
function idOf(pdu: Buffer): string {
  const start = pdu.indexOf(idField, headerOctets) + idField.length;
  return pdu.toString('latin1', start, pdu.indexOf(space, start));
}
