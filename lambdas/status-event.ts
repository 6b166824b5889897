import type { StatusEvent } from '#contract/cloud-events.ts';
import type { Message } from './messages.ts';
import type { Milestone } from './roll-up.ts';

/** What subscribers are told of a milestone: the same id however often it is told. */
export function statusEvent({ row, history }: Message, milestone: Milestone): StatusEvent {
  const { key, status, time, settled, superseded, words } = milestone;
  return {
    specversion: '1.0',
    id: `${row.id}:${key}`,
    source: `/carriers/${row.carrier}`,
    type: `sms.${status}`,
    dataschema: 'urn:aws-smpp-gateway:schema:sms.status:1',
    subject: row.id,
    time,
    datacontenttype: 'application/json',
    data: {
      id: row.id,
      clientId: row.clientId,
      carrier: row.carrier,
      from: row.from,
      to: row.to,
      ...(row.reference !== undefined && { reference: row.reference }),
      ...(row.metadata !== undefined && { metadata: row.metadata }),
      status,
      segments: row.segments,
      possibleDuplicate: history.some((fact) => fact.type === 'submitted' && fact.possibleDuplicate),
      ...words,
      ...(settled && { settled }),
      ...(superseded && { superseded }),
    },
  };
}
