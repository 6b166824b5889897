import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type CfnTopic, type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import {
  DeduplicationScope,
  FifoThroughputLimit,
  type IQueue,
  Queue,
  QueueEncryption,
  type QueueProps,
} from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Priority } from '#contract/outbound-sms.ts';
import { acknowledge } from './acknowledged.ts';
import { allow, allowKey } from './grants.ts';

export interface MessagingProps {
  /** @default keys of SQS's own for the queues, `aws/sns` for the topics */
  readonly encryptionKey?: IKey | undefined;
  /** How long the functions behind the queues may take. */
  readonly eventsTimeout: Duration;
}

export interface CarrierQueues {
  readonly lanes: Readonly<Record<Priority, Queue>>;
  readonly deadLetters: Queue;
}

/** SQS keeps nothing longer. */
const longestRetention = Duration.days(14);

/** The queues and topics between the functions and the connectors. */
export class Messaging extends Construct {
  readonly events: Queue;
  readonly eventsDeadLetters: Queue;
  /** Has a copy of all that the inbound topic publishes. */
  readonly inbound: Queue;
  readonly inboundTopic: Topic;
  readonly statusTopic: Topic;
  readonly #key: IKey | undefined;

  constructor(scope: Construct, id: string, { encryptionKey, eventsTimeout }: MessagingProps) {
    super(scope, id);
    this.#key = encryptionKey;
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: six times the function's timeout
    const visibilityTimeout = Duration.seconds(6 * eventsTimeout.toSeconds());
    this.eventsDeadLetters = this.#deadLetterQueue(this, 'EventsDeadLetters');
    this.events = this.#queue(this, 'Events', {
      retentionPeriod: Duration.days(7),
      visibilityTimeout,
      // A passing fault must not use an event up: the status of a message hangs on it.
      deadLetterQueue: { queue: this.eventsDeadLetters, maxReceiveCount: 100 },
    });
    this.inboundTopic = this.#topic('Inbound');
    this.statusTopic = this.#topic('Status');
    this.inbound = this.#inboundQueue(visibilityTimeout);
  }

  /** Kept when the carrier, or the stack, goes: they may hold messages that were accepted. */
  addCarrier(scope: Construct): CarrierQueues {
    const deadLetters = this.#deadLetterQueue(scope, 'DeadLetters', { fifo: true });
    const lane = (id: string) =>
      this.#queue(scope, id, {
        fifo: true,
        deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
        fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
        retentionPeriod: longestRetention,
        // The connector sets its own with each receive; this is for whoever looks in by hand.
        visibilityTimeout: Duration.minutes(2),
        // No retry counter: giving a message back raises the count too. The connector judges by the message's validity.
        deadLetterQueue: { queue: deadLetters, maxReceiveCount: 1_000 },
      });
    return { lanes: { urgent: lane('Urgent'), normal: lane('Normal') }, deadLetters };
  }

  grantSend(queue: IQueue, grantee: IGrantable): void {
    allow(grantee, ['sqs:SendMessage'], [queue.queueArn]);
    allowKey(this.#key, grantee, ['kms:GenerateDataKey', 'kms:Decrypt']);
  }

  /** What an event source needs, too. */
  grantConsume(queue: IQueue, grantee: IGrantable): void {
    allow(grantee, ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queue.queueArn]);
    if (queue !== this.inbound) allowKey(this.#key, grantee, ['kms:Decrypt']);
  }

  /** For as long as a received message is held, and to give it back. */
  grantHold(queue: IQueue, grantee: IGrantable): void {
    allow(grantee, ['sqs:ChangeMessageVisibility'], [queue.queueArn]);
  }

  grantPublish(topic: ITopic, grantee: IGrantable): void {
    allow(grantee, ['sns:Publish'], [topic.topicArn]);
    allowKey(this.#key, grantee, ['kms:GenerateDataKey', 'kms:Decrypt']);
  }

  /**
   * Not under a key of the user's: SNS could deliver only if its policy said so, which we cannot write, and would else
   * drop what it has without a word. A queue, since a function that SNS calls itself could take all that the account may run.
   */
  #inboundQueue(visibilityTimeout: Duration): Queue {
    const encryption = QueueEncryption.SQS_MANAGED;
    const dead = {
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
      encryption,
      retentionPeriod: longestRetention,
    };
    const deadLetters = new Queue(this, 'InboundDeadLetters', dead);
    acknowledge(deadLetters, 'dead-letter queue');
    const deadLetterQueue = { queue: deadLetters, maxReceiveCount: 100 };
    const queue = new Queue(this, 'InboundKept', { ...dead, visibilityTimeout, deadLetterQueue });
    this.inboundTopic.addSubscription(
      new SqsSubscription(queue, { rawMessageDelivery: true, deadLetterQueue: deadLetters }),
    );
    return queue;
  }

  #topic(id: string): Topic {
    const topic = new Topic(this, id, { enforceSSL: true, ...(this.#key && { masterKey: this.#key }) });
    // Not for queues: SNS cannot deliver into one under aws/sqs. A topic under aws/sns delivers to any subscriber. By its
    // name, as AWS documents it, and not by an ARN as CDK would have it: the key is made when it is first used so.
    if (this.#key === undefined) (topic.node.defaultChild as CfnTopic).kmsMasterKeyId = 'alias/aws/sns';
    return topic;
  }

  #deadLetterQueue(scope: Construct, id: string, props: QueueProps = {}): Queue {
    const queue = this.#queue(scope, id, { ...props, retentionPeriod: longestRetention });
    acknowledge(queue, 'dead-letter queue');
    return queue;
  }

  #queue(scope: Construct, id: string, props: QueueProps): Queue {
    const encryption = this.#key
      ? { encryption: QueueEncryption.KMS, encryptionMasterKey: this.#key }
      : { encryption: QueueEncryption.SQS_MANAGED };
    return new Queue(scope, id, { ...props, ...encryption, enforceSSL: true, removalPolicy: RemovalPolicy.RETAIN });
  }
}
