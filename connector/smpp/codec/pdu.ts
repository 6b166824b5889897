/** PDUs as SMPP 3.4 names them. Text is octets here: what they mean depends on data_coding and the carrier. */

export interface Tlv {
  readonly tag: number;
  readonly value: Uint8Array;
}

interface BindBody {
  readonly systemId: string;
  readonly password: string;
  readonly systemType: string;
  readonly interfaceVersion: number;
  readonly addrTon: number;
  readonly addrNpi: number;
  readonly addressRange: string;
}

interface SystemIdBody {
  readonly systemId: string;
}

interface MessageIdBody {
  readonly messageId: string;
}

export interface ShortMessageBody {
  readonly serviceType: string;
  readonly sourceAddrTon: number;
  readonly sourceAddrNpi: number;
  readonly sourceAddr: string;
  readonly destAddrTon: number;
  readonly destAddrNpi: number;
  readonly destinationAddr: string;
  readonly esmClass: number;
  readonly protocolId: number;
  readonly priorityFlag: number;
  readonly scheduleDeliveryTime: string;
  readonly validityPeriod: string;
  readonly registeredDelivery: number;
  readonly replaceIfPresentFlag: number;
  readonly dataCoding: number;
  readonly smDefaultMsgId: number;
  /** With the UDH, if esm_class says there is one. */
  readonly shortMessage: Uint8Array;
}

type NoBody = Record<never, never>;

interface Bodies {
  bind_transceiver: BindBody;
  bind_transceiver_resp: SystemIdBody;
  submit_sm: ShortMessageBody;
  submit_sm_resp: MessageIdBody;
  deliver_sm: ShortMessageBody;
  deliver_sm_resp: MessageIdBody;
  enquire_link: NoBody;
  enquire_link_resp: NoBody;
  unbind: NoBody;
  unbind_resp: NoBody;
  generic_nack: NoBody;
}

export type CommandName = keyof Bodies;

interface Frame {
  readonly commandStatus: number;
  /** Any 32-bit value when it came from the peer; ours are 1 to 0x7fffffff. */
  readonly sequenceNumber: number;
  readonly tlvs: readonly Tlv[];
}

/** What `writePdu` takes. */
export type PduToWrite<C extends CommandName = CommandName> = {
  [Name in C]: { readonly command: Name } & Bodies[Name] & Frame;
}[C];

interface AsRead {
  /** The whole PDU as it came. */
  readonly raw: Buffer;
  /** What did not follow the specification and was tolerated; empty for a PDU that does. */
  readonly flaws: readonly string[];
}

export type KnownPdu<C extends CommandName = CommandName> = PduToWrite<C> & AsRead;

/** A command this codec has no layout for; its body is only in `raw`. */
export type UnknownPdu = { readonly command: 'unknown'; readonly commandId: number } & Frame & AsRead;

/** What `readPdu` gives. */
export type Pdu = KnownPdu | UnknownPdu;
