import type { Scenarios } from './scenario.ts';

/**
 * What real SMSCs do, by the numbers of the catalogue in `docs/simulator.md`: each quirk that an SMSC can show has a
 * scenario `quirk-N`, and `quirk-N-VARIANT` where there is more than one way.
 */

const retriedByVonage = [0x58, 0x08, 0x14, 0x45, 0x67, 0xfe, 0xff];
const dltTlvs = { '0x1400': '3131303031303030303030303030', '0x1401': '31313037313631303030303030303030303030' };
/** Application port addressing, 16 bit: from port 0 to port 0 (3GPP TS 23.040, 9.2.3.24.4). */
const portElement = '050400000000';

export const quirkScenarios: Scenarios = {
  'quirk-1': {
    says: 'message ids are hexadecimal in the response and decimal in the receipt',
    change: { ids: { value: '32-bit', inResponse: 'upper-hex', inReceipt: 'decimal' } },
  },
  'quirk-2': {
    says: 'message ids are decimal in the response and hexadecimal in the receipt',
    change: { ids: { value: '32-bit', inResponse: 'decimal', inReceipt: 'upper-hex' } },
  },
  'quirk-3': {
    says: 'leading zeros of message ids are in the response and not in the receipt',
    change: { ids: { value: '32-bit', inResponse: 'zero-padded-hex', inReceipt: 'upper-hex' } },
  },
  'quirk-3-added': {
    says: 'leading zeros of message ids are in the receipt and not in the response',
    change: { ids: { value: '32-bit', inResponse: 'decimal', inReceipt: 'zero-padded-decimal' } },
  },
  'quirk-4': {
    says: 'message ids are in lower case in the response and in upper case in the receipt',
    change: { ids: { value: 'text', inResponse: 'lower-hex', inReceipt: 'upper-hex' } },
  },
  'quirk-5': {
    says: 'message ids are UUIDs',
    change: { ids: { value: 'uuid', inResponse: 'lower-hex', inReceipt: 'lower-hex' } },
  },
  'quirk-5-64-bit': {
    says: 'message ids are beyond 2^63, hexadecimal in the response and decimal in the receipt',
    change: { ids: { value: '64-bit', inResponse: 'upper-hex', inReceipt: 'decimal' } },
  },
  'quirk-6': {
    says: 'the receipt has the characters of the message id in hexadecimal',
    change: { ids: { value: '32-bit', inResponse: 'upper-hex', inReceipt: 'hex-of-text' } },
  },
  'quirk-7': {
    says: 'the receipt comes before the submit_sm_resp',
    change: { receipts: { beforeResponse: true, delayMs: 0 } },
  },
  'quirk-8': {
    says: 'a receipt or message that is refused is sent again, and nothing else before it is accepted',
    change: { deliveries: { afterRefusal: 'block', window: 1 } },
  },
  'quirk-9': {
    says: 'receipts come although none was asked for',
    change: { receipts: { when: 'always' } },
  },
  'quirk-10': {
    says: 'of a long message only the first part has a receipt',
    change: { receipts: { segments: 'first' } },
  },
  'quirk-10-last': {
    says: 'of a long message only the last part has a receipt',
    change: { receipts: { segments: 'last' } },
  },
  'quirk-11': {
    says: 'the text of receipts has neither sub nor dlvrd nor text',
    change: { receipts: { fields: ['id', 'submit date', 'done date', 'stat', 'err'] } },
  },
  'quirk-12': {
    says: 'stat is a word that SMPP does not know, and there are no TLVs',
    change: {
      receipts: {
        via: ['text'],
        words: {
          delivered: ['DELIVERED', '0', 'ACKED'],
          undelivered: ['FAILED', 'UNDELIVERABLE'],
          rejected: ['FAILED'],
          expired: ['FAILED'],
          deleted: ['FAILED'],
          enroute: ['BUFFRED', 'BUFFERD'],
        },
        enroute: 'before',
      },
    },
  },
  'quirk-13': {
    says: 'stat is ACCEPTD for what was delivered, and there are no TLVs',
    change: { receipts: { via: ['text'], words: { delivered: ['ACCEPTD'] } } },
  },
  'quirk-13-buffered': {
    says: 'stat is ACCEPTD right after the response, and what became of the message later; there are no TLVs',
    change: { receipts: { via: ['text'], words: { enroute: ['ACCEPTD'] }, enroute: 'before' } },
  },
  'quirk-14': {
    says: 'dates have 6, 10, 12 or 14 digits, only zeros, or none, in turn, and are not in UTC',
    change: {
      receipts: {
        dates: ['YYMMDDhhmmss', 'YYYYMMDDhhmm', 'YYYYMMDDhhmmss', 'YYMMDD', 'zeros', 'empty', 'YYMMDDhhmm'],
        utcOffsetMinutes: 330,
      },
    },
  },
  'quirk-15': {
    says: 'err has one to four characters, not all of them digits',
    change: { receipts: { errs: ['0000', '21b', '0', '4095'] } },
  },
  'quirk-16': {
    says: 'receipts are in TLVs only',
    change: { receipts: { via: ['tlvs'], tlvs: ['receipted_message_id', 'message_state', 'network_error_code'] } },
  },
  'quirk-16-payload': {
    says: 'the text of receipts is in message_payload, and there are no other TLVs',
    change: { receipts: { via: ['text'], textIn: 'message_payload' } },
  },
  'quirk-16-data-sm': {
    says: 'receipts come by data_sm',
    change: { receipts: { command: 'data_sm' } },
  },
  'quirk-17': {
    says: 'network_error_code is three ASCII digits',
    change: {
      receipts: {
        tlvs: ['receipted_message_id', 'message_state', 'network_error_code'],
        networkErrorCode: 'ascii',
      },
    },
  },
  'quirk-18': {
    says: 'receipts have receipted_message_id and no message_state; the text has no id',
    change: {
      receipts: { tlvs: ['receipted_message_id'], fields: ['submit date', 'done date', 'stat', 'err', 'text'] },
    },
  },
  'quirk-19': {
    says: 'receipts are marked as UCS-2 and are ASCII, without TLVs',
    change: { receipts: { via: ['text'], dataCoding: 8 } },
  },
  'quirk-20': {
    says: 'other text stands before the receipt, and there are no TLVs',
    change: { receipts: { via: ['text'], textBefore: '12345 447700900123 ' } },
  },
  'quirk-21': {
    says: 'esm_class says receipt in several ways, in turn, or not at all',
    change: { receipts: { esmClasses: [0x08, 0x20, 0x44, 0x3c, 0x00] } },
  },
  'quirk-22': {
    says: 'a receipt with ENROUTE comes after the one with DELIVRD, and each comes twice',
    change: { receipts: { enroute: 'after', repeat: 1 } },
  },
  'quirk-23': {
    says: 'receipts come over another session than the submit_sm',
    change: { receipts: { over: 'another-session' } },
  },
  'quirk-24': {
    says: 'all parts of a long message have the same id',
    change: { ids: { of: 'message' } },
  },
  'quirk-24-some': {
    says: 'only ids from 0x80000000 up are decimal in the receipt',
    change: { ids: { value: '32-bit', inReceipt: 'decimal', differFrom: 0x8000_0000 } },
  },
  'quirk-25': {
    says: 'data_coding 0 is Latin-1',
    change: { handsets: { gsm7: 'latin1' }, mo: { gsm7: 'latin1' } },
  },
  'quirk-25-ascii': {
    says: 'data_coding 0 is ASCII',
    change: { handsets: { gsm7: 'ascii' }, mo: { gsm7: 'ascii' } },
  },
  'quirk-26': {
    says: 'a submit_sm with data_coding 1 is refused',
    change: { submits: { refusedDataCodings: [1] } },
  },
  'quirk-27': {
    says: 'messages from handsets are UCS-2 while data_coding says 7 bit',
    change: { mo: { gsm7: 'ucs2', ucs2DataCodings: [0] } },
  },
  'quirk-28': {
    says: 'data_coding 0 is packed septets',
    change: { handsets: { gsm7: 'packed' }, mo: { gsm7: 'packed' } },
  },
  'quirk-29': {
    says: 'data_coding of messages from handsets is of 3GPP TS 23.038, where SMPP reserves it',
    change: { mo: { gsm7DataCodings: [0xf0, 0x10, 0x11], ucs2DataCodings: [0x18, 0x19] } },
  },
  'quirk-30': {
    says: '"!" and "|" arrive as "@", accents as plain letters',
    change: { handsets: { swaps: { '!': '@', '|': '@', Ç: 'C', ç: 'c', ê: 'e', é: 'e', è: 'e', à: 'a' } } },
  },
  'quirk-31': {
    says: 'surrogate pairs are not shown, and long messages from handsets are cut through them',
    change: { handsets: { surrogates: 'lost' }, mo: { splitPairs: true } },
  },
  'quirk-32': {
    says: 'a part has at most 152 septets, or 66 units of UCS-2, both ways',
    change: { submits: { maxPartOctets: { gsm7: 152, ucs2: 132 } }, mo: { maxPartOctets: { gsm7: 152, ucs2: 132 } } },
  },
  'quirk-33': {
    says: 'sar_* TLVs and message_payload are ignored',
    change: { submits: { sar: 'ignored', payload: 'ignored' } },
  },
  'quirk-33-udh16': {
    says: 'long messages from handsets have a 16-bit reference',
    change: { mo: { long: 'udh16' } },
  },
  'quirk-33-sar': {
    says: 'long messages from handsets are joined by sar_* TLVs',
    change: { mo: { long: 'sar' } },
  },
  'quirk-33-payload': {
    says: 'long messages from handsets come in message_payload',
    change: { mo: { long: 'payload' } },
  },
  'quirk-34': {
    says: 'other information elements stand before the concatenation, also in messages of one part',
    change: { mo: { elementsBefore: portElement } },
  },
  'quirk-35': {
    says: 'sar_* TLVs together with a UDH are refused, and come so from handsets',
    change: { submits: { sar: 'refused-with-udh' }, mo: { long: 'udh-and-sar' } },
  },
  'quirk-36': {
    says: 'messages from handsets have short_message and message_payload, the same in both',
    change: { mo: { textIn: 'both' } },
  },
  'quirk-36-payload': {
    says: 'messages from handsets have message_payload and a sm_length of 0',
    change: { mo: { textIn: 'message_payload' } },
  },
  'quirk-37': {
    says: 'parts that come over two sessions, or not within 30 minutes, never arrive',
    change: { handsets: { parts: { oneSession: true, withinMs: 1_800_000 } } },
  },
  'quirk-38': {
    says: 'the last part of a long message comes first',
    change: { mo: { partOrder: 'last-to-first' } },
  },
  'quirk-39': {
    says: 'messages of more than 10 parts never arrive',
    change: { handsets: { maxParts: 10 } },
  },
  'quirk-40': {
    says: 'long messages from handsets come in pieces that nothing joins',
    change: { mo: { long: 'pieces' } },
  },
  'quirk-41': {
    says: 'each submit_sm is refused, with a body',
    change: { submits: { refuse: { statuses: ['ESME_RSYSERR'] } }, responses: { errorBody: 'empty-id' } },
  },
  'quirk-41-without-nul': {
    says: 'each submit_sm is refused, with a body that lacks its NUL',
    change: { submits: { refuse: { statuses: ['ESME_RSYSERR'] } }, responses: { errorBody: 'id-without-nul' } },
  },
  'quirk-42': {
    says: 'four octets of zero end each PDU, and one the text of messages from handsets',
    change: { wire: { trailing: '00000000' }, mo: { trailingNul: true } },
  },
  'quirk-42-without-nul': {
    says: 'the string at the end of a response has no NUL',
    change: { wire: { lastNul: 'dropped' } },
  },
  'quirk-43': {
    says: 'TLVs 0x1400 and 0x1401 are in responses, receipts and messages',
    change: { responses: { tlvs: dltTlvs }, receipts: { extraTlvs: dltTlvs }, mo: { tlvs: dltTlvs } },
  },
  'quirk-44': {
    says: "the SMSC's system_id and the senders of messages are longer than SMPP allows",
    change: { binds: { systemId: 'smsc-with-a-long-name.example.com' }, mo: { senders: ['long'] } },
  },
  'quirk-45': {
    says: 'a bind with another interface_version than 0x34 is refused',
    change: { binds: { interfaceVersions: [0x34] } },
  },
  'quirk-46': {
    says: 'command_status 3 means wrong credentials, 5 and 6 too many, 4 a wrong recipient',
    change: {
      binds: { statuses: { wrongSystemId: 3, wrongPassword: 3, tooMany: 5 } },
      submits: {
        statuses: { invalidDestination: 4 },
        addresses: 'checked',
        unanswered: { limit: 10, status: 6 },
      },
    },
  },
  'quirk-47': {
    says: 'responses to submit_sm come twice, and before them a response to nothing and a nack with sequence number 0',
    change: { responses: { repeat: 1, strays: ['submit_sm_resp', 'generic_nack'] } },
  },
  'quirk-48': {
    says: 'an enquire_link comes before the bind; after 10 submit_sm an unbind, and PDUs after it',
    change: {
      connections: { greeting: 'enquire_link', end: { by: 'unbind', afterSubmits: 10 }, speaksAfterUnbind: true },
    },
  },
  'quirk-49': {
    says: 'data_sm is answered by generic_nack, and unknown commands come',
    change: {
      responses: { unsupported: ['data_sm'] },
      wire: { malformed: { every: 5, kinds: ['unknown-command'] } },
    },
  },
  'quirk-50': {
    says: 'the port speaks HTTP',
    change: { connections: { greeting: 'http' } },
  },
  'quirk-50-amqp': {
    says: 'the port speaks AMQP',
    change: { connections: { greeting: 'amqp' } },
  },
  'quirk-50-tls': {
    says: 'the port speaks TLS',
    change: { connections: { greeting: 'tls' } },
  },
  'quirk-51': {
    says: 'query_sm and cancel_sm are answered by generic_nack',
    change: { responses: { unsupported: ['query_sm', 'cancel_sm'] } },
  },
  'quirk-52': {
    says: 'one bind per account, and a session that was cut counts as bound for 2 minutes',
    change: { binds: { limit: 1, staleMs: 120_000 } },
  },
  'quirk-53': {
    says: 'a bind within 30 seconds of the last session is refused',
    change: { binds: { rebindAfterMs: 30_000 } },
  },
  'quirk-54': {
    says: 'a session that is silent for 30 seconds is closed',
    change: { connections: { idleMs: 30_000 } },
  },
  'quirk-55': {
    says: 'after 10 submit_sm the connection stays and nothing answers any more',
    change: { connections: { end: { by: 'freeze', afterSubmits: 10 } } },
  },
  'quirk-56': {
    says: 'after 10 submit_sm the connection is reset, without unbind',
    change: { connections: { end: { by: 'RST', afterSubmits: 10 } } },
  },
  'quirk-56-fin': {
    says: 'after 10 submit_sm the connection is closed, without unbind',
    change: { connections: { end: { by: 'FIN', afterSubmits: 10 } } },
  },
  'quirk-57': {
    says: 'of the hosts (--hosts 2) one is always away, each for a minute',
    change: { connections: { maintenance: { everyMs: 60_000 } } },
  },
  'quirk-58': {
    says: 'after 1,024 submit_sm the SMSC unbinds',
    change: { connections: { end: { by: 'unbind', afterSubmits: 1_024 } } },
  },
  'quirk-59': {
    says: 'more than 10 submit_sm a second are refused with ESME_RTHROTTLED',
    change: { submits: { perSecond: { limit: 10 } } },
  },
  'quirk-59-queue-full': {
    says: 'more than 10 submit_sm a second are refused with ESME_RMSGQFUL',
    change: { submits: { perSecond: { limit: 10, status: 'ESME_RMSGQFUL' } } },
  },
  'quirk-59-submit-fail': {
    says: 'more than 10 submit_sm without a response are refused with ESME_RSUBMITFAIL; responses take 100 ms',
    change: {
      submits: { unanswered: { limit: 10, status: 'ESME_RSUBMITFAIL' } },
      responses: { delayMs: 100 },
    },
  },
  'quirk-60': {
    says: 'more than one submit_sm without a response is refused; responses take 100 ms',
    change: { submits: { unanswered: { limit: 1 } }, responses: { delayMs: 100 } },
  },
  'quirk-61': {
    says: 'a deliver_sm that is not answered within a second comes again; refusals but a few are final',
    change: { deliveries: { answerWithinMs: 1_000, retryStatuses: retriedByVonage } },
  },
  'quirk-62': {
    says: 'a thousand messages wait at each bind and come at once',
    change: { deliveries: { storedAtBind: 1_000, window: 1_000 } },
  },
  'quirk-63': {
    says: 'a bind needs system_type, address_range and addr_ton',
    change: {
      binds: {
        requires: ['system_type', 'address_range', 'addr_ton'],
        statuses: { missingField: 'ESME_RINVSYSTYP' },
      },
    },
  },
  'quirk-64': {
    says: 'bind_transceiver is refused: a transmitter and a receiver are needed',
    change: { binds: { modes: ['transmitter', 'receiver'] } },
  },
  'quirk-65': {
    says: 'connections are dropped at once, as of addresses that are not on the list',
    change: { connections: { service: 'drop' } },
  },
  'quirk-66': {
    says: 'the SMSC sends outbind',
    change: { connections: { greeting: 'outbind' } },
  },
  'quirk-67': {
    says: 'wrong TON and NPI are refused with ESME_RINVSRCADR and ESME_RINVDSTADR',
    change: { submits: { addresses: 'checked' } },
  },
  'quirk-68': {
    says: 'senders of messages from handsets are written with "+", nationally, or without a TON, in turn',
    change: { mo: { senders: ['plus', 'national', 'unknown'] } },
  },
  'quirk-69': {
    says: 'all messages show another sender than the one that was asked for',
    change: { handsets: { sender: '80808' } },
  },
  'quirk-70': {
    says: 'source_addr is taken for GSM 03.38',
    change: { handsets: { senderAlphabet: 'gsm7' } },
  },
  'quirk-71': {
    says: 'schedule_delivery_time and validity_period are ignored',
    change: { submits: { schedule: 'ignored', validity: 'ignored' } },
  },
  'quirk-71-refused': {
    says: 'a submit_sm with schedule_delivery_time or validity_period is refused',
    change: { submits: { schedule: 'refused', validity: 'refused' } },
  },
  'quirk-72': {
    says: 'receipts say DELIVRD at once, whatever happened',
    change: { receipts: { true: false, delayMs: 0 } },
  },
};
