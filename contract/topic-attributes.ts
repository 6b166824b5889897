import type { ReceivedEvent, StatusTopicEvent } from './cloud-events.ts';

export interface TopicAttributes {
  readonly type: string;
  readonly carrier: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** First word of an inbound text, upper case. */
  readonly keyword?: string | undefined;
}

/** A receipt's own addresses are the other way round, `from` the handset's: left out, lest a filter mean the other. */
export function statusTopicAttributes({ type, data: { carrier, from, to } }: StatusTopicEvent): TopicAttributes {
  return type === 'sms.receipt.unmatched' ? { type, carrier } : { type, carrier, from, to };
}

export function inboundTopicAttributes({ type, data: { carrier, from, to, text } }: ReceivedEvent): TopicAttributes {
  return { type, carrier, from, to, keyword: text.trim().split(/\s+/, 1)[0]?.toUpperCase() };
}

/**
 * SNS message attributes to filter on. An empty one is left out (SNS refuses it) and characters
 * that SNS would never accept are taken out: https://docs.aws.amazon.com/sns/latest/api/API_MessageAttributeValue.html
 */
export function snsAttributes(
  attributes: TopicAttributes,
): Record<string, { DataType: 'String'; StringValue: string }> {
  const entries = Object.entries(attributes).flatMap(([name, value]) => {
    const clean = typeof value === 'string' ? sanitise(value) : '';
    return clean === '' ? [] : [[name, { DataType: 'String', StringValue: clean }] as const];
  });
  return Object.fromEntries(entries);
}

const maxAttributeLength = 100;

function sanitise(value: string): string {
  return value
    .toWellFormed()
    .replace(/[\p{Cc}\ufffe\uffff]/gu, '')
    .slice(0, maxAttributeLength)
    .toWellFormed();
}
