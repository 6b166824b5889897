/**
 * What SMSCs do and what users ask of a gateway, by the numbers that the code cites (`quirk 21`). `docs/quirks.md` is
 * written from it (`npm run docs`), `npm run quirks` runs its tests.
 */
export interface Row {
  readonly kind: 'quirk' | 'demand';
  readonly number: number;
  readonly what: string;
  /** Of a carrier in `gateway.config.json`; none where nothing has to be set. */
  readonly options: readonly string[];
  /** What the gateway does, where an option and its default do not tell it. */
  readonly how?: string;
  /** Why nothing tests it. */
  readonly untested?: { readonly state: 'planned' | 'exempt'; readonly why: string };
  /** What of it belongs to later work; the rest is tested. */
  readonly later?: string;
}

type More = Partial<Pick<Row, 'how' | 'untested' | 'later'>>;

function quirk(number: number, what: string, options: readonly string[] = [], more: More = {}): Row {
  return { kind: 'quirk', number, what, options, ...more };
}

function demand(number: number, what: string, options: readonly string[] = [], more: More = {}): Row {
  return { kind: 'demand', number, what, options, ...more };
}

function planned(why: string): More {
  return { untested: { state: 'planned', why } };
}

function exempt(why: string): More {
  return { untested: { state: 'exempt', why } };
}

/** Of receipts whose id is not that of the response (docs/decisions/004). */
const learnt: More = {
  how: 'Learnt: the first such receipts take a minute or two, with a value other than `"auto"` none does',
};

