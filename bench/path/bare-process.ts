import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientOptions } from '../../local/aws.ts';
import { answerParent } from './answer-parent.ts';
import { Arrivals, type Stretch } from './arrivals.ts';
import { type BareIncoming, passOn } from './bare-inbound.ts';
import { type BareQueues, moveUntil } from './bare-outbound.ts';
import type { Delivered, DeliveryOrder } from './deliveries.ts';
import { usage } from './usage.ts';

const endpoint = process.env.AWS_ENDPOINT_URL ?? '';
const sqs = new SQSClient({ ...clientOptions(endpoint), useQueueUrlAsEndpoint: false });
const sns = new SNSClient(clientOptions(endpoint));

const answers = {
  usage,
  /** Resolves when all of these were received, sent on and deleted, with when each was received. */
  move: async ({ stretch, queues }: { readonly stretch: Stretch; readonly queues: BareQueues }) => {
    const arrivals = new Arrivals(stretch);
    await moveUntil(arrivals, queues, sqs);
    return arrivals.all;
  },
  /** Resolves when all of these were published or sent. */
  pass: ({ order, to }: { readonly order: DeliveryOrder; readonly to: BareIncoming }): Promise<Delivered> =>
    passOn(order, to, { sqs, sns }),
};
export type BareAnswers = typeof answers;
answerParent(answers);
