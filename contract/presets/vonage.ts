import type { Preset } from './preset.ts';

const support = 'https://api.support.vonage.com/hc/en-us/articles';
const receipts = {
  source: `${support}/204015663-What-is-Vonage-s-SMPP-DLR-format`,
  retrieved: '2026-11-23',
};

export const vonage: Preset = {
  title: 'Vonage (Nexmo)',
  values: [
    {
      option: 'messagesPerSecond',
      value: 30,
      source: `${support}/204015703-How-to-Manage-Throttling-with-SMPP`,
      retrieved: '2026-11-23',
      says: 'An account may send 30 SMS per second unless agreed otherwise; more are refused with 0x58, and are to be sent again.',
    },
    {
      option: 'reconnect.alreadyBoundStatuses',
      value: [0x05],
      source: `${support}/204015713-How-many-connections-or-binds-can-I-have`,
      retrieved: '2026-11-23',
      says: 'A bind beyond those that the account may have is refused with 0x05.',
    },
    {
      option: 'deliverRetryStatus',
      value: 0x58,
      source: `${support}/204015773-What-deliver-sm-resp-statuses-will-trigger-a-deliver-sm-retry-from-Vonage`,
      retrieved: '2026-11-23',
      says: '0x58, 0x08, 0x14, 0x45, 0x67, 0xfe and 0xff make Vonage deliver again; any other status is final.',
    },
    {
      option: 'receipts.dateFormat',
      value: 'YYMMDDhhmm',
      ...receipts,
      says: 'Both dates of a receipt are written as YYMMDDHHMM.',
    },
    {
      option: 'receipts.errors',
      value: [
        { codes: ['2', '002', '7', '007'], class: 'temporary' },
        { codes: ['3', '003', '4', '004'], class: 'permanent' },
        { codes: ['6', '006'], class: 'blocked' },
        { codes: ['1', '001'], class: 'unknown' },
      ],
      ...receipts,
      says: 'Codes 2 and 7 are worth another try, 3 and 4 are permanent, 6 is a spam filter, 1 has no known reason.',
    },
  ],
  notes: [
    'How ids in receipts differ is left to be found out (`receipts.idFormat`): one article says hexadecimal in the response and decimal in the receipt, another that it depends on the account.',
    'An account may have two binds unless agreed otherwise: set `binds` to 2 if you want both.',
  ],
};
