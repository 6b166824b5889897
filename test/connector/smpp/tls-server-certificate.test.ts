import { execFile } from 'node:child_process';
import { join } from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import { dial } from '../../../connector/smpp/dial.ts';
import { explained } from '../../../connector/smpp/tls-faults.ts';
import { authority, type Certificate, certificate } from '../../../local/certificates.ts';
import { dialled, never, serverCertificate, stranger, tlsSmsc, trusted, trusting } from '../../support/dial-harness.ts';
import { releaseAfterTest } from '../../support/release-after-test.ts';

const root = join(__dirname, '../../..');
const run = promisify(execFile);

/** The server's, with those between it and its authority. */
function chain(own: Certificate, ...between: readonly Certificate[]): Certificate {
  return { ...own, certificate: [own, ...between].map((each) => each.certificate).join('') };
}

describe('the certificate of the SMSC', () => {
  const named = { names: ['smsc.example'] };
  let between: Certificate;
  let byBetween: Certificate;
  let selfSigned: Certificate;

  beforeAll(async () => {
    between = await authority('Between', trusted);
    byBetween = await certificate({ ...named, by: between });
    selfSigned = await certificate(named);
  });

  test.each([
    ['the authority', () => ({ its: serverCertificate, ca: trusted.certificate })],
    ['the authority, among others', () => ({ its: serverCertificate, ca: stranger.certificate + trusted.certificate })],
    [
      'the authority of the one between, which the SMSC sends',
      () => ({ its: chain(byBetween, between), ca: trusted.certificate }),
    ],
    ['the one between, which the SMSC does not send', () => ({ its: byBetween, ca: between.certificate })],
    ['itself', () => ({ its: selfSigned, ca: selfSigned.certificate })],
    ['itself, though another signed it', () => ({ its: byBetween, ca: byBetween.certificate })],
  ])('is accepted when ca has %s', async (_, given) => {
    const { its, ca } = given();
    const smsc = await tlsSmsc({ certificate: its });
    const options = trusting({ ca, servername: 'smsc.example' });
    await expect(dialled(smsc, { tls: options })).resolves.toMatchObject({ authorized: true });
  });

  test('is accepted without ca when a well-known authority signed it', async () => {
    const wellKnown = tls.getCACertificates();
    tls.setDefaultCACertificates([...wellKnown, trusted.certificate]);
    releaseAfterTest(() => tls.setDefaultCACertificates(wellKnown));
    await expect(dialled(await tlsSmsc(), { tls: true })).resolves.toMatchObject({ authorized: true });
  });

  const usual = { names: ['127.0.0.1'] };
  const byTrusted = () => ({ ...usual, by: trusted });
  const byStranger = () => ({ ...usual, by: stranger });
  const byItself = () => usual;
  const withoutCa = () => true as const;

  test.each([
    ['that no well-known authority signed', byTrusted, withoutCa, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'into tls.ca'],
    ['that nobody in ca signed', byStranger, trusting, 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'no certificate in tls.ca'],
    ['that is self-signed', byItself, trusting, 'DEPTH_ZERO_SELF_SIGNED_CERT', 'no certificate in tls.ca'],
    [
      'that has expired',
      () => ({ ...byTrusted(), notAfter: '2021-01-01' }),
      trusting,
      'CERT_HAS_EXPIRED',
      'must get a new one, or tls.ca be renewed',
    ],
    [
      'that is not valid yet',
      () => ({ ...byTrusted(), notBefore: '2048-01-01' }),
      trusting,
      'CERT_NOT_YET_VALID',
      'clock',
    ],
  ])('%s is refused, and it is said what to do', async (_, its, options, code, words) => {
    const smsc = await tlsSmsc({ certificate: await certificate(its()) });
    await expect(dial(smsc, { tls: options() }, never)).rejects.toMatchObject({
      code,
      cause: { code },
      message: expect.stringMatching(new RegExp(`${words}.* \\(${code}\\)$`)),
    });
    await smsc.closed(1);
  });

  test("that has expired is the SMSC's alone to renew where ca is not set", () => {
    const expired = Object.assign(new Error('certificate has expired'), { code: 'CERT_HAS_EXPIRED' });
    const tls = { minVersion: 'TLSv1.2', allowUnverifiedServer: false } as const;
    const { message } = explained(expired, { to: { host: 'smsc.example', port: 3550 }, tls, clientCertificate: false });
    expect(message).toMatch(/the SMSC must get a new one \(CERT_HAS_EXPIRED\)$/);
  });

  const tooWeak = /has too short a key or an outdated signature \(.* too weak\): the SMSC must get a new one/;

  test('with a key that is too short is refused, and it is said what to do', async () => {
    const its = await certificate({ names: ['127.0.0.1'], by: trusted, rsaBits: 1_024 });
    // A server of today does not take it either.
    const smsc = await tlsSmsc({ certificate: its, ciphers: 'DEFAULT@SECLEVEL=0' });
    await expect(dial(smsc, { tls: trusting() }, never)).rejects.toThrow(tooWeak);
    await smsc.closed(1);
  });

  test('that the system knows no code for is told in its words', () => {
    const fault = Object.assign(new Error('certificate is odd'), { code: 'UNSPECIFIED' });
    const attempt = { to: { host: 'smsc.example', port: 3550 }, tls: trusting(), clientCertificate: false };
    expect(explained(fault, attempt).message).toBe('the TLS handshake failed: certificate is odd (UNSPECIFIED)');
  });

  test.each([
    [
      ['a.example', 'b.example'],
      'smsc.example',
      'is for DNS:a.example, DNS:b.example, not for smsc.example: if this is',
    ],
    [['smsc.example'], undefined, 'is for DNS:smsc.example, not for 127.0.0.1: '],
    [['127.0.0.2'], undefined, 'is for IP Address:127.0.0.2, not for 127.0.0.1: '],
    [[], undefined, 'is for CN:certificate, not for 127.0.0.1: '],
  ])('for %s is refused where another is dialled, and it is said what to do', async (names, servername, words) => {
    const smsc = await tlsSmsc({ certificate: await certificate({ names, by: trusted }) });
    const options = trusting(servername === undefined ? {} : { servername });
    const dialling = dial(smsc, { tls: options }, never);
    await expect(dialling).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    await expect(dialling).rejects.toThrow(words);
    await smsc.closed(1);
  });

  test('for a hundred names is told by the first of them', async () => {
    const names = Array.from({ length: 100 }, (_, n) => `host-${n}.example`);
    const smsc = await tlsSmsc({ certificate: await certificate({ names, by: trusted }) });
    await expect(dial(smsc, { tls: trusting() }, never)).rejects.toThrow(
      /is for DNS:host-0.example, .{180,200}\.\.\., not for 127.0.0.1/,
    );
  });

  test('is not looked at with allowUnverifiedServer, and then the connection is encrypted none the less', async () => {
    const smsc = await tlsSmsc({ certificate: await certificate({ by: stranger, notAfter: '2021-01-01' }) });
    const socket = await dialled(smsc, { tls: trusting({ allowUnverifiedServer: true, minVersion: 'TLSv1.3' }) });
    expect(socket).toMatchObject({ authorized: false });
    expect(socket.getProtocol()).toBe('TLSv1.3');
  });

  test('is looked at whatever the environment says', async () => {
    const smsc = await tlsSmsc({ certificate: await certificate({ names: ['127.0.0.1'], by: stranger }) });
    const script = `
      import { dial } from './connector/smpp/dial.ts';
      const to = { host: '127.0.0.1', port: ${smsc.port} };
      const told = await dial(to, { tls: true }, new AbortController().signal).catch(({ code }) => code);
      console.log(typeof told === 'string' ? told : 'accepted');
      process.exit();
    `;
    const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' };
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, env });
    expect(stdout.trim()).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });
});
