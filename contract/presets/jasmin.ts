import type { Preset } from './preset.ts';

const configuration = {
  source: 'https://github.com/jookies/jasmin/blob/003b709a1a09a9632bedab7a931cd309ffa2a3ce/misc/config/jasmin.cfg',
  retrieved: '2026-11-23',
};

export const jasmin: Preset = {
  title: 'Jasmin',
  values: [
    {
      option: 'enquireLink.idleMs',
      value: 30_000,
      ...configuration,
      says: 'Its SMPP server sends an enquire_link every 30 seconds, and closes what was inactive for 300.',
    },
    {
      option: 'bindTimeoutMs',
      value: 30_000,
      ...configuration,
      says: 'A session has 30 seconds to be bound.',
    },
    {
      option: 'responseTimeoutMs',
      value: 60_000,
      ...configuration,
      says: 'A response may take 60 seconds.',
    },
  ],
  notes: [
    'These are the defaults of `jasmin.cfg`; the port is 2775, as the default of the gateway.',
    'By default a Jasmin sends a receipt already when the carrier behind it accepted the message: it tells of no delivery.',
  ],
};
