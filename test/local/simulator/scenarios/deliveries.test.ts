import { expectSilence, nextReceipt, receiptDelayMs } from '../reports.ts';
import { scenarioTest, startRig, submitSm } from '../rig.ts';

const mo = { from: '+447700900123', to: '12345', text: 'Hi' };

scenarioTest(
  'quirk-8',
  'what is refused comes again and again, and nothing else before it is accepted',
  async (rig) => {
    const esme = await rig.bound();
    const { message_id } = await esme.ask('submit_sm', { ...submitSm, registered_delivery: 1 });
    await rig.clock.advance(receiptDelayMs);
    const sent = rig.simulator.sendMo(mo);
    const first = await esme.next();
    expect(first).toMatchObject({ command: 'deliver_sm', receipted_message_id: message_id });
    // ESME_RINVMSGID: "unknown id".
    esme.answer(first, { command_status: 0x0c });
    for (let n = 0; n < 3; n++) {
      await expectSilence(esme);
      await rig.clock.advance(1_000);
      const again = await esme.next();
      expect(again.octets.subarray(16)).toEqual(first.octets.subarray(16));
      esme.answer(again, { command_status: n < 2 ? 0x0c : 0 });
    }
    const message = await esme.next();
    expect(message).toMatchObject({ command: 'deliver_sm', esm_class: 0, short_message: Buffer.from('Hi') });
    esme.answer(message);
    expect(await sent).toEqual([0]);
  },
);

scenarioTest('quirk-61', 'without an answer for a second it comes again', async (rig) => {
  const esme = await rig.bound();
  const sent = rig.simulator.sendMo(mo);
  const first = await esme.next();
  await rig.clock.advance(999);
  await expectSilence(esme);
  await rig.clock.advance(1);
  const again = await esme.next();
  expect(again.octets.subarray(16)).toEqual(first.octets.subarray(16));
  esme.answer(again);
  expect(await sent).toEqual([0]);
  await rig.clock.advance(10_000);
  await expectSilence(esme);
});

scenarioTest('quirk-61', 'a few refusals mean that it comes again, any other is final', async (rig) => {
  const esme = await rig.bound();
  for (const status of [0x58, 0x08, 0x14, 0x45, 0x67, 0xfe, 0xff]) {
    const sent = rig.simulator.sendMo(mo);
    esme.answer(await esme.next(), { command_status: status });
    await expectSilence(esme);
    await rig.clock.advance(1_000);
    await nextReceipt(esme);
    expect(await sent).toEqual([0]);
  }
  for (const status of [0x64, 0x0c, 0x01]) {
    const sent = rig.simulator.sendMo(mo);
    esme.answer(await esme.next(), { command_status: status });
    expect(await sent).toEqual([status]);
  }
  await rig.clock.advance(60_000);
  await expectSilence(esme);
});

scenarioTest('quirk-62', 'a thousand messages come at each bind, without waiting for answers', async (rig) => {
  for (let bind = 1; bind <= 2; bind++) {
    const esme = await rig.bound();
    const texts: string[] = [];
    for (let n = 1; n <= 1_000; n++) {
      const message = await esme.next();
      expect(message.command).toBe('deliver_sm');
      texts.push(String(message.short_message));
      if (bind === 2) esme.answer(message);
    }
    expect(texts).toEqual(Array.from({ length: 1_000 }, (_, index) => `stored ${index + 1}`));
    await expectSilence(esme);
  }
});

test('what waits at a bind is for the account that binds', async () => {
  const accounts = ['me', 'other'].map((systemId) => ({ systemId, password: 'secret' }));
  const rig = await startRig({ accounts });
  const other = await rig.connect();
  await other.bind({ system_id: 'other' });
  rig.simulator.stage.play({ scenarios: [], change: { deliveries: { storedAtBind: 3 } } });
  const esme = await rig.bound();
  for (let n = 0; n < 3; n++) esme.answer(await esme.next('deliver_sm'));
  await expectSilence(other);
});
