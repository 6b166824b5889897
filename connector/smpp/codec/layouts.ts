import type { CommandName, PduToWrite } from './pdu.ts';

/**
 * The body of each command, field by field in the order of the wire (SMPP 3.4, chapter 4). Reader and
 * writer know no command by name: they walk this table.
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

export interface Field<Name extends string = string> {
  readonly name: Name;
  readonly kind: FieldKind;
  /** Most characters without the NUL, or octets, that we write; what is longer is read, with a flaw. */
  readonly max: number;
}

type BodyField<C extends CommandName> = Exclude<
  Extract<keyof PduToWrite<C>, string>,
  'command' | 'commandStatus' | 'sequenceNumber' | 'tlvs'
>;

/**
 * Not the specification's 5 to 40: SMSCs give out longer passwords and addresses and mean it (quirk 44),
 * so a limit only stops what cannot be meant.
 */
export const maxString = 64;
/** Ids of 64 characters exist (quirk 5); the specification has 64 too. */
const maxMessageId = 255;
/** `YYMMDDhhmmsstnnp` (SMPP 3.4, 7.1.1). */
const maxTime = 16;
/** 255 would fit the octet; the specification ends at 254 (SMPP 3.4, 5.2.21). */
const maxShortMessage = 254;

function cstring<Name extends string>(name: Name, max = maxString): Field<Name> {
  return { name, kind: 'cstring', max };
}

function octet<Name extends string>(name: Name): Field<Name> {
  return { name, kind: 'octet', max: 0xff };
}

function countedOctets<Name extends string>(name: Name, max: number): Field<Name> {
  return { name, kind: 'counted-octets', max };
}

const shortMessage = [
  cstring('serviceType'),
  octet('sourceAddrTon'),
  octet('sourceAddrNpi'),
  cstring('sourceAddr'),
  octet('destAddrTon'),
  octet('destAddrNpi'),
  cstring('destinationAddr'),
  octet('esmClass'),
  octet('protocolId'),
  octet('priorityFlag'),
  cstring('scheduleDeliveryTime', maxTime),
  cstring('validityPeriod', maxTime),
  octet('registeredDelivery'),
  octet('replaceIfPresentFlag'),
  octet('dataCoding'),
  octet('smDefaultMsgId'),
  countedOctets('shortMessage', maxShortMessage),
];

export const layouts: { readonly [C in CommandName]: readonly Field<BodyField<C>>[] } = {
  bind_transceiver: [
    cstring('systemId'),
    cstring('password'),
    cstring('systemType'),
    octet('interfaceVersion'),
    octet('addrTon'),
    octet('addrNpi'),
    cstring('addressRange'),
  ],
  bind_transceiver_resp: [cstring('systemId')],
  submit_sm: shortMessage,
  submit_sm_resp: [cstring('messageId', maxMessageId)],
  deliver_sm: shortMessage,
  deliver_sm_resp: [cstring('messageId', maxMessageId)],
  enquire_link: [],
  enquire_link_resp: [],
  unbind: [],
  unbind_resp: [],
  generic_nack: [],
};

export const commandNames = Object.keys(layouts) as readonly CommandName[];
