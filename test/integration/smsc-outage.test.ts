import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StatusEvent } from '#contract/cloud-events.ts';
import { send } from '../support/api.ts';
import { subscribe } from '../support/aws.ts';
import { type LocalGateway, startLocalGateway } from '../support/local-gateway.ts';
import { hold, ok, type ScriptedSmsc, startScriptedSmsc } from '../support/scripted-smsc.ts';

/** The gateway against an SMSC that goes away, configured as a user would point it at a real one. */

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
}, 30_000);

async function startAgainst(smsc: ScriptedSmsc, carrier: Record<string, unknown> = {}): Promise<LocalGateway> {
  stops.push(() => smsc.stop());
  const directory = await mkdtemp(join(tmpdir(), 'gateway-config-'));
  stops.push(() => rm(directory, { recursive: true }));
  const config = join(directory, 'gateway.config.json');
  const hosts = [{ host: smsc.host, port: smsc.port }];
  const carriers = [{ name: 'acme', hosts, systemId: 'me', password: { env: 'ACME_PASSWORD' }, ...carrier }];
  await writeFile(config, JSON.stringify({ carriers }));
  const gateway = await startLocalGateway({ args: ['--config', config], env: { ACME_PASSWORD: 'secret' } });
  stops.push(() => gateway.stop());
  return gateway;
}

const to = '+447700900111';

test('a message that is accepted while the SMSC is down goes out when it comes up', async () => {
  const smsc = await startScriptedSmsc();
  await smsc.goDown();
  const gateway = await startAgainst(smsc);
  await gateway.logLine(/"unbound"/);
  await send(gateway, { to, text: 'patience' });
  await smsc.comeUp();
  const submit = await smsc.next('submit_sm');
  expect((submit.short_message as Buffer).toString()).toBe('patience');
  await expect(smsc.next('bind_transceiver')).resolves.toMatchObject({ system_id: 'me', password: 'secret' });
}, 40_000);

test('an SMSC that restarts in the middle gets what it never answered again, flagged, and then the rest', async () => {
  const smsc = await startScriptedSmsc([{ submit_sm: [ok(), hold()] }, {}]);
  const gateway = await startAgainst(smsc, { window: 2 });
  const status = await subscribe<StatusEvent>(gateway, gateway.statusTopicArn);
  const ids: string[] = [];
  for (const text of ['1', '2', '3', '4', '5']) {
    ids.push((await send(gateway, { to: `${to.slice(0, -1)}${text}`, text })).id);
  }
  await smsc.atLeast(3, 'submit_sm');
  await smsc.goDown();
  await smsc.comeUp();

  const sent = new Map<string, boolean>();
  while (sent.size < ids.length) {
    const { data, type } = await status.next();
    expect(type).toBe('sms.sent');
    sent.set(data.id, data.possibleDuplicate);
  }
  expect([...sent.keys()].sort()).toEqual([...ids].sort());
  // One was answered and two were not before the restart; the last two were never written before.
  const texts = smsc.receivedOf('submit_sm').map((pdu) => (pdu.short_message as Buffer).toString());
  expect(texts).toHaveLength(7);
  const twice = texts.filter((text, index) => texts.indexOf(text) !== index);
  expect(ids.filter((id) => sent.get(id)).sort()).toEqual(twice.map((text) => ids[Number(text) - 1]).sort());
}, 40_000);

test('two hundred messages arrive in order per recipient', async () => {
  const smsc = await startScriptedSmsc();
  const gateway = await startAgainst(smsc);
  const recipients = ['+447700900121', '+447700900122', '+447700900123', '+447700900124'];
  const perRecipient = 50;
  for (let n = 0; n < perRecipient; n += 1) {
    await Promise.all(recipients.map((recipient) => send(gateway, { to: recipient, text: String(n) })));
  }
  const submits = await smsc.atLeast(recipients.length * perRecipient, 'submit_sm');
  for (const recipient of recipients) {
    const texts = submits
      .filter((pdu) => pdu.destination_addr === recipient.slice(1))
      .map((pdu) => (pdu.short_message as Buffer).toString());
    expect(texts).toEqual(Array.from({ length: perRecipient }, (_, n) => String(n)));
  }
}, 60_000);
