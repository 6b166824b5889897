import type { Esme } from './esme.ts';
import { startRig, submitSm } from './rig.ts';

/** Of so many messages: the responses, in order. */
async function submit(esme: Esme, count: number, fields: Readonly<Record<string, unknown>> = {}) {
  for (let n = 0; n < count; n++) esme.send('submit_sm', { ...submitSm, ...fields });
  const responses = [];
  while (responses.length < count) responses.push(await esme.next('submit_sm_resp'));
  return responses;
}

test('of what has arrived the last is remembered, and the numbers go on', async () => {
  const { simulator, bound } = await startRig({ keep: 10 });
  const esme = await bound();
  const responses = await submit(esme, 50);
  const ids = responses.map(({ message_id }) => message_id);
  const messages = simulator.handsets.messages();
  expect(messages.map(({ number }) => number)).toEqual([41, 42, 43, 44, 45, 46, 47, 48, 49, 50]);
  expect(messages.flatMap(({ messageIds }) => messageIds)).toEqual(ids.slice(40));
  const source = { source_addr_npi: 1, source_addr: '12345' };
  expect(await esme.ask('query_sm', { message_id: ids[0], ...source })).toMatchObject({ command_status: 0x67 });
  expect(await esme.ask('query_sm', { message_id: ids[49], ...source })).toMatchObject({ command_status: 0 });
});

test('of what waits for an ESME the oldest is dropped, and counted', async () => {
  const { simulator, bound } = await startRig({ maxStored: 5 });
  const sent = Array.from({ length: 8 }, (_, n) =>
    simulator.sendMo({ from: '+447700900123', to: '12345', text: `${n}` }),
  );
  const esme = await bound();
  for (const text of ['3', '4', '5', '6', '7']) {
    const deliver = await esme.next('deliver_sm');
    expect(String(deliver.short_message)).toBe(text);
    esme.answer(deliver);
  }
  expect(await Promise.all(sent)).toEqual([[undefined], [undefined], [undefined], [0], [0], [0], [0], [0]]);
  expect(simulator.stats()).toMatchObject({ droppedDeliveries: 3, outstandingDeliveries: 0 });
});

test('a handset that is off has room for so many, then its queue is full', async () => {
  const { simulator, bound } = await startRig();
  const esme = await bound();
  const responses = await submit(esme, 102, { destination_addr: '447700900904' });
  const [ok, queueFull] = [0, 0x14];
  expect(responses.map(({ command_status }) => command_status)).toEqual([
    ...new Array(100).fill(ok),
    ...[queueFull, queueFull],
  ]);
  expect(simulator.stats()).toMatchObject({ handsets: { waiting: 100 }, refused: { ESME_RMSGQFUL: 2 } });
});

test('long messages of which parts are missing are forgotten, the oldest first', async () => {
  const { simulator, bound } = await startRig();
  const esme = await bound();
  const limit = 10_000;
  for (let n = 0; n < limit + 100; n += 1_000) {
    for (let reference = n; reference < n + 1_000; reference++) {
      const short_message = Buffer.from([6, 8, 4, reference >> 8, reference & 0xff, 2, 1, 0x41]);
      esme.send('submit_sm', { ...submitSm, esm_class: 0x40, short_message });
    }
    for (let reference = n; reference < n + 1_000; reference++) await esme.next('submit_sm_resp');
  }
  expect(simulator.stats()).toMatchObject({ accepted: 11_000, handsets: { incomplete: limit, messages: 0 } });
});

test('after its end nothing is under way, whatever was', async () => {
  const { simulator, clock, bound } = await startRig({ change: { responses: { delayMs: 1_000 } } });
  const esme = await bound();
  esme.send('submit_sm', { ...submitSm, registered_delivery: 1 });
  esme.send('submit_sm', { ...submitSm, registered_delivery: 1, destination_addr: '447700900905' });
  await esme.ask('enquire_link');
  await simulator.end();
  expect(clock.pending).toBe(0);
  await clock.advance(60_000);
  expect(simulator.stats()).toMatchObject({ receipts: { sent: 0 }, outstandingDeliveries: 0 });
});
