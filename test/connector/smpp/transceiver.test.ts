import { type Segment, submitSmsOf } from '../../../connector/smpp/submit-sm.ts';
import { normal, profile, sms } from '../../support/connector-factories.ts';
import { releaseAfterTest } from '../../support/release-after-test.ts';
import {
  drop,
  freeze,
  hangUp,
  inTurn,
  ok,
  refuse,
  sendRaw,
  silence,
  startScriptedSmsc,
} from '../../support/scripted-smsc.ts';
import { type Harness, startTransceiver } from '../../support/transceiver-harness.ts';

describe('binding', () => {
  test('carries what the profile says, version 0x34 by default (quirk 45)', async () => {
    const { smsc, state } = await startTransceiver([{}], {
      systemId: 'me',
      systemType: 'VMA',
      addressRange: '^44',
      bindTon: 1,
      bindNpi: 2,
    });
    await expect(state()).resolves.toMatchObject({ kind: 'bound', host: { port: smsc.port } });
    await expect(smsc.next('bind_transceiver')).resolves.toMatchObject({
      system_id: 'me',
      password: 'secret',
      system_type: 'VMA',
      interface_version: 0x34,
      addr_ton: 1,
      addr_npi: 2,
      address_range: '^44',
    });
  });

  test('that is refused says why by name, and is tried again with the password of that moment', async () => {
    const passwords = ['old', 'new'];
    const { smsc, state, clock } = await startTransceiver([{ bind_transceiver: [refuse(0x0d), ok()] }], {
      readPassword: () => passwords.shift() ?? 'none left',
    });
    await expect(state()).resolves.toMatchObject({
      kind: 'unbound',
      reason: expect.stringContaining('ESME_RBINDFAIL'),
    });
    await clock.advance(250);
    const [first, second] = await smsc.atLeast(2, 'bind_transceiver');
    expect([first?.password, second?.password]).toEqual(['old', 'new']);
  });

  test('waits for a password without asking the SMSC, and then asks the first host', async () => {
    const never = await startScriptedSmsc();
    releaseAfterTest(() => never.stop());
    const first = await startScriptedSmsc();
    releaseAfterTest(() => first.stop());
    const hosts = [first, never].map(({ host, port }) => ({ host, port }));
    const reads = ['', '', 'there'];
    const { state, clock } = await startTransceiver([{}], {
      hosts,
      readPassword: () => {
        const password = reads.shift();
        if (!password) throw new Error('the secret is empty');
        return password;
      },
    });
    for (const delayMs of [250, 500]) {
      await expect(state()).resolves.toMatchObject({
        kind: 'unbound',
        reason: 'cannot read the password: the secret is empty',
      });
      await clock.advance(delayMs);
    }
    await expect(state()).resolves.toMatchObject({ kind: 'bound', host: { port: first.port } });
    expect(first.connections).toHaveLength(1);
    expect(never.connections).toHaveLength(0);
  });

  test('with a wrong password is tried again after five minutes only, lest the account be locked (quirk 52)', async () => {
    const { smsc, state, clock } = await startTransceiver([{ bind_transceiver: refuse(0x0e) }]);
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', end: { commandStatus: 0x0e } });
    await clock.advance(299_000);
    expect(smsc.connections).toHaveLength(1);
    await clock.advance(1_000);
    await smsc.connection(2);
  });

  test.each([
    ['silence', silence],
    ['another command’s response', sendRaw(Buffer.from('00000010800000150000000000000001', 'hex'))],
  ])('answered by %s is given up after bindTimeoutMs', async (_what, reply) => {
    const { smsc, state, clock } = await startTransceiver([{ bind_transceiver: reply }]);
    await smsc.next('bind_transceiver');
    await clock.advance(8_000);
    await expect(state()).resolves.toMatchObject({ kind: 'unbound' });
  });

  test('is tried at the next host when the first cannot be reached (quirk 57)', async () => {
    const down = await startScriptedSmsc();
    await down.stop();
    const up = await startScriptedSmsc();
    releaseAfterTest(() => up.stop());
    const { state, clock } = await startTransceiver([{}], {
      hosts: [
        { host: down.host, port: down.port },
        { host: up.host, port: up.port },
      ],
    });
    await expect(state()).resolves.toMatchObject({ kind: 'unbound', host: { port: down.port } });
    await clock.advance(250);
    await expect(state()).resolves.toMatchObject({ kind: 'bound', host: { port: up.port } });
  });

  test('returns to the first host after a session that lasted', async () => {
    const other = await startScriptedSmsc();
    releaseAfterTest(() => other.stop());
    const first = await startScriptedSmsc([{ enquire_link: drop }, {}]);
    releaseAfterTest(() => first.stop());
    const hosts = [first, other].map(({ host, port }) => ({ host, port }));
    const { state, clock } = await startTransceiver([{}], { hosts });
    await expect(state()).resolves.toMatchObject({ kind: 'bound', host: { port: first.port } });
    await clock.advance(20_000);
    await expect(state()).resolves.toMatchObject({ kind: 'unbound' });
    await clock.advance(250);
    await expect(state()).resolves.toMatchObject({ kind: 'bound', host: { port: first.port } });
  });

  test('starts anew on a new connection after the link was cut', async () => {
    const { smsc, state, clock } = await startTransceiver([{ enquire_link: drop }, {}]);
    await expect(state()).resolves.toMatchObject({ kind: 'bound' });
    await clock.advance(20_000);
    await expect(state()).resolves.toMatchObject({ kind: 'unbound' });
    await clock.advance(250);
    await expect(state()).resolves.toMatchObject({ kind: 'bound' });
    expect(smsc.connections).toHaveLength(2);
  });

  test('that succeeds and is dropped at once, again and again, is not hammered', async () => {
    const { smsc, state, clock } = await startTransceiver([{ bind_transceiver: inTurn(ok(), hangUp) }]);
    for (const delayMs of [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000]) {
      await expect(state()).resolves.toMatchObject({ kind: 'bound' });
      await expect(state()).resolves.toMatchObject({ kind: 'unbound' });
      const before = smsc.connections.length;
      await clock.advance(delayMs - 1);
      expect(smsc.connections).toHaveLength(before);
      await clock.advance(1);
    }
  });
});

