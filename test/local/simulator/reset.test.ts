import { startRig, submitSm } from './rig.ts';

/** What one test left is not there for the next. */

const wanted = { ...submitSm, registered_delivery: 1 };
const off = { ...wanted, destination_addr: '447700900904' };

test('of what was on its way nothing comes after a reset, and what is new does', async () => {
  const { simulator, clock, bound } = await startRig();
  const esme = await bound();
  await esme.ask('submit_sm', { ...wanted, validity_period: '000000000010000R' });
  await esme.ask('submit_sm', { ...off, validity_period: '000000000010000R' });
  await esme.ask('submit_sm', { ...wanted, schedule_delivery_time: '000000000010000R' });
  simulator.reset();
  expect(clock.pending).toBe(0);
  await clock.advance(3_600_000);
  expect(simulator.handsets.messages()).toEqual([]);
  const { message_id } = await esme.ask('submit_sm', { ...wanted, short_message: Buffer.from('new') });
  await clock.advance(200);
  const receipt = await esme.next('deliver_sm');
  expect(String(receipt.short_message)).toMatch(`id:${message_id} `);
  expect(simulator.handsets.messages()).toMatchObject([{ number: 2, text: 'new' }]);
});

test('a receipt is not sent of a message whose response was still to come at the reset', async () => {
  const { simulator, clock, bound } = await startRig({ change: { responses: { delayMs: 1_000 } } });
  const esme = await bound();
  esme.send('submit_sm', wanted);
  await simulator.handsets.awaitMessages({}, new AbortController().signal);
  simulator.reset();
  await clock.advance(1_000);
  expect(await esme.next()).toMatchObject({ command: 'submit_sm_resp', command_status: 0 });
  await clock.advance(200);
  expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp' });
  expect(simulator.stats()).toMatchObject({ outstandingDeliveries: 0 });
});

test('what waits for an ESME is given up at a reset, what was sent already too', async () => {
  const { simulator, bound } = await startRig({ change: { deliveries: { window: 1 } } });
  const esme = await bound();
  const mo = { from: '+447700900123', to: '12345', text: 'old' };
  const sent = [simulator.sendMo(mo), simulator.sendMo(mo)];
  const old = await esme.next('deliver_sm');
  simulator.reset();
  expect(await Promise.all(sent)).toEqual([[undefined], [undefined]]);
  // Refused too late to be sent again.
  esme.answer(old, { command_status: 0x14 });
  const answered = simulator.sendMo({ ...mo, text: 'new' });
  const fresh = await esme.next('deliver_sm');
  expect(String(fresh.short_message)).toBe('new');
  esme.answer(fresh);
  expect(await answered).toEqual([0]);
});

test('a play and its turns begin anew at a reset', async () => {
  const { simulator, bound } = await startRig({ scenarios: ['queue-full'] });
  const esme = await bound();
  expect(await esme.ask('submit_sm', wanted)).toMatchObject({ command_status: 0x14 });
  simulator.reset();
  expect(simulator.stage.playing).toEqual({ scenarios: ['standard'], change: {} });
  const twiceThrottled = { ...submitSm, destination_addr: '447700900907' };
  const [throttled, ok] = [0x58, 0];
  for (const command_status of [throttled, throttled, ok]) {
    expect(await esme.ask('submit_sm', twiceThrottled)).toMatchObject({ command_status });
  }
  simulator.reset();
  expect(await esme.ask('submit_sm', twiceThrottled)).toMatchObject({ command_status: throttled });
});

test('ids of messages are not known any more after a reset', async () => {
  const { simulator, bound } = await startRig();
  const esme = await bound();
  const { message_id } = await esme.ask('submit_sm', submitSm);
  simulator.reset();
  const query = { message_id, source_addr_npi: 1, source_addr: '12345' };
  expect(await esme.ask('query_sm', query)).toMatchObject({ command_status: 0x67 });
});

test('how earlier sessions ended does not matter after a reset', async () => {
  const { simulator, bound, connect } = await startRig();
  const play = () => simulator.stage.play({ scenarios: ['quirk-52', 'quirk-53'], change: {} });
  const esme = await bound();
  esme.destroy();
  await simulator.smsc.sessions[0]?.closed;
  play();
  expect(await (await connect()).bind()).toMatchObject({ command_status: 0x0d });
  simulator.reset();
  play();
  await bound();
});

test('a response that waits for its receipt comes at the reset', async () => {
  const change = { receipts: { beforeResponse: true, delayMs: 60_000 }, submits: { unanswered: { limit: 1 } } };
  const { simulator, bound } = await startRig({ change });
  const esme = await bound();
  esme.send('submit_sm', wanted);
  await esme.ask('enquire_link');
  simulator.reset();
  expect(await esme.next()).toMatchObject({ command: 'submit_sm_resp', command_status: 0 });
  simulator.stage.play({ scenarios: [], change });
  expect(await esme.ask('submit_sm', submitSm)).toMatchObject({ command_status: 0 });
  expect(simulator.stats()).toMatchObject({ outstandingDeliveries: 0, receipts: { scheduled: 0 } });
});
