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

interface OutbindBody {
  readonly systemId: string;
  readonly password: string;
}

export interface MessageIdBody {
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

interface DataBody {
  readonly serviceType: string;
  readonly sourceAddrTon: number;
  readonly sourceAddrNpi: number;
  readonly sourceAddr: string;
  readonly destAddrTon: number;
  readonly destAddrNpi: number;
  readonly destinationAddr: string;
  readonly esmClass: number;
  readonly registeredDelivery: number;
  readonly dataCoding: number;
}

interface QueryBody {
  readonly messageId: string;
  readonly sourceAddrTon: number;
  readonly sourceAddrNpi: number;
  readonly sourceAddr: string;
}

interface QueryResultBody {
  readonly messageId: string;
  readonly finalDate: string;
  readonly messageState: number;
  readonly errorCode: number;
}

interface CancelBody {
  readonly serviceType: string;
  readonly messageId: string;
  readonly sourceAddrTon: number;
  readonly sourceAddrNpi: number;
  readonly sourceAddr: string;
  readonly destAddrTon: number;
  readonly destAddrNpi: number;
  readonly destinationAddr: string;
}

interface AlertBody {
  readonly sourceAddrTon: number;
  readonly sourceAddrNpi: number;
  readonly sourceAddr: string;
  readonly esmeAddrTon: number;
  readonly esmeAddrNpi: number;
  readonly esmeAddr: string;
}

type NoBody = Record<never, never>;

interface Bodies {
  bind_transceiver: BindBody;
  bind_transceiver_resp: SystemIdBody;
  bind_transmitter: BindBody;
  bind_transmitter_resp: SystemIdBody;
  bind_receiver: BindBody;
  bind_receiver_resp: SystemIdBody;
  outbind: OutbindBody;
  submit_sm: ShortMessageBody;
  submit_sm_resp: MessageIdBody;
  deliver_sm: ShortMessageBody;
  deliver_sm_resp: MessageIdBody;
  data_sm: DataBody;
  data_sm_resp: MessageIdBody;
  query_sm: QueryBody;
  query_sm_resp: QueryResultBody;
  cancel_sm: CancelBody;
  cancel_sm_resp: NoBody;
  alert_notification: AlertBody;
  enquire_link: NoBody;
  enquire_link_resp: NoBody;
  unbind: NoBody;
  unbind_resp: NoBody;
  generic_nack: NoBody;
}

export type CommandName = keyof Bodies;

interface Unnumbered {
  readonly commandStatus: number;
  readonly tlvs: readonly Tlv[];
}

interface Numbered {
  /** Any 32-bit value when it came from the peer; ours are 1 to 0x7fffffff. */
  readonly sequenceNumber: number;
}

/** A PDU before its session gives it a sequence number. */
export type UnnumberedPdu<C extends CommandName = CommandName> = {
  [Name in C]: { readonly command: Name } & Bodies[Name] & Unnumbered;
}[C];

/** What `writePdu` takes. */
export type PduToWrite<C extends CommandName = CommandName> = {
  [Name in C]: UnnumberedPdu<Name> & Numbered;
}[C];

interface AsRead {
  /** The whole PDU as it came. */
  readonly raw: Buffer;
  /** What did not follow the specification and was tolerated; empty for a PDU that does. */
  readonly flaws: readonly string[];
  /**
   * A mandatory field is not there or is cut short: a request must be refused, not acted on. A response is
   * the answer whatever it lacks: a submit_sm_resp of ESME_ROK without an id was accepted, and nobody will
   * know its receipt. In an error response no field is mandatory.
   */
  readonly incomplete: boolean;
}

export type KnownPdu<C extends CommandName = CommandName> = PduToWrite<C> & AsRead;

/** A command this codec has no layout for; its body is only in `raw`. */
export type UnknownPdu = { readonly command: 'unknown'; readonly commandId: number } & Unnumbered & Numbered & AsRead;

/** What `readPdu` gives. */
export type Pdu = KnownPdu | UnknownPdu;