export const rows: readonly Row[] = [
  quirk(1, 'An id is hexadecimal in the response and decimal in the receipt', ['receipts.idFormat'], learnt),
  quirk(2, 'An id is decimal in the response and hexadecimal in the receipt', ['receipts.idFormat'], learnt),
  quirk(3, 'Leading zeros of an id come or go between response and receipt', ['receipts.idFormat'], learnt),
  quirk(4, 'An id changes between lower and upper case', ['receipts.idFormat'], learnt),
  quirk(5, 'Ids are UUIDs, long texts, or numbers beyond 2^63', ['receipts.idFormat'], learnt),
  quirk(6, "The receipt has an id's characters as hexadecimal digits", ['receipts.idFormat'], learnt),
  quirk(7, 'A receipt comes before the submit_sm_resp of its message', [], {
    how: 'It waits for its message, a day at the most',
  }),
  quirk(8, 'A receipt that is refused comes again and blocks all others', [], {
    how: 'Every receipt is accepted once it is durable, also one with an unknown id',
  }),
  quirk(9, 'Receipts come that nobody asked for', [], { how: 'They are taken like any other' }),
  quirk(10, 'Of a long message only the first or the last segment has a receipt', [
    'receipts.parts',
    'receipts.rollUp',
    'receipts.timeoutSeconds',
  ]),
  quirk(11, 'Receipts lack sub, dlvrd or text', [], { how: 'No field is needed but an id' }),
  quirk(12, 'Receipts name states by words of their own', ['receipts.statuses'], {
    how: 'An unknown word is the state `unknown`, and is counted',
  }),
  quirk(13, 'ACCEPTD means delivered to some and buffered to others', ['receipts.statuses'], {
    how: 'Taken as not final',
  }),
  quirk(14, 'Dates in receipts have 6 to 14 digits, or none, in any time zone', [
    'receipts.dateFormat',
    'receipts.utcOffset',
  ]),
  quirk(15, 'Error codes in receipts are any text', ['receipts.errors'], { how: 'Kept as written' }),
  quirk(16, 'Receipts come in TLVs only, in message_payload, or by data_sm', ['receipts.detect']),
  quirk(17, 'network_error_code is three ASCII digits', [], { how: 'Recognised by its octets' }),
  quirk(18, 'A receipt has receipted_message_id but no message_state', [], {
    how: 'The id from the TLV, the state from the text',
  }),
  quirk(19, 'A receipt is marked UCS-2 and is ASCII', [], { how: 'Recognised by its octets' }),
  quirk(20, 'Other text stands around a receipt, and its `text:` is written by people', ['receipts.patterns'], {
    how: 'Fields are looked for outside of `text:` only',
  }),
  quirk(21, 'esm_class says receipt by several bits, or not at all', ['receipts.detect']),
  quirk(22, 'Receipts come twice, and ENROUTE after DELIVRD', [], { how: 'A status only rises' }),
  quirk(23, 'A receipt comes over another bind than its message', [], {
    how: 'Receipts are matched in the table, by carrier and id',
  }),
  quirk(24, 'All parts of a message have one id, or two messages share one', ['receipts.rollUp']),
  quirk(25, 'data_coding 0 is Latin-1 or ASCII', ['text.encodings', 'text.receivedEncodings']),
  quirk(26, 'data_coding 1 is refused for texts in GSM 7 bit', ['text.encodings']),
  quirk(27, 'Octets are UCS-2 while data_coding says 7 bit', ['text.receivedEncodings'], {
    how: 'Recognised by their pattern, with `confidence`',
  }),
  quirk(28, 'Septets are packed', ['text.gsm7', 'text.receivedEncodings']),
  quirk(29, 'data_coding is of 3GPP TS 23.038 where SMPP reserves it', ['text.receivedEncodings'], {
    how: 'The whole octet is read',
  }),
  quirk(30, 'A network garbles some characters', ['text.replacements']),
  quirk(31, 'UCS-2 has surrogate pairs, cut where a part ends', [], {
    how: 'Never cut when sent, put together when received',
  }),
  quirk(32, 'Parts may hold less than the radio carries', ['text.segmentSizes']),
  quirk(33, 'Long messages are told by UDH, SAR TLVs or message_payload', ['text.longMessages']),
  quirk(34, 'The concatenation is not the first element of the UDH', [], { how: 'All elements are read' }),
  quirk(35, 'SAR TLVs come together with a UDH', [], { how: 'The UDH counts; the gateway sends one of them' }),
  quirk(36, 'A text is in message_payload, or in both fields', [], {
    how: 'message_payload when short_message is empty',
  }),
  quirk(37, 'All parts have to go over one session, within a time', [], {
    how: 'They follow each other over one bind',
  }),
  quirk(38, 'Parts come in reverse, or are wanted so', ['text.partOrder']),
  quirk(39, 'Phones do not join more than about ten parts', [], {
    how: '`maxSegments` of the config, 10 by default: more are refused by the API',
  }),
  quirk(40, 'Long messages from handsets come in pieces without any mark', [], {
    how: 'Each is published as a message',
  }),
  quirk(41, 'A response that refuses has a body, none, or one without its NUL', []),
  quirk(42, 'PDUs end with octets too many or a NUL too few', ['text.nulTerminated'], { how: 'Tolerated when read' }),
  quirk(43, 'Vendors define TLVs, and one tag means different things', ['tlvs']),
  quirk(44, 'Fields are longer than SMPP allows', [], { how: 'Read and sent as they are' }),
  quirk(45, 'A bind with another interface_version is refused', ['interfaceVersion']),
  quirk(46, 'A command_status means something else than in the specification', [
    'submitOutcomes',
    'reconnect.wrongCredentialsStatuses',
    'reconnect.alreadyBoundStatuses',
  ]),
  quirk(47, 'Responses come twice, to nothing, or as generic_nack without a sequence number', [], {
    how: 'Counted and ignored',
  }),
  quirk(48, 'enquire_link comes before the bind, PDUs after unbind', [], { how: 'Answered always' }),
  quirk(49, 'Commands come that nobody knows', [], { how: 'Answered by generic_nack' }),
  quirk(50, 'The port speaks HTTP, AMQP or TLS', [], { how: 'The log names the protocol' }),
  quirk(51, 'query_sm and cancel_sm are not supported', [], { how: 'The gateway needs neither' }),
  quirk(52, 'One bind per account, and a session that is gone counts for minutes', [
    'binds',
    'reconnect.alreadyBoundMaxDelayMs',
    'reconnect.wrongCredentialsDelayMs',
  ]),
  quirk(53, 'A bind too soon after the last session is refused', ['reconnect.minDelayMs']),
  quirk(54, 'A silent session is cut after 30 seconds', ['enquireLink.idleMs', 'enquireLink.timeoutMs']),
  quirk(55, 'The connection stays and nothing answers', ['enquireLink.timeoutMs', 'responseTimeoutMs']),
  quirk(56, 'The connection drops without unbind', ['unanswered']),
  quirk(57, 'Of two hosts one is under maintenance', ['hosts', 'reconnect.returnAfterMs'], {
    later: 'several hosts in use at once',
  }),
  quirk(58, 'A session may carry so many messages', ['maxMessagesPerSession']),
  quirk(59, 'More than so many messages a second are refused, by several statuses', [
    'messagesPerSecond',
    'throttleStatuses',
  ]),
  quirk(60, 'More than so many unanswered requests are refused', ['window']),
  quirk(61, 'A deliver_sm has to be answered fast, and few statuses make it come again', ['deliverRetryStatus']),
  quirk(62, 'Thousands of receipts wait for the next bind', [], {
    how: 'What cannot be stored now is told to come again',
  }),
  quirk(63, 'A bind needs system_type, address_range, TON or NPI', [
    'systemType',
    'addressRange',
    'bindTon',
    'bindNpi',
  ]),
  quirk(64, 'Only a pair of transmitter and receiver is taken', ['bindMode', 'receiver']),
  quirk(65, 'Only known addresses, TLS or a VPN are let in', ['tls'], { later: 'VPN' }),
  quirk(
    66,
    'The SMSC calls and sends outbind',
    [],
    planned('outbind needs a listener, which the gateway does not have yet'),
  ),
  quirk(67, 'TON and NPI depend on the kind of address', ['addresses']),
  quirk(68, 'Numbers are wanted with "+", without, or national', ['addresses']),
  quirk(69, 'The sender is rewritten on the way', ['defaultSender'], {
    how: 'GET shows the sender that was asked for, receipts what the SMSC says',
  }),
  quirk(70, 'A letter of a sender is a NUL in GSM 7 bit', [], { how: 'Only senders that can be written are accepted' }),
  quirk(71, 'validity_period and schedule_delivery_time are ignored or refused', ['validityPeriod'], {
    later: 'scheduling',
  }),
  quirk(72, 'Receipts say delivered whatever happened', [], { how: 'Taken at their word, and kept with it' }),

  demand(1, 'Every receipt finds its message, however its id is written', ['receipts.idFormat']),
  demand(2, 'A long message has one right status', ['receipts.parts', 'receipts.rollUp']),
  demand(3, 'No receipt is lost, throws, or arrives as a message', ['receipts.detect', 'receipts.patterns']),
  demand(4, 'Every character arrives', ['text.encodings']),
  demand(5, 'Throttling loses, fails and reorders nothing', ['throttleStatuses']),
  demand(6, 'A restart does not lock the account out', ['reconnect.alreadyBoundMaxDelayMs']),
  demand(7, 'A dead session is noticed and replaced', ['enquireLink.idleMs', 'enquireLink.timeoutMs']),
  demand(8, 'A timeout makes duplicates only where the sender allows them', ['unanswered']),
  demand(
    9,
    'Speed is not what limits',
    ['window', 'messagesPerSecond'],
    exempt(
      'measured by `npm run bench`, figures in docs/performance.md; a test of seconds would fail on slow machines',
    ),
  ),
  demand(10, 'The window can be set', ['window']),
  demand(11, 'TLVs of your own, both ways', ['tlvs']),
  demand(12, 'TON and NPI by kind of sender, carrier and message', ['addresses']),
  demand(13, 'What became of a message can be asked for', [], { later: 'lists and export' }),
  demand(14, 'Long messages from handsets arrive whole and once', ['assemblySeconds']),
  demand(
    15,
    'Several tasks, none of which keeps anything',
    ['binds'],
    exempt('processes that die at any moment are the business of `npm run chaos`'),
  ),
  demand(16, 'Foreign bytes do not end the process', []),
  demand(17, 'A refusal is read with or without a body', []),
  demand(18, 'Webhooks that are signed and tried again', [], planned('webhooks are later work')),
  demand(19, 'One carrier, many binds', ['binds'], { how: 'All parts of a message go over one bind' }),
  demand(20, 'What follows a command_status can be set', ['submitOutcomes'], { later: 'another route' }),
  demand(21, 'Typed and maintained', [], exempt('`npm run types` and `npm run fuzz` are steps of their own')),
  demand(22, 'Receipts of earlier sessions are matched', []),
  demand(23, 'Nothing is counted, or sent, twice', []),
  demand(24, 'PDUs that are not supported are answered right', []),
  demand(25, 'Neither texts nor numbers are in a log', []),
];
