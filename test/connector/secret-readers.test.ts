import { secretReaders } from '../../connector/secret-readers.ts';
import { profile, recordedLog } from '../support/connector-factories.ts';
import { FakeClock } from '../support/fake-clock.ts';

const env = { ACME_PASSWORD: 'of the carrier', RECEIVER_PASSWORD: 'of the receiver' };

function readers(given: Parameters<typeof profile>[0] = {}) {
  return secretReaders(profile(given), { env, clock: new FakeClock(), log: recordedLog() });
}

test('a receiver without a password of its own has that of the carrier', async () => {
  const { readPassword } = readers({ bindMode: 'transmitter-receiver' });
  await expect(readPassword('transmitter')).resolves.toBe('of the carrier');
  await expect(readPassword('receiver')).resolves.toBe('of the carrier');
});

test('a receiver with a password of its own does not share it', async () => {
  const { readPassword } = readers({
    bindMode: 'transmitter-receiver',
    receiver: { password: { env: 'RECEIVER_PASSWORD' } },
  });
  await expect(readPassword('transmitter')).resolves.toBe('of the carrier');
  await expect(readPassword('receiver')).resolves.toBe('of the receiver');
});

test('a client certificate is read only where one is named', async () => {
  expect(readers().readClientCertificate).toBeUndefined();
  expect(readers({ tls: true }).readClientCertificate).toBeUndefined();
  const { readClientCertificate } = readers({ tls: { clientCertificate: { env: 'ACME_PASSWORD' } } });
  await expect(readClientCertificate?.()).rejects.toThrow('ACME_PASSWORD');
});
