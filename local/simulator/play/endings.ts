import { commandStatus } from '../command-status.ts';

/** What is the matter with a handset. */
export const handsetStates = ['on', 'off', 'full', 'blocked', 'unknown'] as const;
export type HandsetState = (typeof handsetStates)[number];

/** Numbers that end so have one outcome, whatever is played. */
export interface Ending {
  readonly says: string;
  /** Of the handset, as long as nobody sets another. */
  readonly handset?: HandsetState;
  /** When such a handset is switched on, counted from the first message to it. */
  readonly onAfterMs?: number;
  /** The submit_sm is refused: each, or the first `times` of the same octets. */
  readonly refuse?: { readonly status: number; readonly times: number };
  /** Accepted, and the answer never comes; or the connection is reset instead. */
  readonly response?: 'missing' | 'reset';
  readonly receipts?: 'missing' | 'twice' | 'unknown-state';
  /** The handset sends each text back. */
  readonly answers?: true;
}

const always = Number.POSITIVE_INFINITY;

/** By the last four digits of the recipient; other numbers are handsets that are on. */
export const endings: Readonly<Record<string, Ending>> = {
  '0901': { says: 'an unknown number: accepted, then UNDELIV, err 001', handset: 'unknown' },
  '0902': { says: 'blocked: accepted, then REJECTD, err 013', handset: 'blocked' },
  '0903': { says: 'its memory is full: EXPIRED, err 032, when the validity ends', handset: 'full' },
  '0904': { says: 'switched off: EXPIRED, err 027, when the validity ends', handset: 'off' },
  '0905': { says: 'switched off for ten seconds, then DELIVRD', handset: 'off', onAfterMs: 10_000 },
  '0906': {
    says: 'refused with ESME_RINVDSTADR',
    refuse: { status: commandStatus.invalidDestination, times: always },
  },
  '0907': {
    says: 'refused with ESME_RTHROTTLED twice, then accepted',
    refuse: { status: commandStatus.throttled, times: 2 },
  },
  '0908': { says: 'refused with ESME_RMSGQFUL', refuse: { status: commandStatus.queueFull, times: always } },
  '0909': {
    says: 'refused with ESME_RSYSERR once, then accepted',
    refuse: { status: commandStatus.systemError, times: 1 },
  },
  '0910': { says: 'delivered, and the submit_sm is never answered, however often it comes', response: 'missing' },
  '0911': { says: 'delivered, and the connection is reset before the answer, each time', response: 'reset' },
  '0912': { says: 'delivered, and no receipt comes', receipts: 'missing' },
  '0913': { says: 'delivered, and the receipt comes twice', receipts: 'twice' },
  '0914': { says: 'delivered, and the receipt says UNKNOWN', receipts: 'unknown-state' },
  '0915': { says: 'delivered, and the handset sends the text back', answers: true },
};

/** `number` is `+447700900901` or as it came; undefined for an ordinary one. */
export function endingOf(number: string): Ending | undefined {
  const digits = number.replace(/^\+/, '');
  return digits.length > 4 ? endings[digits.slice(-4)] : undefined;
}
