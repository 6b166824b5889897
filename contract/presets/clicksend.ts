import type { Preset } from './preset.ts';

const manual = { source: 'https://developers.clicksend.com/docs/smpp/v3/', retrieved: '2026-11-23' };

export const clicksend: Preset = {
  title: 'ClickSend',
  values: [
    {
      option: 'hosts',
      value: [
        { host: 'smpp1.clicksend.com', port: 2775 },
        { host: 'smpp2.clicksend.com', port: 2775 },
      ],
      ...manual,
      says: 'There are two hosts, with port 2775.',
    },
    { option: 'window', value: 10, ...manual, says: 'The window is 10 unless agreed otherwise.' },
    { option: 'enquireLink.idleMs', value: 30_000, ...manual, says: 'The link is to be kept alive every 30 seconds.' },
    {
      option: 'text.encodings',
      value: [
        { alphabet: 'gsm7', dataCoding: 0 },
        { alphabet: 'ucs2', dataCoding: 8 },
      ],
      ...manual,
      says: 'data_coding 0 is GSM 7 bit, 8 is UCS-2 as UTF-16; these two are recommended.',
    },
  ],
  notes: [
    'With TLS the port is 2776: set `hosts` and `tls`.',
    'It also states a TON of 1 and an NPI of 0, not of which address: see `addresses`.',
    'An account may have two binds unless agreed otherwise, and a bind to each host is recommended; a task of the gateway keeps one.',
    'Your addresses have to be allow-listed: the stack has them as outputs.',
  ],
};
