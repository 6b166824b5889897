/** CloudWatch metric names and units, each metric with the one dimension `carrier`. */
export const metricNamespace = 'SmppGateway';

/**
 * What a connector tells every 30 s and when it stops. A `count` is what happened since it told last, and is told when that is
 * nothing too; a `gauge` is how things stand; of a `sample` there are several values, each a measurement.
 */
export const metrics = {
  /** 1 while this task holds its bind, else 0; also told at each change. */
  boundBinds: { name: 'BoundBinds', kind: 'gauge', unit: 'Count' },
  /** Binds that the SMSC refused. */
  bindRefusals: { name: 'BindRefusals', kind: 'count', unit: 'Count' },
  /** Sessions bound after the first. */
  rebinds: { name: 'Rebinds', kind: 'count', unit: 'Count' },
  /** Since the last PDU of the SMSC, while bound; of a pair that of the quieter half. */
  timeSinceLastPdu: { name: 'TimeSinceLastPdu', kind: 'gauge', unit: 'Milliseconds' },

  /** submit_sm written. */
  submits: { name: 'Submits', kind: 'count', unit: 'Count' },
  /** What became of them (`connector/outcome.ts`). */
  submitsSent: { name: 'SubmitsSent', kind: 'count', unit: 'Count' },
  submitsRetried: { name: 'SubmitsRetried', kind: 'count', unit: 'Count' },
  submitsThrottled: { name: 'SubmitsThrottled', kind: 'count', unit: 'Count' },
  submitsRejected: { name: 'SubmitsRejected', kind: 'count', unit: 'Count' },
  submitsUnanswered: { name: 'SubmitsUnanswered', kind: 'count', unit: 'Count' },
  /** From the write of a submit_sm to its response. */
  submitLatency: { name: 'SubmitLatency', kind: 'sample', unit: 'Milliseconds' },
  /** From the API's acceptance of a message to the write of its first submit_sm, of messages that SQS handed out for the first time. */
  urgentQueueToSubmit: { name: 'UrgentQueueToSubmit', kind: 'sample', unit: 'Milliseconds' },
  normalQueueToSubmit: { name: 'NormalQueueToSubmit', kind: 'sample', unit: 'Milliseconds' },
  /** Messages that ended because their validity was over, some of which the SMSC may have. */
  messagesExpired: { name: 'MessagesExpired', kind: 'count', unit: 'Count' },
  /** submit_sm per second that the SMSC accepted, over the last 30 s. */
  effectiveRate: { name: 'EffectiveRate', kind: 'gauge', unit: 'Count/Second' },
  /** submit_sm per second that the task allows itself; not told without a limit. */
  rateLimit: { name: 'RateLimit', kind: 'gauge', unit: 'Count/Second' },
  /** Most of the window that was in use at once, since it was told last. */
  windowUse: { name: 'WindowUse', kind: 'gauge', unit: 'Percent' },
  /** Messages received from the lanes and not settled. */
  heldMessages: { name: 'HeldMessages', kind: 'gauge', unit: 'Count' },

  /** deliver_sm (and data_sm) that AWS took: with a handset's message, and with a receipt. */
  receivedMessages: { name: 'ReceivedMessages', kind: 'count', unit: 'Count' },
  receipts: { name: 'Receipts', kind: 'count', unit: 'Count' },
  /** Receipts whose state nobody knows: a word for `receipts.statuses` of the carrier. */
  unknownReceiptStates: { name: 'UnknownReceiptStates', kind: 'count', unit: 'Count' },
  /** Messages of handsets that could only be guessed at. */
  guessedTexts: { name: 'GuessedTexts', kind: 'count', unit: 'Count' },
  /** Those answered so that the SMSC sends them again: AWS did not take them, or there were too many at once. */
  deliversRefused: { name: 'DeliversRefused', kind: 'count', unit: 'Count' },

  /** generic_nack from the SMSC. */
  nacks: { name: 'Nacks', kind: 'count', unit: 'Count' },
  /** PDUs of the SMSC that do not follow the specification. */
  malformedPdus: { name: 'MalformedPdus', kind: 'count', unit: 'Count' },
} as const;

export type MetricName = keyof typeof metrics;
type OfKind<Kind> = { [Name in MetricName]: (typeof metrics)[Name]['kind'] extends Kind ? Name : never }[MetricName];
export type CountName = OfKind<'count'>;
export type GaugeName = OfKind<'gauge'>;
export type SampleName = OfKind<'sample'>;

/** What functions count, with the same dimension. */
export const functionMetrics = {
  /** Ids of receipts that were found to be a message's although its response wrote them in another way. */
  derivedReceiptMatches: { name: 'DerivedReceiptMatches', kind: 'count', unit: 'Count' },
} as const;

export type FunctionMetricName = keyof typeof functionMetrics;
