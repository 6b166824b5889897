/** Names of environment variables: infra and `local` set them, the runtime reads them. */
export const environment = {
  /** The carrier's profile and name, as JSON (`contract/carrier.ts`). */
  carrierProfile: 'CARRIER_PROFILE',
  urgentQueueUrl: 'URGENT_QUEUE_URL',
  normalQueueUrl: 'NORMAL_QUEUE_URL',
  /** FIFO, for what the connector cannot read in either lane. */
  outboundDeadLetterQueueUrl: 'OUTBOUND_DEAD_LETTER_QUEUE_URL',
  eventsQueueUrl: 'EVENTS_QUEUE_URL',
  eventsDeadLetterQueueUrl: 'EVENTS_DEAD_LETTER_QUEUE_URL',
  inboundTopicArn: 'INBOUND_TOPIC_ARN',
  statusTopicArn: 'STATUS_TOPIC_ARN',
  tableName: 'TABLE_NAME',
  /** What the API needs to know of each carrier, as JSON (`contract/routes.ts`). */
  routes: 'ROUTES',
  /** Longest text that the API takes, in segments, 1 to 255. @default 10 */
  maxSegments: 'MAX_SEGMENTS',
  /** Texts are forgotten so many days after acceptance, but not before there is an outcome; 1 to 90. @default 90, with the row */
  retainTextDays: 'RETAIN_TEXT_DAYS',
  /** Port of the connector's health check on loopback; 0 takes any free one. @default 8080 */
  healthPort: 'HEALTH_PORT',
  /** How long one receive call waits for a message, in seconds, 1 to 20. */
  pollWaitSeconds: 'POLL_WAIT_SECONDS',
  /** How long the connector waits for answers while it drains, in seconds, 0 to 20. */
  drainSeconds: 'DRAIN_SECONDS',
  logLevel: 'LOG_LEVEL',
} as const;
