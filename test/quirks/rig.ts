import type { SNSClient } from '@aws-sdk/client-sns';
import type { CarrierProfileInput } from '#contract/carrier.ts';
import { type ReceivedEvent, receivedEvent, type StatusTopicEvent } from '#contract/cloud-events.ts';
import { type ConnectorEvent, parseEventList } from '#contract/connector-events.ts';
import type { CountName } from '#contract/metrics.ts';
import { routeOf, routes } from '#contract/routes.ts';
import { startConnector } from '../../connector/connector.ts';
import type { Told } from '../../connector/meters.ts';
import type { PduToWrite } from '../../connector/smpp/codec/pdu.ts';
import { writePdu } from '../../connector/smpp/codec/write.ts';
import { acceptMessage } from '../../lambdas/accept-message.ts';
import { findMessage } from '../../lambdas/find-message.ts';
import { messageView } from '../../lambdas/message-view.ts';
import type { MessageRow } from '../../lambdas/messages.ts';
import type { InboundTopic, Queue, Topic } from '../../lambdas/ports.ts';
import { sendRequestParser } from '../../lambdas/send-request.ts';
import { settleItems } from '../../lambdas/settle-items.ts';
import { trackRecords } from '../../lambdas/track-records.ts';
import type { BehaviourChange } from '../../local/simulator/play/behaviour.ts';
import { Simulator } from '../../local/simulator/simulator.ts';
import { Random } from '../fuzz/random.ts';
import { profile, queueUrls, recordedLog } from '../support/connector-factories.ts';
import { clientId } from '../support/factories.ts';
import { batchAnswer, fakeAws } from '../support/fake-aws.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeLaneQueue } from '../support/fake-lane-queue.ts';
import { FakeSqs } from '../support/fake-sqs.ts';
import { testLog } from '../support/lambda-ports.ts';
import { notePersonal } from '../support/log-watch.ts';
import { memoryTable } from '../support/memory-table.ts';
import { deliverSm } from '../support/pdus.ts';
import { releaseAfterTest } from '../support/release-after-test.ts';
import type { PDU } from '../support/smpp-oracle.ts';
import type { OctetTap } from './octet-tap.ts';
import { type SubmitAnswer, serveScripted, Wire } from './wire.ts';

export const recipient = '+447700900123';

/**
 * The whole gateway under one clock: the API's own functions, the lanes, a connector, the simulator at the other end
 * of its sockets, the projection and `settle-due`. A test says how the SMSC is odd and what comes of it.
 */
