/** The parts of smpp@0.5.1 that this project uses. The package ships no types. */
declare module 'smpp/lib/defs.js' {
  interface WireType {
    read(buffer: Buffer, offset: number, length?: number): unknown;
    write(value: unknown, buffer: Buffer, offset: number): void;
    size(value: unknown): number;
    default: unknown;
  }
  interface Filter {
    encode(this: unknown, value: unknown, skipUdh?: unknown): unknown;
    decode(this: unknown, value: unknown, skipUdh?: unknown): unknown;
  }
  interface TlvDefinition {
    id: number;
    tag?: string;
    type: WireType;
    filter?: Filter;
    multiple?: boolean;
  }
  interface CommandDefinition {
    id: number;
    params?: Record<string, { type: WireType; filter?: Filter; default?: unknown }>;
  }
  export const types: Record<string, WireType> & { tlv: Record<string, WireType> };
  export const filters: { time: Filter; message: Filter } & Record<string, Filter>;
  export const tlvs: Record<string, TlvDefinition>;
  export const tlvsById: Record<number, TlvDefinition>;
  export const commands: Record<string, CommandDefinition>;
  export const errors: Record<string, number>;
  export const consts: Record<string, Record<string, number>>;
}

declare module 'smpp/lib/pdu.js' {
  export class PDU {
    static maxLength: number;
    static fromBuffer(buffer: Buffer): PDU | false;
    static fromStream(stream: { read(size: number): Buffer | null }, commandLength: number): PDU | false;
    constructor(command: string, options?: Record<string, unknown>);
    constructor(raw: Buffer);
    command: string;
    command_id: number;
    command_length: number;
    command_status: number;
    sequence_number: number;
    isResponse(): boolean;
    /** Throws for alert_notification, outbind and every response. */
    response(options?: Record<string, unknown>): PDU;
    toBuffer(): Buffer;
    [field: string]: unknown;
  }
}

declare module 'smpp' {
  import type { EventEmitter } from 'node:events';
  import type { Server as NetServer, Socket } from 'node:net';
  import type { PDU } from 'smpp/lib/pdu.js';

  export { PDU };
  export class Session extends EventEmitter {
    socket: Socket;
    send(pdu: PDU, responseCallback?: (response: PDU) => void): boolean;
    close(callback?: () => void): void;
    destroy(callback?: () => void): void;
    pause(): void;
    resume(): void;
  }
  export interface Server extends NetServer {
    sessions: Session[];
  }
  const smpp: {
    createServer(options: { key?: string; cert?: string }, onSession: (session: Session) => void): Server;
    PDU: typeof PDU;
    Session: typeof Session;
  };
  export default smpp;
}
