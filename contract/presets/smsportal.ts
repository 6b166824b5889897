import type { Preset } from './preset.ts';

const connecting = { source: 'https://docs.smsportal.com/docs/smpp-connection', retrieved: '2026-11-23' };
const usage = { source: 'https://docs.smsportal.com/docs/smpp-usage', retrieved: '2026-11-23' };
const undefinedNumber = { ton: 0, npi: 0 };

export const smsportal: Preset = {
  title: 'SMSPortal',
  values: [
    {
      option: 'hosts',
      value: [5000, 5010, 5020, 5030].map((port) => ({ host: 'smpp.smsportal.com', port })),
      ...connecting,
      says: 'Four servers, one to a port; no more is promised than that one of them is up.',
    },
    { option: 'interfaceVersion', value: 0x34, ...connecting, says: 'The version is 3.4.' },
    { option: 'window', value: 10, ...connecting, says: 'Ten operations may be outstanding.' },
    { option: 'messagesPerSecond', value: 50, ...connecting, says: 'A server takes 50 messages a second.' },
    {
      option: 'addresses',
      value: [
        { of: 'sender', kind: 'none', ...undefinedNumber },
        { of: 'sender', kind: 'international', ...undefinedNumber },
        { of: 'sender', kind: 'short-code', ...undefinedNumber },
        { of: 'sender', kind: 'alphanumeric', ...undefinedNumber },
        { of: 'recipient', kind: 'international', ...undefinedNumber },
      ],
      ...usage,
      says: 'TON and NPI of both addresses are best left 0; a recipient is digits only.',
    },
  ],
  notes: [
    'With TLS it is smpp-tls.smsportal.com, ports 6000, 6010, 6020 and 6030: set `hosts` and `tls`.',
    'Each server allows four sessions.',
    'The TLVs 0x1400 (customer reference) and 0x1401 (cost centre) take up to 100 characters. Whether a NUL ends them is not said: name them in `tlvs` as your account has them.',
  ],
};
