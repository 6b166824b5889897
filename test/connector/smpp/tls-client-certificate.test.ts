import { once } from 'node:events';
import { dial } from '../../../connector/smpp/dial.ts';
import { authority, type Certificate, certificate } from '../../../local/certificates.ts';
import {
  clientCertificate,
  dialled,
  fatalAlert,
  never,
  plainServer,
  serverCertificate,
  tlsSmsc,
  trusted,
  trusting,
} from '../../support/dial-harness.ts';

describe('a client certificate', () => {
  const asking = () => ({ ca: trusted.certificate, requestCert: true });
  const reading = (pem: string) => ({ tls: trusting(), readClientCertificate: async () => pem });

  test.each([
    ['before its key', ({ certificate, key }: Certificate) => certificate + key],
    ['behind its key', ({ certificate, key }: Certificate) => key + certificate],
  ])('is shown to an SMSC that asks for one (%s)', async (_, pem) => {
    const smsc = await tlsSmsc(asking());
    await dialled(smsc, reading(pem(clientCertificate)));
    const session = await smsc.session(1);
    expect(session.authorized).toBe(true);
    expect(session.getPeerCertificate().subject.CN).toBe('client');
  });

  test('is shown with those between it and its authority', async () => {
    const between = await authority('Between', trusted);
    const { certificate: own, key } = await certificate({ by: between });
    const smsc = await tlsSmsc(asking());
    await dialled(smsc, reading(own + between.certificate + key));
    await expect(smsc.session(1)).resolves.toMatchObject({ authorized: true });
  });

  test('is read anew for each connection', async () => {
    const subjects = ['first', 'second'];
    const smsc = await tlsSmsc(asking());
    const readClientCertificate = jest.fn<Promise<string>, []>();
    for (const subject of subjects) {
      readClientCertificate.mockResolvedValueOnce((await certificate({ subject, by: trusted })).pem);
    }
    for (const [index, subject] of subjects.entries()) {
      await dialled(smsc, { tls: trusting(), readClientCertificate });
      expect((await smsc.session(index + 1)).getPeerCertificate().subject.CN).toBe(subject);
    }
  });

  test.each([
    [
      'that cannot be read',
      () => Promise.reject(new Error('its secret has no value yet')),
      'cannot read the client certificate: its secret has no value yet',
    ],
    ['that is none', async () => 'nonsense', 'the client certificate cannot be used: error:'],
    [
      'with the key of another',
      async () => serverCertificate.certificate + clientCertificate.key,
      'the client certificate cannot be used: its private key is for another certificate',
    ],
  ])('%s is told, and the SMSC is not called', async (_, readClientCertificate, words) => {
    const smsc = await tlsSmsc(asking());
    const dialling = dial(smsc, { tls: trusting(), readClientCertificate }, never);
    await expect(dialling).rejects.toMatchObject({
      code: 'no-secret',
      cause: { message: expect.any(String) },
      message: expect.stringContaining(words),
    });
    expect(smsc.connections).toEqual([]);
  });

  test('that is missing is told in TLS 1.2 by the handshake', async () => {
    const smsc = await tlsSmsc({ ...asking(), maxVersion: 'TLSv1.2' });
    await expect(dial(smsc, { tls: trusting() }, never)).rejects.toMatchObject({
      code: 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE',
      message: expect.stringContaining('may ask for a client certificate (tls.clientCertificate)'),
    });
  });

  // The client is done before the SMSC has its certificate: https://www.rfc-editor.org/rfc/rfc8446#section-2
  test('that is missing is told in TLS 1.3 by an error of the socket', async () => {
    const smsc = await tlsSmsc({ ...asking(), minVersion: 'TLSv1.3' });
    const socket = await dial(smsc, { tls: trusting() }, never);
    const [error] = await once(socket.resume(), 'error').catch((cause) => [cause]);
    expect(error).toMatchObject({
      code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      message: expect.stringContaining('certificate required'),
    });
    await smsc.closed(1);
  });

  test.each([
    ['bad certificate', 42],
    ['certificate expired', 45],
    ['unknown authority', 48],
    ['certificate required', 116],
  ])('is named when the SMSC refuses with the alert "%s"', async (_, alert) => {
    const server = await plainServer((socket) => socket.once('data', () => socket.end(fatalAlert(alert))));
    await expect(dial(server, { tls: trusting() }, never)).rejects.toThrow('set tls.clientCertificate');
    await expect(dial(server, reading(clientCertificate.pem), never)).rejects.toThrow('refused our client certificate');
  });
});
