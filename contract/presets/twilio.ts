import type { Preset } from './preset.ts';

const concepts = { source: 'https://www.twilio.com/docs/smpp/key-concepts', retrieved: '2026-11-23' };

export const twilio: Preset = {
  title: 'Twilio',
  values: [
    { option: 'tls', value: true, ...concepts, says: 'TLS 1.2 or higher is demanded.' },
    {
      option: 'enquireLink.idleMs',
      value: 60_000,
      ...concepts,
      says: 'An enquire_link is to be sent every 60 seconds while no messages are.',
    },
  ],
  notes: [
    'The host and the port come with the credentials.',
    'A number needs no "+", whatever its TON and NPI; 0/0 and 1/1 are the most common. The gateway writes 1/1 by default.',
    'Your addresses have to be allow-listed: the stack has them as outputs.',
  ],
};
