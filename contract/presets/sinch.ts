import type { Preset } from './preset.ts';

const connectivity = {
  source: 'https://developers.sinch.com/docs/sms/smpp/connectivity',
  retrieved: '2026-11-23',
};
const sending = { source: 'https://developers.sinch.com/docs/sms/smpp/send-message', retrieved: '2026-11-23' };

export const sinch: Preset = {
  title: 'Sinch',
  values: [
    { option: 'tls', value: true, ...connectivity, says: 'Hosts are reached by TLS, on port 3601.' },
    { option: 'window', value: 10, ...connectivity, says: 'At most 10 open requests are recommended.' },
    {
      option: 'messagesPerSecond',
      value: 10,
      ...connectivity,
      says: 'A bind may send 10 messages a second unless agreed otherwise. With more than one bind say 10 for each.',
    },
    {
      option: 'addresses',
      value: [
        { of: 'sender', kind: 'international', ton: 1, npi: 1 },
        { of: 'sender', kind: 'short-code', ton: 0, npi: 1 },
        { of: 'sender', kind: 'alphanumeric', ton: 5, npi: 0 },
        { of: 'recipient', kind: 'international', ton: 1, npi: 1 },
      ],
      ...sending,
      says: 'Numbers are 1/1, letters 5/0; 0/1 is recommended for a short code, so that handsets can reply.',
    },
  ],
  notes: [
    'The host depends on your region (`us`, `eu`, `au`, `br` or `ca`, each followed by `.smpp.api.sinch.com`): set `hosts` with port 3601.',
    'Two binds per host and account are allowed unless agreed otherwise.',
    'Cloud SMPP of Sinch is another service, with other hosts and ports: this preset is not for it.',
  ],
};
