import { unreachable } from '#contract/unreachable.ts';
import type { EndReason, SessionEnd } from './reconnect.ts';
import { commandStatusText, esme } from './status.ts';

/** Why there is no session, for people. */
export function sessionEndText(end: SessionEnd): string {
  switch (end.kind) {
    case 'no-secret':
      return end.cause.message;
    case 'unreachable':
      return `cannot connect: ${end.cause.message}`;
    case 'refused':
      return `bind refused: ${end.commandStatus === esme.ROK ? 'generic_nack, without a status that says why' : commandStatusText(end.commandStatus)}`;
    case 'ended':
      return end.cause === undefined ? reasons[end.why] : `${reasons[end.why]}: ${end.cause.message}`;
    default:
      return unreachable(end);
  }
}

const reasons: Readonly<Record<EndReason, string>> = {
  unbound: 'the session was unbound',
  renewing: 'the session was given up for a new one',
  returning: 'the session was given up to return to the preferred host',
  'submit-refused': 'the session was ended for what came of a submit_sm',
  'peer-silent': 'the SMSC does not answer any more',
  'peer-not-reading': 'the SMSC does not take what is sent to it',
  socket: 'the connection was closed',
  protocol: 'what the SMSC sent is not SMPP',
};