describe('stop', () => {
  test('unbinds and closes', async () => {
    const { smsc, state, transceiver } = await startTransceiver([{}]);
    await state();
    await transceiver.stop();
    expect(smsc.receivedOf('unbind')).toHaveLength(1);
    await smsc.connections[0]?.closed;
    expect(transceiver.bound).toBe(false);
  });

  test('ends also when the peer never answers the unbind', async () => {
    const { smsc, state, transceiver, clock } = await startTransceiver([{ unbind: freeze }]);
    await state();
    const stopped = transceiver.stop();
    await smsc.next('unbind');
    await clock.advance(2_000);
    await stopped;
  });

  test('settles what awaits an answer as unanswered', async () => {
    const { smsc, submit, transceiver, clock } = await startTransceiver([{ submit_sm: silence }]);
    const outcome = submit();
    await smsc.next('submit_sm');
    const stopped = transceiver.stop();
    await clock.advance(2_000);
    await stopped;
    await expect(outcome).resolves.toEqual({ kind: 'unanswered', why: 'session-ended' });
  });

  test('leaves no timer behind', async () => {
    const { state, transceiver, clock } = await startTransceiver([{}]);
    await state();
    await transceiver.stop();
    expect(clock.pending).toBe(0);
  });

  test('in the middle of a bind ends it', async () => {
    const { smsc, transceiver, clock } = await startTransceiver([{ bind_transceiver: silence }]);
    await smsc.next('bind_transceiver');
    await transceiver.stop();
    expect(clock.pending).toBe(0);
  });
});

