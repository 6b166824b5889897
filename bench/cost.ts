import { arch, cpus, platform } from 'node:os';
import { systemClock } from '../connector/clock.ts';
import { Releases } from '../local/releases.ts';
import type { Purpose } from './cost/ledger.ts';
import { type Counts, latencyMs, type MeteredGateway, startMeteredGateway } from './cost/metered-gateway.ts';
import { report } from './cost/report.ts';
import { readOptions } from './options.ts';

/**
 * `npm run bench -- cost [--messages N] [--idle-minutes N]`: counts what one message costs in requests, invocations and
 * capacity units, by running all of the code; and what a minute costs in which nothing is sent. The figures of
 * `docs/cost.md` are from here.
 */

interface Scenario {
  readonly title: string;
  /** Messages a second; 0: all at once, `atOnce` under way. */
  readonly rate: number;
  readonly share: number;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly keyed?: boolean;
}

/** As long as fits into one segment. */
const oneSegment = 'Your parcel is on its way and will be with you between 14:10 and 16:10 today. '
  .repeat(3)
  .slice(0, 160);

const scenarios: readonly Scenario[] = [
  { title: 'one a second', rate: 1, share: 0.12 },
  { title: 'ten a second', rate: 10, share: 1 },
  { title: 'as fast as this machine can', rate: 0, share: 1 },
  { title: 'ten a second, with Idempotency-Key', rate: 10, share: 0.4, keyed: true },
  { title: 'ten a second, at-most-once', rate: 10, share: 0.4, body: { guarantee: 'at-most-once' } },
  { title: 'ten a second, without receipts', rate: 10, share: 0.4, body: { receipt: false } },
  { title: 'ten a second, three segments', rate: 10, share: 0.2, body: { text: oneSegment.repeat(3).slice(0, 450) } },
];

const atOnce = 50;
/** So long without a call that is about a message: all is done. */
const quietMs = 3_000;

export async function run(args: readonly string[]): Promise<void> {
  // What the gateway writes there from now on is counted, not shown.
  const print = process.stdout.write.bind(process.stdout);
  const options = {
    messages: { type: 'string', default: '500' },
    'idle-minutes': { type: 'string', default: '2' },
  } as const;
  const { values } = readOptions({ args: [...args], options });
  const releases = new Releases();
  try {
    const gateway = await startMeteredGateway(releases);
    print(
      `${new Date().toISOString()}, ${cpus().length} x ${cpus()[0]?.model} (${platform()} ${arch()}), Node ${process.version}, `,
    );
    print(`${latencyMs} ms added to each call\n`);
    print(await standing(gateway, Number(values['idle-minutes'])));
    for (const scenario of scenarios) {
      print(await measure(gateway, scenario, Math.ceil(Number(values.messages) * scenario.share)));
    }
    print(await received(gateway, 20));
    const sizes = [...gateway.ledger.itemSizes()].map(([kind, bytes]) => `${kind} ${Math.round(bytes)}`);
    print(`\nitems, bytes on average: ${sizes.join(', ')}\n`);
  } finally {
    await releases.run();
  }
}

/** A minute in which nothing is sent. */
async function standing(gateway: MeteredGateway, minutes: number): Promise<string> {
  // The bind has just been reported, and the due index asked.
  await systemClock.sleep(5_000);
  gateway.take();
  await systemClock.sleep(minutes * 60_000);
  return report('per minute, idle and bound', minutes, gateway.take());
}

async function measure(gateway: MeteredGateway, scenario: Scenario, messages: number): Promise<string> {
  const { handsets } = gateway.simulator;
  const before = handsets.messages().length;
  gateway.take();
  const startedAt = systemClock.monotonic();
  if (scenario.rate > 0) await sendAtRate(gateway, scenario, messages);
  else await sendAtOnce(gateway, scenario, messages);
  const seconds = (systemClock.monotonic() - startedAt) / 1_000;
  await untilQuiet(gateway);
  const arrived = handsets.messages().length - before;
  if (arrived !== messages) throw new Error(`${messages} messages were sent, ${arrived} arrived`);
  const title = `per message: ${scenario.title} (${messages} messages in ${seconds.toFixed(1)} s)`;
  return report(title, messages, ofMessages(gateway.take()));
}

async function received(gateway: MeteredGateway, messages: number): Promise<string> {
  const mo = { from: '+447700900123', to: '12345', text: oneSegment };
  gateway.take();
  for (let sent = 0; sent < messages; sent += 1) await gateway.simulator.sendMo(mo);
  await untilQuiet(gateway);
  return report('per message received', messages, ofMessages(gateway.take()));
}

/** Resolves when nothing has been asked for about a message for a while. */
async function untilQuiet({ ledger }: MeteredGateway): Promise<void> {
  for (let seen = -1; seen !== ledger.messageCalls; ) {
    seen = ledger.messageCalls;
    await systemClock.sleep(quietMs);
  }
}

/** Without what is done anyway. */
function ofMessages({ entries, invocations, ...others }: Counts): Counts {
  const matters = ({ purpose }: { readonly purpose: Purpose }) => purpose === 'message';
  return { entries: entries.filter(matters), invocations: invocations.filter(matters), ...others };
}

async function sendAtRate(gateway: MeteredGateway, scenario: Scenario, messages: number): Promise<void> {
  const sending: Promise<void>[] = [];
  const startedAt = systemClock.monotonic();
  let dueMs = 0;
  for (let number = 0; number < messages; number += 1) {
    // As calls come in: at random, so many a second in the long run.
    dueMs += (-Math.log(1 - Math.random()) * 1_000) / scenario.rate;
    await systemClock.sleep(Math.max(0, startedAt + dueMs - systemClock.monotonic()));
    sending.push(send(gateway, scenario, number));
  }
  await Promise.all(sending);
}

async function sendAtOnce(gateway: MeteredGateway, scenario: Scenario, messages: number): Promise<void> {
  const numbers = Array.from({ length: messages }, (_, number) => number).values();
  const workers = Array.from({ length: atOnce }, async () => {
    for (const number of numbers) await send(gateway, scenario, number);
  });
  await Promise.all(workers);
}

async function send(
  { apiUrl }: MeteredGateway,
  { body, keyed = false, title }: Scenario,
  number: number,
): Promise<void> {
  const response = await fetch(`${apiUrl}/v1/messages`, {
    method: 'POST',
    headers: {
      'x-api-key': 'bench',
      'content-type': 'application/json',
      ...(keyed && { 'idempotency-key': `${title} ${number}` }),
    },
    // Each to a recipient of its own: of one recipient the messages go one after the other.
    body: JSON.stringify({ to: `+4477009${String(number).padStart(5, '0')}`, text: oneSegment, ...body }),
  });
  if (response.status !== 202) throw new Error(`expected 202, got ${response.status}: ${await response.text()}`);
  await response.arrayBuffer();
}
