import type { CarrierProfileInput } from '#contract/carrier.ts';
import type { OutboundSms } from '#contract/outbound-sms.ts';
import { type TaskProfile, taskProfile } from '../../connector/config.ts';
import type { Log } from '../../connector/log.ts';
import type { HeldMessage } from '../../connector/queue/lane.ts';
import type { KnownPdu, PduToWrite } from '../../connector/smpp/codec/pdu.ts';
import type { Claimant } from '../../connector/smpp/window.ts';
import { noteLogged, notePersonal } from './log-watch.ts';
import { asRead, deliverSm as deliverSmToWrite } from './pdus.ts';

/** Things the connector handles, with defaults: a test names only what matters to it. */

/** Who asks for a place in the window. */
export const normal: Claimant = { priority: 'normal', claimed: false, throttled: false };
export const urgent: Claimant = { priority: 'urgent', claimed: false, throttled: false };

export const messageId = '019b76da-a800-7000-8000-0123456789ab';

/** Of queues that are no more than their names. */
export const queueUrls = {
  urgentQueueUrl: 'urgent',
  normalQueueUrl: 'normal',
  outboundDeadLetterQueueUrl: 'dead-letters',
  eventsQueueUrl: 'events',
  eventsDeadLetterQueueUrl: 'events-dead-letters',
  inboundTopicArn: 'inbound',
};

export function profile(given: Partial<CarrierProfileInput> = {}): TaskProfile {
  return taskProfile.parse({
    name: 'acme',
    hosts: [{ host: '127.0.0.1', port: 2775 }],
    systemId: 'gateway',
    password: { env: 'ACME_PASSWORD' },
    ...given,
  });
}

export function sms(given: Partial<OutboundSms> = {}): OutboundSms {
  const { to = '+447700900123', text = 'Hello' } = given;
  notePersonal(to, text);
  return {
    version: 1,
    id: messageId,
    clientId: 'client-1',
    carrier: 'acme',
    to,
    from: 'ACME',
    text,
    priority: 'normal',
    guarantee: 'at-least-once',
    receipt: true,
    acceptedAt: '2026-01-01T00:00:00.000Z',
    validUntil: '2026-01-02T00:00:00.000Z',
    ...given,
  };
}

let heldSoFar = 0;

/** A held message that keeps a list of what was done with it. Unless `given`, its SQS id is nobody else's. */
export function held(body: string, given: Partial<HeldMessage> = {}): HeldMessage & { readonly done: string[] } {
  const done: string[] = [];
  heldSoFar += 1;
  return {
    lane: 'normal',
    receiptHandle: 'handle',
    body,
    groupId: 'group',
    sqsMessageId: `sqs-${heldSoFar}`,
    receiveCount: 1,
    receivedAt: Date.UTC(2026, 0, 1),
    begin: () => {},
    remainingMs: () => 120_000,
    delete: async () => {
      done.push('deleted');
    },
    giveBack: async () => {
      done.push('given back');
    },
    release: () => {
      done.push('released');
    },
    done,
    ...given,
  };
}

/** A handset's message, as it arrives. */
export function deliverSm(given: Partial<PduToWrite<'deliver_sm'>> = {}): KnownPdu<'deliver_sm'> {
  const fromHandset = { sourceAddr: '447700900123', destAddrTon: 3, destAddrNpi: 0, destinationAddr: '12345' };
  notePersonal(
    given.sourceAddr ?? fromHandset.sourceAddr,
    given.shortMessage && Buffer.from(given.shortMessage).toString(),
  );
  return asRead(deliverSmToWrite({ ...fromHandset, shortMessage: Buffer.from('YES'), ...given }));
}

export interface LogLine {
  readonly level: keyof Log;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** A log that keeps its lines. */
export function recordedLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at =
    (level: keyof Log) =>
    (message: string, fields = {}) => {
      noteLogged(JSON.stringify({ ...fields, message }));
      lines.push({ ...fields, level, message });
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), lines };
}
