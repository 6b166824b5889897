import type { Preset } from './preset.ts';

const manual = {
  source: 'https://github.com/onlinecity/gatewayapi-docs/blob/0f6aa44e9a707749cddac1b78e5b3f33c2b52bad/docs/smpp.rst',
  retrieved: '2026-11-23',
};

export const gatewayapi: Preset = {
  title: 'GatewayAPI',
  values: [
    {
      option: 'hosts',
      value: [
        { host: 'a.smpp.gatewayapi.com', port: 2775 },
        { host: 'b.smpp.gatewayapi.com', port: 2775 },
      ],
      ...manual,
      says: 'Two hosts, of which only one at a time is restarted.',
    },
    {
      option: 'text.encodings',
      value: [
        { alphabet: 'gsm7', dataCoding: 0 },
        { alphabet: 'latin1', dataCoding: 3 },
        { alphabet: 'ucs2', dataCoding: 8 },
      ],
      ...manual,
      says: 'data_coding 0 is GSM 7 bit, 3 is Latin-1, 8 is UCS-2.',
    },
    {
      option: 'userMessageReference',
      value: true,
      ...manual,
      says: 'A user_message_reference of a submit_sm is repeated in its receipts.',
    },
    {
      option: 'receipts.dateFormat',
      value: 'YYMMDDhhmm',
      ...manual,
      says: 'Both dates of the receipts shown have ten digits.',
    },
    {
      option: 'tlvs.messageClass',
      value: { tag: '0x2900', type: 'string' },
      ...manual,
      says: 'An octet string that names the GatewayAPI message class to send with.',
    },
  ],
  notes: [
    'With TLS the port is 8775: set `hosts` and `tls`.',
    '`err` is the low twelve bits of its own error code, in decimal: 126 stands for 0x107e.',
    'While nobody is bound it keeps 25,000 receipts for 48 hours, and sends them at the next bind.',
  ],
};
