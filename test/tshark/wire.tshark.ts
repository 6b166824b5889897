import type { SNSClient } from '@aws-sdk/client-sns';
import { asciiJson } from '#contract/ascii-json.ts';
import type { CarrierProfileInput } from '#contract/carrier.ts';
import type { OutboundSms } from '#contract/outbound-sms.ts';
import { startConnector } from '../../connector/connector.ts';
import { dial } from '../../connector/smpp/dial.ts';
import { profile, queueUrls, recordedLog, sms } from '../support/connector-factories.ts';
import { batchAnswer, fakeAws } from '../support/fake-aws.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeLaneQueue } from '../support/fake-lane-queue.ts';
import { FakeSqs } from '../support/fake-sqs.ts';
import { releaseAfterTest } from '../support/release-after-test.ts';
import { type ScriptedSmsc, startScriptedSmsc } from '../support/scripted-smsc.ts';
import { Capture, type Decoded } from './capture.ts';

/** What the connector meant, as somebody else's dissector of SMPP reads it. */

const submitFields = [
  'smpp.source_addr_ton',
  'smpp.source_addr_npi',
  'smpp.source_addr',
  'smpp.dest_addr_ton',
  'smpp.dest_addr_npi',
  'smpp.destination_addr',
  'smpp.data_coding',
  'smpp.sm_length',
  'smpp.message',
  'smpp.esm.submit.features',
  'smpp.sar_msg_ref_num',
  'smpp.sar_total_segments',
  'smpp.sar_segment_seqnum',
  'smpp.message_payload',
  'smpp.opt_param_tag',
] as const;

interface Told {
  readonly submits: readonly Decoded[];
  readonly complaints: readonly string[];
}

/** Sends that through a connector with that carrier, one request at a time; what tshark read of it, `count` submit_sm. */
async function toldBy(
  message: Partial<OutboundSms>,
  carrier: Partial<CarrierProfileInput>,
  count: number,
): Promise<Told> {
  const smsc = await startScriptedSmsc();
  releaseAfterTest(() => smsc.stop());
  const capture = await Capture.start(smsc.port);
  const clock = new FakeClock();
  await send(message, { ...carrier, window: 1 }, { smsc, clock, count });
  const submits = await capture.decoded('smpp.command_id == 0x00000004', submitFields, count);
  return { submits, complaints: await capture.complaints() };
}

interface Surroundings {
  readonly smsc: ScriptedSmsc;
  readonly clock: FakeClock;
  readonly count: number;
}

async function send(
  message: Partial<OutboundSms>,
  carrier: Partial<CarrierProfileInput>,
  { smsc, clock, count }: Surroundings,
): Promise<void> {
  const lanes = { urgent: new FakeLaneQueue(clock), normal: new FakeLaneQueue(clock) };
  const sqs = new FakeSqs({ ...lanes, 'dead-letters': new FakeLaneQueue(clock) });
  const connector = await startConnector(
    {
      carrier: profile({ ...carrier, hosts: [{ host: smsc.host, port: smsc.port }] }),
      ...queueUrls,
      healthPort: 0,
      pollWaitSeconds: 5,
      drainSeconds: 15,
    },
    {
      sqs: sqs.client((_call, execute) => execute()),
      sns: fakeAws<SNSClient>(() => batchAnswer(0)).client,
      clock,
      random: () => 1,
      newId: () => 'id',
      bindId: 'bind',
      log: recordedLog(),
      tellMetrics: () => {},
      connect: (to, stop) => dial(to, { tls: false }, stop),
      readPassword: async () => 'secret',
    },
  );
  const outbound = sms(message);
  lanes.normal.send(asciiJson(outbound), { groupId: outbound.to, deduplicationId: outbound.id });
  await whileAwaiting(clock, smsc.atLeast(count, 'submit_sm'));
  await whileAwaiting(clock, connector.stop());
}

/** Time goes on, far more slowly than the network, while something of it is awaited. */
async function whileAwaiting(clock: FakeClock, awaited: Promise<unknown>): Promise<void> {
  let isOver = false;
  const over = awaited.finally(() => {
    isOver = true;
  });
  while (!isOver) await clock.advance(1);
  await over;
}

