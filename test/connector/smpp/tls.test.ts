import type { TlsOptions } from '#contract/carrier-tls.ts';
import { dial } from '../../../connector/smpp/dial.ts';
import { serverCertificate, stranger, trusting } from '../../support/dial-harness.ts';
import { releaseAfterTest } from '../../support/release-after-test.ts';
import { type Conversation, type ScriptedSmsc, startScriptedSmsc } from '../../support/scripted-smsc.ts';
import { type Sniffer, startSniffer } from '../../support/sniffer.ts';
import { startTlsSmsc, type TlsSmsc } from '../../support/tls-smsc.ts';
import { type Harness, startTransceiver } from '../../support/transceiver-harness.ts';

/** What must not be read by who listens: account, password, command_id and command_status of the bind, the SMSC's name. */
const secrets = ['the-account', 'the-password', '\0\0\0\x09\0\0\0\0', 'scripted'].map((text) => Buffer.from(text));

interface TlsHarness extends Harness {
  /** What stands behind the TLS; the `smsc` of the other harnesses is not called. */
  readonly behind: ScriptedSmsc;
  readonly tlsSmsc: TlsSmsc;
  readonly sniffer: Sniffer;
}

/** Transceiver, sniffer, TLS and a scripted SMSC in a row. */
async function startOverTls(
  conversations: readonly Conversation[],
  { hangs = false, ...tls }: Partial<TlsOptions> & { hangs?: boolean } = {},
): Promise<TlsHarness> {
  const behind = await startScriptedSmsc(conversations);
  releaseAfterTest(() => behind.stop());
  const tlsSmsc = await startTlsSmsc({ certificate: serverCertificate, to: behind });
  tlsSmsc.hangs = hangs;
  releaseAfterTest(() => tlsSmsc.stop());
  const sniffer = await startSniffer(tlsSmsc);
  releaseAfterTest(() => sniffer.stop());
  const harness = await startTransceiver([{}], {
    hosts: [{ host: sniffer.host, port: sniffer.port }],
    systemId: 'the-account',
    readPassword: () => 'the-password',
    tls: trusting(tls),
    connect: (to, stop, onStep) => dial(to, { tls: trusting(tls) }, stop, onStep),
  });
  return { ...harness, behind, tlsSmsc, sniffer };
}

test('a bind over TLS submits and receives', async () => {
  const { behind, state, submit } = await startOverTls([{}]);
  await expect(state()).resolves.toMatchObject({ kind: 'bound' });
  await expect(behind.next('bind_transceiver')).resolves.toMatchObject({ password: 'the-password' });
  await expect(submit()).resolves.toMatchObject({ kind: 'answered', response: { commandStatus: 0 } });
  await expect(behind.send('deliver_sm')).resolves.toMatchObject({ command_status: 0 });
});

test('each bind after a lost connection has a handshake of its own, and nothing of it goes in the clear', async () => {
  const { behind, tlsSmsc, sniffer, state, clock } = await startOverTls([{}]);
  for (const n of [1, 2]) {
    await expect(state()).resolves.toMatchObject({ kind: 'bound' });
    const [connection, session] = [await behind.connection(n), await tlsSmsc.session(n)];
    expect(session.isSessionReused()).toBe(false);
    connection.drop();
    const told = await state();
    expect(told).toMatchObject({ kind: 'unbound', nextTryMs: 250 * n });
    await clock.advance(250 * n);
  }
  await expect(state()).resolves.toMatchObject({ kind: 'bound' });
  expect(behind.receivedOf('bind_transceiver')).toHaveLength(3);
  expect(tlsSmsc.sessions).toHaveLength(3);
  for (const { sent, received } of sniffer.connections) {
    // A handshake record first (https://www.rfc-editor.org/rfc/rfc8446#section-5.1), on either side.
    expect([sent[0], received[0]]).toEqual([0x16, 0x16]);
    for (const secret of secrets) expect([sent.includes(secret), received.includes(secret)]).toEqual([false, false]);
  }
});

test('what is looked for in the octets is there without TLS', async () => {
  const behind = await startScriptedSmsc();
  releaseAfterTest(() => behind.stop());
  const sniffer = await startSniffer(behind);
  releaseAfterTest(() => sniffer.stop());
  const { state } = await startTransceiver([{}], {
    hosts: [{ host: sniffer.host, port: sniffer.port }],
    systemId: 'the-account',
    readPassword: () => 'the-password',
  });
  await expect(state()).resolves.toMatchObject({ kind: 'bound' });
  const octets = Buffer.concat(sniffer.connections.flatMap(({ sent, received }) => [sent, received]));
  for (const secret of secrets) expect(octets.includes(secret)).toBe(true);
});

test('a handshake that the SMSC does not go on with is given up after bindTimeoutMs', async () => {
  const { behind, tlsSmsc, state, clock } = await startOverTls([{}], { hangs: true });
  await tlsSmsc.connection(1);
  await clock.advance(8_000);
  await expect(state()).resolves.toMatchObject({
    kind: 'unbound',
    reason: expect.stringContaining('no bind within 8000 ms: connected, but the TLS handshake does not end'),
  });
  await tlsSmsc.closed(1);
  expect(behind.connections).toEqual([]);
});

test('an SMSC whose certificate nobody vouches for gets no bind, and the operator is told', async () => {
  const { behind, tlsSmsc, state } = await startOverTls([{}], { ca: stranger.certificate });
  await expect(state()).resolves.toMatchObject({
    kind: 'unbound',
    reason: expect.stringMatching(/^cannot connect: no certificate in tls\.ca stands behind the SMSC's/),
  });
  await tlsSmsc.closed(1);
  expect(behind.connections).toEqual([]);
});

test('a stop in the middle of the handshake closes the connection', async () => {
  const { tlsSmsc, transceiver } = await startOverTls([{}], { hangs: true });
  await tlsSmsc.connection(1);
  await transceiver.stop();
  await tlsSmsc.closed(1);
});
