import { commandStatus } from '../command-status.ts';
import type { Behaviour } from '../play/behaviour.ts';
import { smpp34 } from '../smpp.ts';
import { numberOf, type ReceivedPdu, stringOf } from './package-smpp.ts';

const commands = ['bind_transceiver', 'bind_transmitter', 'bind_receiver'] as const;
export type BindCommand = (typeof commands)[number];

const modes = { bind_transceiver: 'transceiver', bind_transmitter: 'transmitter', bind_receiver: 'receiver' } as const;

/** What an ESME asks for. */
export interface Bind {
  readonly command: BindCommand;
  readonly systemId: string;
  readonly password: string;
  readonly pdu: ReceivedPdu;
}

export function bindOf(pdu: ReceivedPdu): Bind | undefined {
  const command = commands.find((name) => name === pdu.command);
  if (command === undefined) return undefined;
  return { command, systemId: stringOf(pdu, 'system_id'), password: stringOf(pdu, 'password'), pdu };
}

/** Before version 3.4 there were no TLVs, and an ESME must be sent none (SMPP 3.4, 3.4). */
export function takesTlvs({ pdu }: Bind): boolean {
  return numberOf(pdu, 'interface_version') >= smpp34;
}

/** ESME_ROK, or why such a bind is refused whoever asks. */
export function checkBind({ command, pdu }: Bind, binds: Behaviour['binds']): number {
  const { statuses, interfaceVersions } = binds;
  if (!binds.modes.includes(modes[command])) return statuses.wrongMode;
  if (interfaceVersions !== null && !interfaceVersions.includes(numberOf(pdu, 'interface_version'))) {
    return statuses.wrongVersion;
  }
  const isMissing = binds.requires.some((field) => numberOf(pdu, field) === 0 && stringOf(pdu, field) === '');
  return isMissing ? statuses.missingField : commandStatus.ok;
}
