import { readPdu } from '../../connector/smpp/codec/read.ts';
import { writePdu } from '../../connector/smpp/codec/write.ts';
import type { RequestOutcome } from '../../connector/smpp/pending.ts';

/** The outcome of a submit_sm that was answered with `commandStatus`. */
export function answered(commandStatus: number, smscMessageId = ''): RequestOutcome {
  const response = readPdu(
    writePdu({ command: 'submit_sm_resp', commandStatus, sequenceNumber: 1, messageId: smscMessageId, tlvs: [] }),
  );
  if (response.command === 'unknown') throw new Error('a submit_sm_resp is known');
  return { kind: 'answered', response };
}

export function accepted(smscMessageId: string): RequestOutcome {
  return answered(0, smscMessageId);
}
