import * as z from 'zod';
import { carrierProfile } from '#contract/carrier.ts';
import { environment } from '#contract/environment.ts';
import { defaultHealthPort } from '#contract/health-check.ts';
import { InvalidInputError } from '#contract/parse.ts';

/** Where a user leaves open where the password is, the stack names the secret that it made. */
export const taskProfile = carrierProfile.safeExtend({ password: carrierProfile.shape.password.unwrap() });
export type TaskProfile = z.output<typeof taskProfile>;

/** The connector's configuration, read once from the environment; after that nobody checks. */
export interface Config {
  readonly carrier: TaskProfile;
  readonly urgentQueueUrl: string;
  readonly normalQueueUrl: string;
  readonly outboundDeadLetterQueueUrl: string;
  readonly eventsQueueUrl: string;
  readonly eventsDeadLetterQueueUrl: string;
  readonly inboundTopicArn: string;
  readonly healthPort: number;
  readonly pollWaitSeconds: number;
  readonly drainSeconds: number;
}

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.int().min(min).max(max));

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
});

const required = z.string({ error: 'must be set' }).min(1, 'must not be empty');

const schema = z.object({
  [environment.carrierProfile]: required.pipe(json).pipe(taskProfile),
  [environment.urgentQueueUrl]: required,
  [environment.normalQueueUrl]: required,
  [environment.outboundDeadLetterQueueUrl]: required,
  [environment.eventsQueueUrl]: required,
  [environment.eventsDeadLetterQueueUrl]: required,
  [environment.inboundTopicArn]: required,
  [environment.healthPort]: wholeNumber(0, 65_535).default(defaultHealthPort),
  [environment.pollWaitSeconds]: wholeNumber(1, 20).default(5),
  [environment.drainSeconds]: wholeNumber(0, 20).default(15),
});

/** Throws `InvalidInputError` with every fault at once, each naming its variable, no value in the text. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const result = schema.safeParse(env);
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) => `${path.map(String).join('.')} ${message}`);
    throw new InvalidInputError('environment', faults);
  }
  const values = result.data;
  return {
    carrier: values.CARRIER_PROFILE,
    urgentQueueUrl: values.URGENT_QUEUE_URL,
    normalQueueUrl: values.NORMAL_QUEUE_URL,
    outboundDeadLetterQueueUrl: values.OUTBOUND_DEAD_LETTER_QUEUE_URL,
    eventsQueueUrl: values.EVENTS_QUEUE_URL,
    eventsDeadLetterQueueUrl: values.EVENTS_DEAD_LETTER_QUEUE_URL,
    inboundTopicArn: values.INBOUND_TOPIC_ARN,
    healthPort: values.HEALTH_PORT,
    pollWaitSeconds: values.POLL_WAIT_SECONDS,
    drainSeconds: values.DRAIN_SECONDS,
  };
}
