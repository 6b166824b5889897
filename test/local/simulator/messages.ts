import { PDU } from 'smpp/lib/pdu.js';
import type { Content, Submission } from '../../../local/simulator/messages/submission.ts';
import type { SubmittingSession } from '../../../local/simulator/messages/submitting-session.ts';
import type { BehaviourChange } from '../../../local/simulator/play/behaviour.ts';
import { Stage } from '../../../local/simulator/play/stage.ts';
import type { ReceivedPdu } from '../../../local/simulator/sessions/package-smpp.ts';
import { concatenationUdh } from '../../support/concatenation-udh.ts';

/** "Hello" from 12345 to +447700900123. */
export function content(change: Partial<Content> = {}): Content {
  return {
    from: '12345',
    to: '+447700900123',
    source: { ton: 0, npi: 1, digits: '12345' },
    destination: { ton: 1, npi: 1, digits: '447700900123' },
    esmClass: 0,
    protocolId: 0,
    dataCoding: 0,
    registeredDelivery: 0,
    octets: Buffer.from('Hello'),
    pdu: Buffer.alloc(16),
    ...change,
  };
}

/** One part of a message, by an 8-bit UDH. */
export function part(
  number: number,
  total: number,
  change: Partial<Content> & { readonly body?: Uint8Array } = {},
): Content {
  const { body = Buffer.from('Hello'), ...rest } = change;
  return content({ esmClass: 0x40, octets: Buffer.concat([concatenationUdh(7, total, number), body]), ...rest });
}

export function submission(
  change: Partial<Omit<Submission, 'content'>> & { readonly content?: Content } = {},
): Submission {
  return {
    content: content(),
    isPayload: false,
    hasSar: false,
    scheduleDeliveryTime: '',
    validityPeriod: '',
    ...change,
  };
}

export function stageOf(change: BehaviourChange): Stage {
  const stage = new Stage();
  stage.play({ scenarios: [], change });
  return stage;
}

/** A request as it is read from the wire. */
export function request(command: string, fields: Record<string, unknown>): ReceivedPdu {
  const octets = new PDU(command, fields).toBuffer();
  return Object.assign(new PDU(octets), { octets });
}

type Answer = Parameters<SubmittingSession['respond']>[1];

/** A session of `me` that notes how its requests are answered. */
export function submitter(): SubmittingSession & { readonly answers: Answer[] } {
  const answers: Answer[] = [];
  return {
    number: 1,
    systemId: 'me',
    unanswered: 0,
    answers,
    respond(_request, answer) {
      answers.push(answer);
      answer.onWritten?.();
    },
    end: () => undefined,
  };
}
