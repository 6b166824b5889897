import { unreachable } from '#contract/unreachable.ts';
import type { SessionEnd } from './reconnect.ts';
import { commandStatusText } from './status.ts';

/** Why there is no session, for people. */
export function sessionEndText(end: SessionEnd): string {
  switch (end.kind) {
    case 'no-secret':
      return end.cause.message;
    case 'unreachable':
      return `cannot connect: ${end.cause.message}`;
    case 'refused':
      return `bind refused: ${commandStatusText(end.commandStatus)}`;
    case 'ended':
      return end.cause === undefined ? end.why : `${end.why}: ${end.cause.message}`;
    default:
      return unreachable(end);
  }
}
