import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { eventually } from '../support/eventually.ts';
import { type LocalGateway, startLocalGateway } from '../support/local-gateway.ts';

jest.setTimeout(60_000);

/** From a handset to the subscriber and to GET /v1/inbound, through everything that `npm start` runs. */

const alice = '+447700900123';
const long = `Is anybody there? ${'I was told to write to this number, and that somebody would read it. '.repeat(6)}`;

interface Listed {
  readonly messages: readonly { readonly id: string; readonly text: string; readonly parts?: object }[];
}

describe('what a handset sends in parts', () => {
  let gateway: LocalGateway;
  let sqs: SQSClient;
  let sns: SNSClient;

  beforeAll(async () => {
    gateway = await startLocalGateway();
    const { awsEndpoint: endpoint, region } = gateway;
    const options = { endpoint, region, credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };
    [sqs, sns] = [new SQSClient(options), new SNSClient(options)];
  });

  afterAll(async () => {
    sqs.destroy();
    sns.destroy();
    await gateway.stop();
  });

  async function list(query: string): Promise<Listed> {
    const answer = await fetch(`${gateway.apiUrl}/v1/inbound${query}`, { headers: { 'x-api-key': gateway.apiKey } });
    expect(answer.status).toBe(200);
    return (await answer.json()) as Listed;
  }

  test('is one message to the subscriber of the topic, and in the list of what came', async () => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'reader' }));
    const Endpoint = 'arn:aws:sqs:eu-west-1:000000000000:reader';
    const Attributes = { RawMessageDelivery: 'true' };
    const TopicArn = gateway.inboundTopicArn;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes }));
    expect(await gateway.handset(alice).send(long, '60300')).toEqual(['ESME_ROK', 'ESME_ROK', 'ESME_ROK']);
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
    const event = JSON.parse(Messages[0]?.Body ?? '{}');
    expect(event).toMatchObject({ type: 'sms.received', data: { text: long, parts: { total: 3, missing: [] } } });
    const messages = await eventually('message in the list', async () => {
      const listed = await list(`?from=${encodeURIComponent(alice)}&to=60300`);
      return listed.messages.length > 0 ? listed.messages : undefined;
    });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({ id: event.id, text: long, parts: { total: 3, missing: [] } });
    expect((await list('?to=60301')).messages).toEqual([]);
    expect(gateway.logs.join()).not.toContain('anybody there');
  });
});
