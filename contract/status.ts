/** A message's status, lowest first. It only rises: a late, repeated or unordered event never lowers it. */
const ranks = {
  scheduled: 0,
  queued: 1,
  sending: 2,
  uncertain: 3,
  sent: 4,
  unconfirmed: 5,
  undelivered: 6,
  expired: 6,
  failed: 6,
  canceled: 6,
  delivered: 7,
} as const;

export type MessageStatus = keyof typeof ranks;

export const messageStatuses = Object.keys(ranks) as [MessageStatus, ...MessageStatus[]];

export function rankOf(status: MessageStatus): number {
  return ranks[status];
}
