import { submitSm } from '../rig.ts';
import { ask, startSimulatorHttp, submitted } from './http-rig.ts';

const handset = '+447700900123';

describe('messages', () => {
  test('what handsets got is listed as it was read, with its octets', async () => {
    const rig = await startSimulatorHttp();
    await submitted(rig, 'Hello');
    const { status, body } = await ask(`${rig.url}/v1/messages`, 'GET');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      messages: [{ number: 1, from: '12345', to: handset, text: 'Hello', shortMessages: [{ octets: '48656c6c6f' }] }],
    });
  });

  test.each([
    ['?to=%2B447700900123', ['one', 'two']],
    // A client that forgot to encode the "+".
    ['?to=+447700900123', ['one', 'two']],
    ['?to=447700900123', ['one', 'two']],
    ['?to=%2B447700900124', []],
    ['?from=12345&after=1', ['two']],
    ['?from=54321', []],
    ['?after=2', []],
  ])('%s picks among them', async (query, texts) => {
    const rig = await startSimulatorHttp();
    await submitted(rig, 'one', 'two');
    const { body } = await ask(`${rig.url}/v1/messages${query}`, 'GET');
    expect(body).toEqual({ messages: texts.map((text) => expect.objectContaining({ text })) });
  });

  test('a question waits for the first message that fits', async () => {
    const rig = await startSimulatorHttp();
    const answer = ask(`${rig.url}/v1/messages?from=54321&wait=30000`, 'GET');
    const esme = await rig.bound();
    await esme.ask('submit_sm', submitSm);
    await esme.ask('submit_sm', { ...submitSm, source_addr: '54321' });
    expect((await answer).body).toMatchObject({ messages: [{ from: '54321', number: 2 }] });
  });

  test('a question that waited long enough is answered with nothing', async () => {
    const rig = await startSimulatorHttp();
    let isAnswered = false;
    const answer = ask(`${rig.url}/v1/messages?wait=30000`, 'GET').finally(() => {
      isAnswered = true;
    });
    while (rig.clock.pending === 0) await ask(`${rig.url}/v1/stats`, 'GET');
    await rig.clock.advance(29_999);
    await ask(`${rig.url}/v1/stats`, 'GET');
    expect(isAnswered).toBe(false);
    await rig.clock.advance(1);
    expect((await answer).body).toEqual({ messages: [] });
  });

  test('nothing stays behind of a client that goes while it waits', async () => {
    const rig = await startSimulatorHttp();
    const stop = new AbortController();
    const asked = fetch(`${rig.url}/v1/messages?wait=30000`, { signal: stop.signal });
    while (rig.clock.pending === 0) await ask(`${rig.url}/v1/stats`, 'GET');
    stop.abort();
    await expect(asked).rejects.toThrow();
    while (rig.clock.pending > 0) await ask(`${rig.url}/v1/stats`, 'GET');
    expect(rig.errors).toEqual([]);
  });

  test.each([
    ['?wait=30001', /wait/],
    ['?after=-1', /after/],
    ['?after=one', /after/],
    ['?form=1', /form/],
  ])('%s is refused', async (query, message) => {
    const { url } = await startSimulatorHttp();
    const { status, body } = await ask(`${url}/v1/messages${query}`, 'GET');
    expect({ status, body }).toEqual({ status: 400, body: { error: expect.stringMatching(message) } });
  });

  test('a query that is not well encoded matches nothing, and breaks nothing', async () => {
    const { url } = await startSimulatorHttp();
    expect((await ask(`${url}/v1/messages?to=%E0%A4%A`, 'GET')).body).toEqual({ messages: [] });
  });
});

