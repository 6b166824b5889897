import type { RequestOutcome } from '../../connector/smpp/pending.ts';
import { asRead } from './pdus.ts';

/** The outcome of a submit_sm that was answered with `commandStatus`. */
export function answered(commandStatus: number, messageId = ''): RequestOutcome {
  const command = 'submit_sm_resp';
  return { kind: 'answered', response: asRead({ command, commandStatus, sequenceNumber: 1, messageId, tlvs: [] }) };
}

export function accepted(smscMessageId: string): RequestOutcome {
  return answered(0, smscMessageId);
}