export class QuirkRig {
  readonly clock = new FakeClock();
  readonly simulator: Simulator;
  readonly log = recordedLog();
  readonly table = memoryTable();
  /** What the status topic and the inbound topic carried. */
  readonly published: StatusTopicEvent[] = [];
  readonly inbound: ReceivedEvent[] = [];
  /** While set, SNS takes nothing. */
  isInboundDown = false;
  readonly #profile: ReturnType<typeof profile>;
  readonly #lanes = { urgent: new FakeLaneQueue(this.clock), normal: new FakeLaneQueue(this.clock) };
  readonly sqs = new FakeSqs({ ...this.#lanes, 'dead-letters': new FakeLaneQueue(this.clock) });
  readonly wire: Wire;
  readonly #lambdaLog = testLog();
  readonly #metrics: Told[number][] = [];
  #sent = 0;
  #ids = 0;
  #tracked = 0;
  #settledAt: number;
  #sequence = 0x7000_0000;

  constructor(carrier: Partial<CarrierProfileInput> = {}, answer?: SubmitAnswer) {
    this.#profile = profile(carrier);
    this.#settledAt = this.clock.now();
    const random = new Random(1);
    this.simulator = new Simulator({
      accounts: [{ systemId: 'gateway', password: 'secret' }],
      clock: this.clock,
      random: () => random.uint32() / 0x1_0000_0000,
      onFault: () => {},
    });
    this.wire = new Wire((server) => {
      if (answer === undefined) this.simulator.smsc.serve(server);
      else serveScripted(server, answer);
    });
  }

  async start(): Promise<this> {
    await this.simulator.start();
    releaseAfterTest(() => this.simulator.end());
    const connector = await startConnector(
      { carrier: this.#profile, ...queueUrls, healthPort: 0, pollWaitSeconds: 5, drainSeconds: 15 },
      {
        sqs: this.sqs.client((_call, execute) => execute()),
        sns: fakeAws<SNSClient>(({ input }) => this.#publishInbound(input)).client,
        clock: this.clock,
        random: () => 1,
        newId: () => this.#newId(),
        bindId: 'bind',
        log: this.log,
        tellMetrics: (told) => void this.#metrics.push(...told),
        connect: async ({ host }) => this.wire.connect(host),
        readPassword: async () => 'secret',
      },
    );
    releaseAfterTest(() => this.#whileRunning(connector.stop()));
    return this;
  }

  play(...scenarios: readonly string[]): void {
    this.simulator.stage.play({ scenarios, change: {} });
  }

  change(change: BehaviourChange): void {
    this.simulator.stage.play({ scenarios: [], change });
  }

  /** POST /v1/messages. */
  async send(given: Record<string, unknown> = {}): Promise<MessageRow> {
    const body = { to: recipient, from: 'ACME', text: 'Hello', ...given };
    notePersonal(String(body.to), String(body.text));
    this.#sent += 1;
    const id = `019b76da-a800-7000-8000-${String(this.#sent).padStart(12, '0')}`;
    return await acceptMessage({ ...this.#ports(), newId: () => id }, clientId, this.parse(body));
  }

  /** What the API makes of a body; throws its `ApiError`. */
  parse(body: unknown): ReturnType<ReturnType<typeof sendRequestParser>> {
    return sendRequestParser(routes.parse([routeOf(this.#profile, { urgent: 'urgent', normal: 'normal' })]))(body);
  }

  /** Sends, and lets time go on until the SMSC has answered all of it. */
  async sent(given: Record<string, unknown> = {}): Promise<MessageRow> {
    const row = await this.send(given);
    await this.until('an outcome of the message', () => this.statuses(row.id).some((status) => status !== 'queued'));
    return row;
  }

  /** GET /v1/messages/{id}. */
  async view(id: string) {
    return messageView(await findMessage(this.table, clientId, id));
  }

  /** What the status topic said of a message, in order, each once: `delivered` for `sms.delivered`. */
  statuses(id: string): string[] {
    const types = this.published.flatMap((event) => ('id' in event.data && event.data.id === id ? [event.type] : []));
    return [...new Set(types)].map((type) => type.replace('sms.', ''));
  }

  /** The last event of that status. */
  event(id: string, status: string): Extract<StatusTopicEvent, { data: { id: string } }>['data'] {
    for (const event of this.published.toReversed()) {
      if (event.type === `sms.${status}` && 'id' in event.data && event.data.id === id) return event.data;
    }
    throw new Error(`no sms.${status} was published`);
  }

  /** How often the connector has counted something, as far as it has told. */
  counted(metric: CountName): number {
    const values = this.#metrics.flatMap(([name, told]) => (name === metric ? told : []));
    return values.reduce((sum, value) => sum + value, 0);
  }

  /** Every line that a Lambda logged. */
  get lambdaLog(): readonly string[] {
    return this.#lambdaLog.logged;
  }

  get unmatched() {
    return this.published.flatMap((event) => (event.type === 'sms.receipt.unmatched' ? [event.data] : []));
  }

  get events(): ConnectorEvent[] {
    return (this.sqs.bodies.get('events') ?? []).flatMap((body) =>
      parseEventList(body).map((parsed) => {
        if (parsed.kind === 'invalid') throw parsed.error;
        return parsed.event;
      }),
    );
  }

  get taps(): readonly OctetTap[] {
    return this.wire.taps;
  }

  written(command: string): PDU[] {
    return this.wire.written(command);
  }

  get submits(): PDU[] {
    return this.written('submit_sm');
  }

  get waiting(): number {
    return this.#lanes.urgent.bodies.length + this.#lanes.normal.bodies.length;
  }

  /** A deliver_sm from the SMSC; resolves with the command_status of its response. */
  async deliver(fields: Partial<PduToWrite<'deliver_sm'>> = {}): Promise<number> {
    this.#sequence += 1;
    const sequenceNumber = this.#sequence;
    const fromHandset = { sourceAddr: recipient.slice(1), destAddrTon: 5, destAddrNpi: 0, destinationAddr: 'ACME' };
    notePersonal(fields.sourceAddr ?? fromHandset.sourceAddr);
    this.wire.writeRaw(writePdu(deliverSm({ ...fromHandset, ...fields, sequenceNumber })));
    const answer = () => this.written('deliver_sm_resp').find((pdu) => pdu.sequence_number === sequenceNumber);
    await this.until('an answer to the deliver_sm', () => answer() !== undefined);
    return Number(answer()?.command_status);
  }

  /** A receipt as a deliver_sm, of the text given. */
  receipt(text: string, fields: Partial<PduToWrite<'deliver_sm'>> = {}): Promise<number> {
    return this.deliver({ esmClass: 0x04, shortMessage: Buffer.from(text, 'latin1'), ...fields });
  }

  /** Time goes on until there is what is waited for, or for too long. */
  async until(what: string, isThere: () => boolean, limitMs = 120_000): Promise<void> {
    const began = this.clock.monotonic();
    while (!isThere()) {
      const passedMs = this.clock.monotonic() - began;
      if (passedMs >= limitMs) throw new Error(`within ${limitMs} ms of the clock there was no ${what}`);
      await this.#step(passedMs < 5_000 ? 100 : 2_000);
    }
  }

  async untilStatus(id: string, status: string, limitMs = 120_000): Promise<void> {
    await this.until(`sms.${status}`, () => this.statuses(id).includes(status), limitMs);
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 10_000) await this.#step(Math.min(left, 10_000));
  }

  /** The clock goes on, `track-events` gets what came, and once a minute what is due is settled. */
  async #step(ms: number): Promise<void> {
    await this.clock.advance(ms);
    const bodies = (this.sqs.bodies.get('events') ?? []).slice(this.#tracked);
    this.#tracked += bodies.length;
    const records = bodies.map((body, index) => ({ messageId: `record-${this.#tracked}-${index}`, body }));
    const failed = await trackRecords(this.#ports(), records);
    if (failed.length > 0) throw new Error(`events could not be applied: ${this.#lambdaLog.logged.at(-1)}`);
    if (this.clock.now() - this.#settledAt < 60_000) return;
    this.#settledAt = this.clock.now();
    const settled = await settleItems(this.#ports());
    if (settled.failed > 0) throw new Error(`due items could not be settled: ${this.#lambdaLog.logged.at(-1)}`);
  }

  #ports() {
    const { table } = this;
    const { log } = this.#lambdaLog;
    const now = () => this.clock.now();
    const queue: Queue = {
      send: async ({ queueUrl, body, groupId = '', deduplicationId = '' }) => {
        if (queueUrl !== 'urgent' && queueUrl !== 'normal') {
          throw new Error(`an event went into the dead-letter queue: ${this.#lambdaLog.logged.at(-1) ?? body}`);
        }
        this.#lanes[queueUrl].send(body, { groupId, deduplicationId });
      },
    };
    const topic: Topic = { publish: async (event) => void this.published.push(event) };
    const inboundTopic: InboundTopic = { publish: async (event) => void this.inbound.push(receivedEvent.parse(event)) };
    return {
      table,
      log,
      now,
      queue,
      topic,
      inboundTopic,
      deadLetterQueueUrl: 'events-dead-letters',
      retainTextDays: 90,
    };
  }

  #newId(): string {
    this.#ids += 1;
    return `id-${this.#ids}`;
  }

  async #whileRunning(work: Promise<unknown>): Promise<void> {
    let isDone = false;
    const done = work.finally(() => {
      isDone = true;
    });
    while (!isDone) await this.clock.advance(100);
    await done;
  }

  #publishInbound(input: Readonly<Record<string, unknown>>): unknown {
    if (this.isInboundDown) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const entries = input.PublishBatchRequestEntries as readonly { readonly Message: string }[];
    for (const { Message } of entries) this.inbound.push(receivedEvent.parse(JSON.parse(Message)));
    return batchAnswer(entries.length);
  }
}

/** A rig that runs and is bound, with the simulator or, where `answer` is given, an SMSC that does nothing but that. */
export async function quirkRig(carrier: Partial<CarrierProfileInput> = {}, answer?: SubmitAnswer): Promise<QuirkRig> {
  const rig = await new QuirkRig(carrier, answer).start();
  const isBound = () => rig.written('bind_transceiver').length + rig.written('bind_receiver').length > 0;
  await rig.until('a bind', isBound);
  await rig.pass(1_000);
  return rig;
}