describe('a handset that sends', () => {
  test('is told what each ESME answered', async () => {
    const rig = await startSimulatorHttp();
    const esme = await rig.bound();
    const answer = ask(`${rig.url}/v1/mo`, 'POST', { from: handset, to: '12345', text: 'Hi' });
    const deliverSm = await esme.next('deliver_sm');
    expect(deliverSm).toMatchObject({ source_addr: '447700900123', destination_addr: '12345' });
    esme.answer(deliverSm, { command_status: 0x65 });
    expect(await answer).toMatchObject({ status: 200, body: { statuses: ['ESME_RX_P_APPN'] } });
  });

  test('sends octets as they are, with a data_coding and a header', async () => {
    const rig = await startSimulatorHttp();
    const esme = await rig.bound();
    const mo = { from: handset, to: '12345', octets: '00ff', dataCoding: 4, udh: '050003010201' };
    const answer = ask(`${rig.url}/v1/mo`, 'POST', mo);
    const deliverSm = await esme.next('deliver_sm');
    expect(deliverSm).toMatchObject({ data_coding: 4, esm_class: 0x40 });
    expect(deliverSm.octets.toString('hex')).toMatch(/0805000301020100ff$/);
    esme.answer(deliverSm);
    expect((await answer).body).toEqual({ statuses: ['ESME_ROK'] });
  });

  test('may have a number as long as data_sm has room for', async () => {
    const rig = await startSimulatorHttp();
    const esme = await rig.bound();
    const answer = ask(`${rig.url}/v1/mo`, 'POST', { from: '1'.repeat(64), to: '12345', text: 'Hi' });
    const deliverSm = await esme.next('deliver_sm');
    expect(deliverSm).toMatchObject({ source_addr: '1'.repeat(64) });
    esme.answer(deliverSm);
    expect((await answer).body).toEqual({ statuses: ['ESME_ROK'] });
  });

  test('sends to the sessions of an account, if it names one', async () => {
    const accounts = ['one', 'two'].map((systemId) => ({ systemId, password: 'secret' }));
    const rig = await startSimulatorHttp({ accounts });
    const [one, two] = [await rig.connect(), await rig.connect()];
    await one.bind({ system_id: 'one' });
    await two.bind({ system_id: 'two' });
    for (const text of ['a', 'b']) {
      const answer = ask(`${rig.url}/v1/mo`, 'POST', { from: handset, to: '12345', text, account: 'two' });
      const deliverSm = await two.next('deliver_sm');
      expect(String(deliverSm.short_message)).toBe(text);
      two.answer(deliverSm);
      expect((await answer).body).toEqual({ statuses: ['ESME_ROK'] });
    }
  });

  test('is told of an account that there is not, and of those that there are', async () => {
    const { url, errors } = await startSimulatorHttp();
    const mo = { from: handset, to: '12345', text: 'a', account: 'you' };
    const error = 'message: account: must be one of me, got "you"';
    expect(await ask(`${url}/v1/mo`, 'POST', mo)).toMatchObject({ status: 400, body: { error } });
    expect(errors).toEqual([]);
  });

  test('learns that its message waits while nobody is bound', async () => {
    const rig = await startSimulatorHttp();
    const answer = ask(`${rig.url}/v1/mo`, 'POST', { from: handset, to: '12345', text: 'Hi' });
    while (rig.clock.pending === 0) await ask(`${rig.url}/v1/stats`, 'GET');
    await rig.clock.advance(10_000);
    expect(await answer).toMatchObject({ status: 202, body: { waiting: 'no ESME has answered yet' } });
    const esme = await rig.bound();
    expect(await esme.next('deliver_sm')).toMatchObject({ source_addr: '447700900123' });
  });

  test.each([
    [{ from: handset, to: '12345' }, /needs either text or octets/],
    [{ from: handset, to: '12345', text: 'a', octets: '00' }, /needs either text or octets/],
    [{ from: handset, to: '12345', text: 'a', dataCoding: 4 }, /dataCoding: goes with octets only/],
    [{ from: handset, to: '12345', octets: '0' }, /octets in hexadecimal/],
    [{ from: handset, to: '12345', octets: '00', dataCoding: 256 }, /dataCoding: must be 0 to 255, got 256/],
    [{ from: handset, to: '12345', text: 'a', udh: '00' }, /udh: goes with octets only/],
    [{ from: '', to: '12345', text: 'a' }, /from: must have 1 to 64 characters, has 0/],
    [{ from: 'a\u0000', to: '12345', text: 'a' }, /from: must be ASCII without NUL/],
    [{ from: handset, to: '1'.repeat(65), text: 'a' }, /to: must have 1 to 64 characters, has 65/],
    [{ from: handset, to: 12345, text: 'a' }, /to: /],
    [{ from: handset, to: '12345', text: 'a'.repeat(255 * 153 + 1) }, /text must fit in 255 parts, needs 256/],
    [{ from: handset, to: '12345', text: 'a', colour: 'red' }, /colour/],
    ['text', /body/],
    [null, /body/],
  ])('is refused %j', async (mo, message) => {
    const { url, errors } = await startSimulatorHttp();
    const { status, body } = await ask(`${url}/v1/mo`, 'POST', mo);
    expect({ status, body }).toEqual({ status: 400, body: { error: expect.stringMatching(message) } });
    expect(errors).toEqual([]);
  });
});

test('a handset cannot send what fits in no PDU', async () => {
  const { url, errors } = await startSimulatorHttp();
  const mo = { from: handset, to: '12345', octets: '00'.repeat(66_000) };
  expect(await ask(`${url}/v1/mo`, 'POST', mo)).toMatchObject({ status: 400 });
  expect(errors).toEqual([]);
});
