import type { Preset } from './preset.ts';

const specification = {
  source: 'https://www.infobip.com/docs/essentials/api-essentials/smpp-specification',
  retrieved: '2026-11-23',
};
const tonNpi = { source: 'https://www.infobip.com/glossary/ton-npi-settings', retrieved: '2026-11-23' };

export const infobip: Preset = {
  title: 'Infobip',
  values: [
    {
      option: 'hosts',
      value: [{ host: 'smpp2.infobip.com', port: 8887 }],
      ...specification,
      says: 'The endpoint for SMPP over TLS is smpp2.infobip.com:8887.',
    },
    { option: 'tls', value: true, ...specification, says: 'That endpoint speaks TLS.' },
    {
      option: 'interfaceVersion',
      value: 0x34,
      ...specification,
      says: 'Only SMPP 3.4 is supported, neither 3.3 nor 5.0.',
    },
    {
      option: 'addresses',
      value: [
        { of: 'sender', kind: 'short-code', ton: 3, npi: 0 },
        { of: 'sender', kind: 'alphanumeric', ton: 5, npi: 0 },
        { of: 'sender', kind: 'international', ton: 1, npi: 1 },
      ],
      ...tonNpi,
      says: 'A short code is 3/0, letters are 5/0, an international number is 1/1.',
    },
  ],
  notes: [
    'Passwords may be longer than the 8 characters of SMPP 3.4; the gateway takes any length.',
    'Your addresses have to be allow-listed: the stack has them as outputs.',
  ],
};
