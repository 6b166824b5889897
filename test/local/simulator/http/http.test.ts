import { once } from 'node:events';
import { connect } from 'node:net';
import { scenarios } from '../../../../local/simulator/play/scenarios.ts';
import { submitSm } from '../rig.ts';
import { ask, startSimulatorHttp, submitted } from './http-rig.ts';

const handset = '+447700900123';
const ok = 0;

describe('what is played', () => {
  test('is standard at first, with the whole behaviour', async () => {
    const { url, simulator } = await startSimulatorHttp();
    const { body } = await ask(`${url}/v1/scenario`, 'DELETE');
    expect(body).toEqual({ scenarios: ['standard'], change: {}, behaviour: simulator.stage.behaviour });
    expect((await ask(`${url}/v1/scenario`, 'GET')).body).toEqual(body);
  });

  test('holds from the next PDU on, also of sessions that are there', async () => {
    const rig = await startSimulatorHttp();
    const esme = await rig.bound();
    const { status } = await ask(`${rig.url}/v1/scenario`, 'PUT', { scenarios: 'queue-full' });
    expect(status).toBe(200);
    const refused = await esme.ask('submit_sm', submitSm);
    expect(refused.octets.toString('hex')).toBe('00000010800000040000001400000002');
    await ask(`${rig.url}/v1/scenario`, 'DELETE');
    expect((await esme.ask('submit_sm', submitSm)).command_status).toBe(ok);
  });

  test('may be several scenarios, and a change over them', async () => {
    const { url, simulator } = await startSimulatorHttp();
    const play = { scenarios: ['throttle', 'slow'], change: { submits: { perSecond: { limit: 50 } } } };
    expect(await ask(`${url}/v1/scenario`, 'PUT', play)).toMatchObject({
      status: 200,
      body: { ...play, behaviour: { submits: { perSecond: { limit: 50 } } } },
    });
    expect(simulator.stage.playing).toEqual(play);
  });

  test('may be a change alone', async () => {
    const { url } = await startSimulatorHttp();
    const { body } = await ask(`${url}/v1/scenario`, 'PUT', { change: { ids: { of: 'message' } } });
    expect(body).toMatchObject({ scenarios: ['standard'], change: { ids: { of: 'message' } } });
  });

  test.each([
    [{ scenarios: 'thrott' }, /must be one of those .*, got "thrott"/],
    [{ scenarios: ['throttle', 7] }, /scenarios/],
    [{ scenarios: ['toString'] }, /got "toString"/],
    [{ change: { submits: { perSecond: { limit: 0 } } } }, /submits\.perSecond\.limit/],
    [{ change: { submits: { refuse: { statuses: ['ESME_NO'] } } } }, /ESME_RTHROTTLED or a number, got "ESME_NO"/],
    [{ change: [] }, /change: must be an object/],
    [{ change: null }, /change: must be an object/],
    [{ scenario: 'throttle' }, /scenario/],
    ['throttle', /body/],
  ])('stays as it was after %j', async (play, message) => {
    const { url, simulator } = await startSimulatorHttp({ scenarios: ['slow'] });
    const { status, body } = await ask(`${url}/v1/scenario`, 'PUT', play);
    expect({ status, body }).toEqual({ status: 400, body: { error: expect.stringMatching(message) } });
    expect(simulator.stage.playing).toEqual({ scenarios: ['slow'], change: {} });
  });

  test('no prototype is changed by a change', async () => {
    const { url } = await startSimulatorHttp();
    const body = Buffer.from('{"change": {"__proto__": {"polluted": 1}, "wire": {"__proto__": {"polluted": 1}}}}');
    expect((await ask(`${url}/v1/scenario`, 'PUT', body)).status).toBe(400);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  test('can be chosen from a list that says what each does', async () => {
    const { url } = await startSimulatorHttp();
    const { body } = await ask(`${url}/v1/scenarios`, 'GET');
    expect(body).toEqual(Object.fromEntries(Object.entries(scenarios).map(([name, { says }]) => [name, says])));
  });
});

describe('a handset', () => {
  test('is on until it is switched off, and shows what waits for it', async () => {
    const rig = await startSimulatorHttp();
    const url = `${rig.url}/v1/handsets/${handset}`;
    expect((await ask(url, 'GET')).body).toMatchObject({ number: handset, state: 'on', waiting: 0, messages: [] });
    expect((await ask(url, 'PUT', { state: 'off' })).body).toMatchObject({ number: handset, state: 'off' });
    await submitted(rig, 'Hello');
    expect((await ask(url, 'GET')).body).toMatchObject({ state: 'off', waiting: 1, messages: [] });
    expect((await ask(url, 'PUT', { state: 'on' })).body).toMatchObject({ waiting: 0, messages: [{ text: 'Hello' }] });
  });

  test('answers each message with the text that was set', async () => {
    const rig = await startSimulatorHttp();
    const esme = await rig.bound();
    const url = `${rig.url}/v1/handsets/%2B447700900123`;
    expect((await ask(url, 'PUT', { answer: 'Yes' })).body).toMatchObject({ number: handset, answer: 'Yes' });
    esme.send('submit_sm', submitSm);
    const deliverSm = await esme.next('deliver_sm');
    expect(deliverSm).toMatchObject({ source_addr: '447700900123', destination_addr: '12345' });
    expect(deliverSm.octets.toString('latin1')).toContain('Yes');
  });

  test.each([
    [{ state: 'asleep' }, /state/],
    [{ answer: 1 }, /answer/],
    [{ mood: 'good' }, /mood/],
  ])('is not changed by %j', async (change, message) => {
    const { url } = await startSimulatorHttp();
    const { status, body } = await ask(`${url}/v1/handsets/${handset}`, 'PUT', change);
    expect({ status, body }).toEqual({ status: 400, body: { error: expect.stringMatching(message) } });
  });

  test.each([
    ['', /number: must be 1 to 65 printable/],
    ['%00', /number: must be 1 to 65 printable/],
    ['1'.repeat(66), /number: must be 1 to 65 printable/],
    ['%E0%A4%A', /path: must be percent-encoded UTF-8/],
    ['%', /path: must be percent-encoded UTF-8/],
  ])('has no number such as "%s"', async (number, message) => {
    const { url, errors } = await startSimulatorHttp();
    const { status, body } = await ask(`${url}/v1/handsets/${number}`, 'GET');
    expect({ status, body }).toEqual({ status: 400, body: { error: expect.stringMatching(message) } });
    expect(errors).toEqual([]);
  });
});

describe('sessions', () => {
  test('are all ended at once', async () => {
    const rig = await startSimulatorHttp();
    const esmes = [await rig.bound(), await rig.bound()];
    expect((await ask(`${rig.url}/v1/sessions/end`, 'POST', { by: 'RST' })).body).toEqual({ ended: 2 });
    for (const esme of esmes) await esme.closed;
    expect(rig.simulator.smsc.sessions).toEqual([]);
  });

  test('are ended one by one, as SMPP has it', async () => {
    const rig = await startSimulatorHttp();
    const [one, other] = [await rig.bound(), await rig.bound()];
    const [first] = rig.simulator.smsc.sessions;
    const { body } = await ask(`${rig.url}/v1/sessions/end`, 'POST', { by: 'unbind', session: first?.number });
    expect(body).toEqual({ ended: 1 });
    expect((await one.next()).command).toBe('unbind');
    expect((await other.ask('enquire_link')).command).toBe('enquire_link_resp');
  });

  test('that are not open cannot be ended', async () => {
    const rig = await startSimulatorHttp();
    await rig.bound();
    const { status, body } = await ask(`${rig.url}/v1/sessions/end`, 'POST', { by: 'FIN', session: 77 });
    expect({ status, body }).toEqual({ status: 404, body: { error: 'session must be one that is open (1), got 77' } });
  });

  test('are not ended in a way that there is not', async () => {
    const { url } = await startSimulatorHttp();
    expect(await ask(`${url}/v1/sessions/end`, 'POST', { by: 'force' })).toMatchObject({ status: 400 });
    expect(await ask(`${url}/v1/sessions/end`, 'POST', {})).toMatchObject({ status: 400 });
  });
});

describe('the SMSC', () => {
  test('goes down with all its connections, and comes back on its port', async () => {
    const rig = await startSimulatorHttp();
    const esme = await rig.bound();
    const { port } = rig.simulator.smsc;
    expect((await ask(`${rig.url}/v1/stop`, 'POST')).body).toMatchObject({ listening: false, sessions: [] });
    await esme.closed;
    await expect(rig.connect()).rejects.toThrow('ECONNREFUSED');
    expect((await ask(`${rig.url}/v1/start`, 'POST')).body).toMatchObject({ listening: true, port });
    await rig.bound();
  });

  test('says so when its port was taken meanwhile', async () => {
    const rig = await startSimulatorHttp();
    await ask(`${rig.url}/v1/stop`, 'POST');
    const { port } = rig.simulator.smsc;
    const other = await startSimulatorHttp({ port });
    expect(await ask(`${rig.url}/v1/start`, 'POST')).toMatchObject({
      status: 409,
      body: { error: expect.stringMatching(new RegExp(`port ${port}.* in use`)) },
    });
    expect([...rig.errors, ...other.errors]).toEqual([]);
  });

  test('is as new after a reset, but for its sessions and the numbers of messages', async () => {
    const rig = await startSimulatorHttp();
    await submitted(rig, 'Hello');
    await ask(`${rig.url}/v1/handsets/${handset}`, 'PUT', { state: 'off' });
    await ask(`${rig.url}/v1/scenario`, 'PUT', { scenarios: 'quirk-7' });
    expect(await ask(`${rig.url}/v1/reset`, 'POST')).toMatchObject({
      status: 200,
      body: {
        submitted: 0,
        playing: { scenarios: ['standard'], change: {} },
        sessions: [{ number: 1, kind: 'bound' }],
      },
    });
    expect((await ask(`${rig.url}/v1/messages`, 'GET')).body).toEqual({ messages: [] });
    await submitted(rig, 'again');
    const { body } = await ask(`${rig.url}/v1/messages`, 'GET');
    expect(body).toMatchObject({ messages: [{ number: 2, text: 'again' }] });
  });

  test('counts', async () => {
    const rig = await startSimulatorHttp();
    await submitted(rig, 'Hello');
    expect((await ask(`${rig.url}/v1/stats`, 'GET')).body).toMatchObject({
      listening: true,
      sessions: [{ number: 1, kind: 'bound', command: 'bind_transceiver', systemId: 'me' }],
      submitted: 1,
      accepted: 1,
      outstandingDeliveries: 0,
      playing: { change: {} },
    });
  });
});

describe('requests', () => {
  test.each([
    ['/v1/scenario', 'POST', 'GET, PUT, DELETE'],
    ['/v1/messages', 'DELETE', 'GET'],
    ['/v1/mo', 'GET', 'POST'],
    ['/v1/reset', 'GET', 'POST'],
    ['/v1/handsets/1', 'DELETE', 'GET, PUT'],
  ])('to %s by %s are told what is allowed', async (path, method, allow) => {
    const { url } = await startSimulatorHttp();
    expect(await ask(`${url}${path}`, method)).toEqual({
      status: 405,
      allow,
      body: { error: `${path} must be asked by ${allow}, got ${method}` },
    });
  });

  test.each(['/', '/v1', '/v1/', '/v1/message', '/v1/messages/', '/v1/handsets', '/v1/handsets/1/2', '/constructor'])(
    'to %s find nothing',
    async (path) => {
      const { url } = await startSimulatorHttp();
      expect(await ask(`${url}${path}`, 'GET')).toMatchObject({ status: 404 });
    },
  );

  test.each([
    ['no JSON', Buffer.from('{'), 400, 'body: not JSON'],
    ['nothing', Buffer.alloc(0), 400, 'body: not JSON'],
    ['no UTF-8', Buffer.from([0x22, 0xff, 0x22]), 400, 'body: must be UTF-8'],
    ['nesting without end', Buffer.from('['.repeat(300_000)), 400, 'body: not JSON'],
    ['too much', Buffer.alloc(400_001, 0x20), 413, 'body: must have at most 400000 octets'],
  ])('with %s in them are refused', async (_, octets, status, error) => {
    const { url, errors } = await startSimulatorHttp();
    expect(await ask(`${url}/v1/mo`, 'POST', octets)).toMatchObject({ status, body: { error } });
    expect(errors).toEqual([]);
  });

  test('that are deeply nested are refused as any other', async () => {
    const { url, errors } = await startSimulatorHttp();
    const deep = Buffer.from(`{"change": ${'{"wire":'.repeat(40_000)}1${'}'.repeat(40_001)}`);
    expect((await ask(`${url}/v1/scenario`, 'PUT', deep)).status).toBe(400);
    expect(errors).toEqual([]);
  });

  test('in which all is wrong are told the beginning of it', async () => {
    const { url } = await startSimulatorHttp();
    const change = { binds: { modes: new Array(500).fill('x') } };
    const { status, body } = await ask(`${url}/v1/scenario`, 'PUT', { change });
    expect({ status, body }).toEqual({ status: 400, body: { error: expect.stringMatching(/^behaviour: binds.*…$/s) } });
    expect(JSON.stringify(body).length).toBeLessThan(3_000);
  });

  test('that break off in the middle leave nothing behind', async () => {
    const rig = await startSimulatorHttp();
    const socket = connect(Number(new URL(rig.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('POST /v1/mo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{');
    await ask(`${rig.url}/v1/stats`, 'GET');
    socket.destroy();
    await once(socket, 'close');
    expect((await ask(`${rig.url}/v1/stats`, 'GET')).status).toBe(200);
    expect(rig.errors).toEqual([]);
  });

  test('that fail for no fault of the client are told to both', async () => {
    const rig = await startSimulatorHttp();
    jest.spyOn(rig.simulator, 'stats').mockImplementation(() => {
      throw new Error('broken');
    });
    const { status, body } = await ask(`${rig.url}/v1/stats`, 'GET');
    expect({ status, body }).toEqual({ status: 500, body: { error: 'the simulator failed; its log has more' } });
    expect(rig.errors.map(({ message }) => message)).toEqual(['broken']);
  });
});
