import { InvalidInputError } from '#contract/parse.ts';
import { type Address, toAddress } from '../messages/address.ts';
import type { Delivery } from '../messages/deliveries.ts';
import type { Behaviour } from '../play/behaviour.ts';
import type { Stage } from '../play/stage.ts';
import { maxShortMessageOctets, udhIndicator } from '../smpp.ts';
import { senderAddress } from './mo-sender.ts';
import { encodeMo } from './mo-text.ts';
import { type MoUserData, moUserData } from './mo-user-data.ts';

/** A message that a handset sends: a text, or raw octets under a data_coding. */
export interface Mo {
  readonly from: string;
  readonly to: string;
  readonly text?: string;
  /** Instead of `text`: sent as they are, in one PDU. */
  readonly octets?: Uint8Array;
  /** Of `octets`. @default 0 */
  readonly dataCoding?: number;
  /** In front of `octets`, with its length octet. */
  readonly udh?: Uint8Array;
  /** The system_id of the account whose sessions get it. @default those of all accounts in turn */
  readonly account?: string;
}

export interface MoContext {
  readonly stage: Stage;
  /** Of the parts of this message, 0 to 65535. */
  readonly reference: number;
}

type Fields = Record<string, unknown>;

const maxPayloadOctets = 0xffff;
/** Of data_sm (SMPP 3.4, 5.2.8 and 5.2.9), without the "+" that stands in no PDU. */
const maxAddressLength = 64;
const noUdh = new Uint8Array();

/** What the SMSC sends to an ESME, in the order in which it does. Throws an `InvalidInputError` for what fits in no PDU. */
export function moDeliveries(mo: Mo, { stage, reference }: MoContext): Delivery[] {
  const faults = [...faultsOf(mo), ...addressFaults('from', mo.from), ...addressFaults('to', mo.to)];
  if (faults.length > 0) throw new InvalidInputError('message', faults);
  const { behaviour } = stage;
  const { dataCoding, parts } = userDataOf(mo, stage, reference);
  const addresses = addressFields(senderAddress(mo.from, stage.inTurn(behaviour.mo.senders)), toAddress(mo.to));
  const fields = { ...addresses, data_coding: dataCoding };
  const toAccount = mo.account === undefined ? {} : { systemId: mo.account };
  const deliveries = parts.map((part) => ({ ...toDelivery(part, fields, behaviour.mo), ...toAccount }));
  return behaviour.mo.partOrder === 'last-to-first' ? deliveries.reverse() : deliveries;
}

interface MoParts {
  readonly dataCoding: number;
  readonly parts: readonly MoUserData[];
}

function userDataOf({ text = '', octets, dataCoding = 0, udh = noUdh }: Mo, stage: Stage, reference: number): MoParts {
  if (octets !== undefined) {
    return { dataCoding, parts: [{ octets: Buffer.concat([udh, octets]), hasUdh: udh.length > 0 }] };
  }
  const encoded = encodeMo(text, stage);
  return { dataCoding: encoded.dataCoding, parts: moUserData(encoded, stage.behaviour.mo, reference) };
}

function toDelivery(part: MoUserData, fields: Fields, mo: Behaviour['mo']): Delivery {
  return {
    command: mo.command,
    fields: {
      ...fields,
      esm_class: part.hasUdh ? udhIndicator : 0,
      ...bodyFields(part, mo),
      ...sarFields(part),
      ...(Object.keys(mo.tlvs).length === 0 ? {} : { extraTlvs: mo.tlvs }),
    },
  };
}

function bodyFields({ octets, inPayload }: MoUserData, { command, textIn, trailingNul }: Behaviour['mo']): Fields {
  if (octets.length > maxPayloadOctets)
    throw new InvalidInputError('message', [`must fit in ${maxPayloadOctets} octets, needs ${octets.length}`]);
  if (command === 'data_sm') return { message_payload: octets };
  const length = octets.length + (trailingNul ? 1 : 0);
  if (inPayload || textIn === 'message_payload' || length > maxShortMessageOctets)
    return { short_message: Buffer.alloc(0), message_payload: octets };
  const shortMessage = trailingNul ? Buffer.concat([octets, Uint8Array.of(0)]) : octets;
  return { short_message: shortMessage, ...(textIn === 'both' ? { message_payload: octets } : {}) };
}

function sarFields({ sar }: MoUserData): Fields {
  if (sar === undefined) return {};
  return { sar_msg_ref_num: sar.reference, sar_total_segments: sar.total, sar_segment_seqnum: sar.part };
}

function addressFields(source: Address, destination: Address): Fields {
  return {
    source_addr_ton: source.ton,
    source_addr_npi: source.npi,
    source_addr: source.digits,
    dest_addr_ton: destination.ton,
    dest_addr_npi: destination.npi,
    destination_addr: destination.digits,
  };
}

function addressFaults(name: string, address: string): string[] {
  const faults: string[] = [];
  const { length } = toAddress(address).digits;
  if (length === 0 || length > maxAddressLength)
    faults.push(`${name}: must have 1 to ${maxAddressLength} characters, has ${length}`);
  if (Buffer.byteLength(address) !== address.length || address.includes('\0'))
    faults.push(`${name}: must be ASCII without NUL`);
  return faults;
}

function faultsOf({ text, octets, dataCoding, udh }: Mo): string[] {
  if (octets === undefined) {
    const faults = text === undefined ? ['needs either text or octets'] : [];
    if (dataCoding !== undefined) faults.push('dataCoding: goes with octets only');
    if (udh !== undefined) faults.push('udh: goes with octets only');
    return faults;
  }
  const faults = text === undefined ? [] : ['needs either text or octets'];
  const isOctet = dataCoding === undefined || (Number.isInteger(dataCoding) && dataCoding >= 0 && dataCoding <= 0xff);
  if (!isOctet) faults.push(`dataCoding: must be 0 to 255, got ${dataCoding}`);
  return faults;
}
