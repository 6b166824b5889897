import type { Preset } from './preset.ts';

const source = {
  source: 'https://github.com/pruiz/kannel/blob/01a8461adce76d089533d32e891ff279fc92a18d/gw/smsc/smsc_smpp.c',
  retrieved: '2026-11-23',
};

export const kannel: Preset = {
  title: 'Kannel',
  values: [
    { option: 'enquireLink.idleMs', value: 30_000, ...source, says: 'An enquire_link goes out every 30 seconds.' },
    { option: 'window', value: 10, ...source, says: 'Ten submit_sm may be pending.' },
    { option: 'interfaceVersion', value: 0x34, ...source, says: 'The version is 0x34 unless configured.' },
  ],
  notes: [
    'These are the defaults of the SMPP client of Kannel: an SMSC that serves a Kannel as it is installed serves the gateway alike.',
    'What a group `smsc = smpp` of a Kannel sets otherwise has its place here: `msg-id-type` is `receipts.idFormat`, `throughput` is `messagesPerSecond`, `max-pending-submits` is `window`, `alt-charset` is `text.encodings`.',
  ],
};