describe('the rate', () => {
  const never = new AbortController().signal;
  const [{ pdu: submitSm }] = submitSmsOf(sms(), profile()) as [Segment];

  /** When so many turns came, in ms after the first second, which counts as used up. */
  async function turnsOf({ transceiver, clock }: Harness, count: number): Promise<number[]> {
    await clock.advance(1_010);
    const begin = clock.monotonic();
    const turns: number[] = [];
    for (let asked = 0; asked < count; asked += 1) {
      void transceiver.acquire(normal, never).then(async (slot) => {
        await slot?.turn(never);
        turns.push(clock.monotonic() - begin);
        slot?.release();
      });
    }
    await clock.advance(3_000);
    return turns;
  }

  test('is the bind’s share of the account’s, in whole submit_sm (quirk 59)', async () => {
    const harness = await startTransceiver([{}], { messagesPerSecond: 11, binds: 4 });
    await harness.state();
    expect(harness.transceiver.rateLimit).toBe(2);
    await expect(turnsOf(harness, 4)).resolves.toEqual([0, 505, 1_010, 1_515]);
  });

  test('is not limited where none is agreed', async () => {
    const harness = await startTransceiver([{}], { binds: 4 });
    await harness.state();
    expect(harness.transceiver.rateLimit).toBeUndefined();
    await expect(turnsOf(harness, 4)).resolves.toEqual([0, 0, 0, 0]);
  });

  test('comes down when the SMSC throttles: nothing is sent for a second, and then half of what was', async () => {
    const { transceiver, clock, state } = await startTransceiver([{ submit_sm: refuse(0x58) }], {
      messagesPerSecond: 10,
    });
    await state();
    await clock.advance(2_020);
    const sent = Array.from({ length: 10 }, async () => {
      const slot = await transceiver.acquire(normal, never);
      await slot?.turn(never);
      await expect(slot?.submit(submitSm)).resolves.toMatchObject({ response: { commandStatus: 0x58 } });
      return slot;
    });
    const slots = await Promise.all(sent);
    expect(slots.map((slot) => slot?.throttled({}, undefined))).toEqual(slots.map(() => 'carrier'));
    expect([transceiver.throttled, transceiver.rateLimit]).toEqual([true, 5]);
    for (const slot of slots) slot?.release();
    await clock.advance(1_000);
    expect([transceiver.throttled, transceiver.rateLimit]).toEqual([false, 5]);
    await clock.advance(10_000);
    expect(transceiver.rateLimit).toBe(10);
  });

  test('is the carrier’s no more when others have passed: then the message is meant', async () => {
    const { transceiver, clock, state } = await startTransceiver([{}]);
    await state();
    const told = clock.monotonic();
    const message = {};
    await clock.advance(100);
    const slot = await transceiver.acquire(normal, never);
    await slot?.turn(never);
    await slot?.submit(submitSm);
    slot?.accepted();
    expect(slot?.throttled(message, told)).toBe('message');
    expect(slot?.refused(told, new Error('ESME_RINVBNDSTS'))).toBe('message');
    expect(transceiver.throttled).toBe(false);
    // Of the bind it is not told either a moment after it has worked.
    expect(slot?.refused(undefined, new Error('ESME_RINVBNDSTS'))).toBe('message');
    // Of others nothing has been heard since.
    expect(slot?.throttled(message, clock.monotonic())).toBe('nobody-knows');
    expect(transceiver.throttled).toBe(false);
    const before = clock.monotonic();
    await clock.advance(1);
    expect(slot?.throttled({}, undefined)).toBe('carrier');
    await clock.advance(2_000);
    expect(slot?.throttled(message, before)).toBe('carrier');
    slot?.release();
    expect(transceiver.canSubmit).toBe(true);
  });

  test('of a session that is refused by its answers is the next one’s as well', async () => {
    const { transceiver, clock, state, submit, smsc } = await startTransceiver([{ submit_sm: refuse(0x04) }, {}]);
    await state();
    const slot = await transceiver.acquire(normal, never);
    expect(slot?.refused(undefined, new Error('ESME_RINVBNDSTS'))).toBe('carrier');
    slot?.release();
    await expect(state()).resolves.toMatchObject({
      kind: 'unbound',
      end: { why: 'submit-refused' },
      reason: 'the session was ended for what came of a submit_sm: ESME_RINVBNDSTS',
      nextTryMs: 250,
    });
    await clock.advance(250);
    await expect(state()).resolves.toMatchObject({ kind: 'bound' });
    await expect(submit()).resolves.toMatchObject({ kind: 'answered' });
    expect(smsc.connections).toHaveLength(2);
  });
});
