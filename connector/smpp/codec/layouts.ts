import type { CommandName, PduToWrite } from './pdu.ts';

/**
 * The body of each command, field by field in the order of the wire (SMPP 3.4, chapter 4). Reader and
 * writer walk this table; they know no command by name but the frequent ones, for speed.
 */

/** Length, id, status and sequence number: 4 octets each. */
export const headerLength = 16;

export type FieldKind =
  /** C-octet string: its characters and a NUL. */
  | 'cstring'
  /** Integer of one octet. */
  | 'octet'
  /** One octet of length, then that many octets. */
  | 'counted-octets';

export type FieldValue = string | number | Uint8Array;

export interface Field<Name extends string = string> {
  readonly name: Name;
  readonly kind: FieldKind;
  /** Most characters without the NUL, or octets, that SMPP 3.4 allows: what is longer is read whole, with a flaw. */
  readonly specifiedMax: number;
  /** Most that we write: what is longer is refused. */
  readonly writtenMax: number;
}

type BodyField<C extends CommandName> = Exclude<
  Extract<keyof PduToWrite<C>, string>,
  'command' | 'commandStatus' | 'sequenceNumber' | 'tlvs'
>;

/**
 * Most characters that we write into a name, an address or a password. Not the specification's 5 to 40:
 * SMSCs give out longer ones and mean it (quirk 44), so the limit only stops what cannot be meant.
 */
export const maxString = 64;

function cstring<Name extends string>(name: Name, specifiedMax: number, writtenMax = maxString): Field<Name> {
  return { name, kind: 'cstring', specifiedMax, writtenMax };
}

function octet<Name extends string>(name: Name): Field<Name> {
  return { name, kind: 'octet', specifiedMax: 0xff, writtenMax: 0xff };
}

/** `YYMMDDhhmmsstnnp` (SMPP 3.4, 7.1.1). */
function time<Name extends string>(name: Name): Field<Name> {
  return cstring(name, 16, 16);
}

/** An id is opaque, so we pass on what is far longer than any known (quirk 5). */
function messageIdOf(specifiedMax: number): Field<'messageId'> {
  return cstring('messageId', specifiedMax, 255);
}

const systemId = cstring('systemId', 15);
const password = cstring('password', 8);
const serviceType = cstring('serviceType', 5);
const messageId = messageIdOf(64);
/** The specification leaves the field of a deliver_sm_resp unused (SMPP 3.4, 4.6.2). */
const unusedMessageId = messageIdOf(0);

/** 20 characters in most commands, 64 in data_sm and alert_notification. */
function source(maxAddress: number) {
  return [octet('sourceAddrTon'), octet('sourceAddrNpi'), cstring('sourceAddr', maxAddress)] as const;
}

function destination(maxAddress: number) {
  return [octet('destAddrTon'), octet('destAddrNpi'), cstring('destinationAddr', maxAddress)] as const;
}

const bind = [
  systemId,
  password,
  cstring('systemType', 12),
  octet('interfaceVersion'),
  octet('addrTon'),
  octet('addrNpi'),
  cstring('addressRange', 40),
];

/** 255 octets would fit the count; the specification ends at 254 (SMPP 3.4, 5.2.21). */
const text: Field<'shortMessage'> = {
  name: 'shortMessage',
  kind: 'counted-octets',
  specifiedMax: 254,
  writtenMax: 254,
};

const shortMessage = [
  serviceType,
  ...source(20),
  ...destination(20),
  octet('esmClass'),
  octet('protocolId'),
  octet('priorityFlag'),
  time('scheduleDeliveryTime'),
  time('validityPeriod'),
  octet('registeredDelivery'),
  octet('replaceIfPresentFlag'),
  octet('dataCoding'),
  octet('smDefaultMsgId'),
  text,
];

export const layouts: { readonly [C in CommandName]: readonly Field<BodyField<C>>[] } = {
  bind_transceiver: bind,
  bind_transceiver_resp: [systemId],
  bind_transmitter: bind,
  bind_transmitter_resp: [systemId],
  bind_receiver: bind,
  bind_receiver_resp: [systemId],
  outbind: [systemId, password],
  submit_sm: shortMessage,
  submit_sm_resp: [messageId],
  deliver_sm: shortMessage,
  deliver_sm_resp: [unusedMessageId],
  data_sm: [
    serviceType,
    ...source(64),
    ...destination(64),
    octet('esmClass'),
    octet('registeredDelivery'),
    octet('dataCoding'),
  ],
  data_sm_resp: [messageId],
  query_sm: [messageId, ...source(20)],
  query_sm_resp: [messageId, time('finalDate'), octet('messageState'), octet('errorCode')],
  cancel_sm: [serviceType, messageId, ...source(20), ...destination(20)],
  cancel_sm_resp: [],
  alert_notification: [...source(64), octet('esmeAddrTon'), octet('esmeAddrNpi'), cstring('esmeAddr', 64)],
  enquire_link: [],
  enquire_link_resp: [],
  unbind: [],
  unbind_resp: [],
  generic_nack: [],
};

export const commandNames = Object.keys(layouts) as readonly CommandName[];
