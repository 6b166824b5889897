import { once } from 'node:events';
import { socketPair } from '../../../support/socket-pair.ts';
import { startSmsc } from './smsc-rig.ts';

describe('the SMSC', () => {
  test('has at most a thousand connections at once', async () => {
    const { smsc, faults } = await startSmsc();
    const clients = Array.from({ length: 1_000 }, () => {
      const [client, server] = socketPair();
      smsc.serve(server);
      return client;
    });
    expect(smsc.sessions).toHaveLength(1_000);
    const [client, server] = socketPair();
    const code = once(client.resume(), 'close').catch((error) => error.code);
    smsc.serve(server);
    expect(await code).toBe('ECONNRESET');
    expect(faults).toEqual([expect.stringContaining('1000 already')]);
    for (const each of clients) each.destroy();
  });

  test('comes back on the same ports, all of them', async () => {
    const { smsc, bound } = await startSmsc({ hosts: 3 });
    const { ports } = smsc;
    expect(new Set(ports).size).toBe(3);
    const esme = await bound();
    await smsc.stop();
    expect(smsc.sessions).toEqual([]);
    await esme.closed;
    await smsc.start();
    expect(smsc.ports).toEqual(ports);
    await bound();
  });

  test('whose host was away is there again when that is played no more', async () => {
    const { smsc, bound, connect: dial, play } = await startSmsc({ hosts: 2 });
    const esme = await bound();
    play({ connections: { maintenance: { everyMs: 60_000 } } });
    await esme.closed;
    expect(await (await dial(smsc.ports[1])).bind()).toMatchObject({ command_status: 0 });
    play({});
    await bound();
  });

  test('that cannot listen says so', async () => {
    const { smsc: other } = await startSmsc();
    await expect(startSmsc({ port: other.port, hosts: 2 })).rejects.toThrow(`port ${other.port}`);
  });

  test('counts what it does', async () => {
    const { smsc, connect: dial, play } = await startSmsc();
    const esme = await dial();
    await esme.bind({ password: 'guess' });
    await esme.bind();
    play({ wire: { malformed: { kinds: ['unknown-command'] } } });
    await esme.ask('enquire_link');
    expect(smsc.stats()).toMatchObject({
      connections: 1,
      binds: 1,
      bindsRefused: 1,
      pdusIn: 3,
      pdusOut: 3,
      malformedOut: 1,
      faults: 0,
    });
  });
});

describe('what the SMSC was told', () => {
  test('is done in that order, so that a stop never overtakes a start', async () => {
    const { smsc } = await startSmsc();
    await smsc.stop();
    const started = smsc.start();
    await smsc.stop();
    await started;
    expect(smsc.stats()).toMatchObject({ listening: false, sessions: [] });
    await smsc.start();
    expect(smsc.stats().listening).toBe(true);
  });

  test('holds for a peer that came again from the same port before it was seen to have gone', async () => {
    const { smsc } = await startSmsc();
    const [first, second] = [socketPair(), socketPair()];
    for (const [, server] of [first, second]) Object.assign(server, { remotePort: 4_711 });
    smsc.serve(first[1]);
    first[0].destroy();
    smsc.serve(second[1]);
    await once(first[1].resume(), 'close');
    expect(smsc.sessions).toHaveLength(1);
    await smsc.stop();
    expect(smsc.sessions).toEqual([]);
  });
});
