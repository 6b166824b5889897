import { expectSilence, fieldOf, nextReceipt, reported } from './reports.ts';
import { startRig, submitSm } from './rig.ts';

/** A message to a number with this ending, that asks for a receipt. */
function to(ending: string): Record<string, unknown> {
  return { ...submitSm, destination_addr: `44770090${ending}`, registered_delivery: 1 };
}

test.each([
  ['0901', 5, 'UNDELIV', '001'],
  ['0902', 8, 'REJECTD', '013'],
])('%s: accepted, then state %i, %s, err %s', async (ending, state, stat, err) => {
  const rig = await startRig();
  const { receipt } = await reported(rig, await rig.bound(), to(ending));
  expect(receipt.message_state).toBe(state);
  expect([fieldOf(receipt, 'stat'), fieldOf(receipt, 'err'), fieldOf(receipt, 'dlvrd')]).toEqual([stat, err, '000']);
});

test.each([
  ['0903', '032'],
  ['0904', '027'],
])('%s: EXPIRED, err %s, when the validity ends and not before', async (ending, err) => {
  const rig = await startRig();
  const esme = await rig.bound();
  await esme.ask('submit_sm', { ...to(ending), validity_period: '000000001000000R' });
  await rig.clock.advance(600_199);
  await expectSilence(esme);
  await rig.clock.advance(1);
  const receipt = await nextReceipt(esme);
  expect([receipt.message_state, fieldOf(receipt, 'stat'), fieldOf(receipt, 'err')]).toEqual([3, 'EXPIRED', err]);
});

test('0905: delivered after ten seconds', async () => {
  const rig = await startRig();
  const esme = await rig.bound();
  await esme.ask('submit_sm', to('0905'));
  await rig.clock.advance(10_199);
  await expectSilence(esme);
  await rig.clock.advance(1);
  expect(await nextReceipt(esme)).toMatchObject({ message_state: 2 });
});

test.each([
  ['0906', [0x0b, 0x0b, 0x0b, 0x0b]],
  ['0907', [0x58, 0x58, 0, 0]],
  ['0908', [0x14, 0x14, 0x14, 0x14]],
  ['0909', [0x08, 0, 0, 0]],
])('%s: answered by %j', async (ending, statuses) => {
  const rig = await startRig();
  const esme = await rig.bound();
  for (const status of statuses) {
    expect(await esme.ask('submit_sm', to(ending))).toMatchObject({
      command: 'submit_sm_resp',
      command_status: status,
    });
  }
});

test('0910: delivered and reported, and never answered', async () => {
  const rig = await startRig();
  const esme = await rig.bound();
  esme.send('submit_sm', to('0910'));
  await expectSilence(esme);
  await rig.clock.advance(200);
  expect(await nextReceipt(esme)).toMatchObject({ message_state: 2 });
  await rig.clock.advance(600_000);
  expect(await esme.ask('enquire_link')).toMatchObject({ command: 'enquire_link_resp' });
});

test('0910: holds no place among those that may be unanswered', async () => {
  const rig = await startRig({ change: { submits: { unanswered: { limit: 1 } } } });
  const esme = await rig.bound();
  esme.send('submit_sm', to('0910'));
  expect(await esme.ask('submit_sm', submitSm)).toMatchObject({ command: 'submit_sm_resp', command_status: 0 });
});

test('0911: the connection is reset instead of the answer, and the receipt comes over the next', async () => {
  const rig = await startRig();
  const esme = await rig.bound();
  const reset = new Promise<Error>((resolve) => esme.socket.once('error', resolve));
  esme.send('submit_sm', to('0911'));
  expect(await reset).toMatchObject({ code: 'ECONNRESET' });
  await esme.closed;
  expect(esme.received).toEqual([]);
  await rig.clock.advance(200);
  expect(await nextReceipt(await rig.bound())).toMatchObject({ message_state: 2, source_addr: '447700900911' });
  expect(rig.simulator.handsets.messages()).toMatchObject([{ text: 'Hello' }]);
});

test('0912: delivered, and no receipt comes', async () => {
  const rig = await startRig();
  const esme = await rig.bound();
  await esme.ask('submit_sm', to('0912'));
  await rig.clock.advance(48 * 3_600_000);
  await expectSilence(esme);
  expect(rig.simulator.handsets.messages()).toMatchObject([{ text: 'Hello' }]);
});

test('0913: the receipt comes twice', async () => {
  const rig = await startRig();
  const esme = await rig.bound();
  const { receipt } = await reported(rig, esme, to('0913'));
  expect((await nextReceipt(esme)).octets.subarray(16)).toEqual(receipt.octets.subarray(16));
  await expectSilence(esme);
});

test('0914: delivered, and the receipt says UNKNOWN', async () => {
  const rig = await startRig();
  const { receipt } = await reported(rig, await rig.bound(), to('0914'));
  expect([receipt.message_state, fieldOf(receipt, 'stat')]).toEqual([7, 'UNKNOWN']);
});