function octetsOf(submits: readonly Decoded[]): string[] {
  return submits.map((fields) => (fields['smpp.message'] ?? '').replaceAll(':', ''));
}

const hex = (text: string) => Buffer.from(text, 'latin1').toString('hex');

test('a short text has the addresses, the data_coding and the octets that were meant', async () => {
  const { submits, complaints } = await toldBy({ text: 'Hello, Ada' }, {}, 1);
  expect(submits).toMatchObject([
    {
      'smpp.source_addr_ton': '0x05',
      'smpp.source_addr_npi': '0x00',
      'smpp.source_addr': 'ACME',
      'smpp.dest_addr_ton': '0x01',
      'smpp.dest_addr_npi': '0x01',
      'smpp.destination_addr': '447700900123',
      'smpp.data_coding': '0x00',
      'smpp.sm_length': '10',
    },
  ]);
  expect(octetsOf(submits)).toEqual([hex('Hello, Ada')]);
  expect(complaints).toEqual([]);
});

test('a short code is the sender that was meant', async () => {
  const { submits, complaints } = await toldBy({ from: '12345' }, {}, 1);
  expect(submits).toMatchObject([
    { 'smpp.source_addr_ton': '0x03', 'smpp.source_addr_npi': '0x00', 'smpp.source_addr': '12345' },
  ]);
  expect(complaints).toEqual([]);
});

test('a text in UCS-2 has its octets', async () => {
  const text = 'Καλημέρα';
  const { submits, complaints } = await toldBy({ text }, {}, 1);
  expect(submits).toMatchObject([{ 'smpp.data_coding': '0x08', 'smpp.sm_length': '16' }]);
  expect(octetsOf(submits)).toEqual([Buffer.from(text, 'utf16le').swap16().toString('hex')]);
  expect(complaints).toEqual([]);
});

test('the parts of a long text have a header that numbers them', async () => {
  const { submits, complaints } = await toldBy({ text: 'x'.repeat(400) }, {}, 3);
  expect(submits.map((fields) => fields['smpp.esm.submit.features'])).toEqual(['0x01', '0x01', '0x01']);
  const headers = octetsOf(submits).map((octets) => octets.slice(0, 12));
  const reference = headers[0]?.slice(6, 8);
  expect(headers).toEqual([1, 2, 3].map((part) => `050003${reference}030${part}`));
  expect(octetsOf(submits).map((octets) => octets.slice(12))).toEqual([153, 153, 94].map((n) => hex('x'.repeat(n))));
  expect(complaints).toEqual([]);
});

test('with SAR the TLVs number them', async () => {
  const { submits, complaints } = await toldBy({ text: 'x'.repeat(400) }, { text: { longMessages: 'sar' } }, 3);
  expect(submits.map((fields) => fields['smpp.sar_total_segments'])).toEqual(['3', '3', '3']);
  expect(submits.map((fields) => fields['smpp.sar_segment_seqnum'])).toEqual(['1', '2', '3']);
  expect(new Set(submits.map((fields) => fields['smpp.sar_msg_ref_num'])).size).toBe(1);
  expect(complaints).toEqual([]);
});

test('with message_payload the whole text is there, and no short_message', async () => {
  const { submits, complaints } = await toldBy({ text: 'x'.repeat(400) }, { text: { longMessages: 'payload' } }, 1);
  expect(submits.map((fields) => fields['smpp.sm_length'])).toEqual(['0']);
  expect(submits.map((fields) => fields['smpp.message_payload']?.replaceAll(':', ''))).toEqual([hex('x'.repeat(400))]);
  expect(complaints).toEqual([]);
});

test("a vendor's TLV is one", async () => {
  const tlvs = [{ tag: 0x1400, value: '3131303100' }];
  const { submits, complaints } = await toldBy({ tlvs }, {}, 1);
  expect(submits[0]?.['smpp.opt_param_tag']).toContain('0x1400');
  expect(complaints).toEqual([]);
});
