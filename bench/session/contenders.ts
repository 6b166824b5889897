import type { Contender } from './contender.ts';

/** Each in a file of its own, so that a process loads nothing of the others. */
export const contenders = {
  ours: async () => (await import('./ours.ts')).ours,
  'package, text': async () => (await import('./package.ts')).packageWithText,
  'package, octets': async () => (await import('./package.ts')).packageWithOctets,
  'hand-made': async () => (await import('./hand-made.ts')).handMade,
} as const satisfies Readonly<Record<string, () => Promise<Contender>>>;

export type ContenderName = keyof typeof contenders;
