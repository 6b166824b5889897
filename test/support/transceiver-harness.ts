import { connect, type Socket } from 'node:net';
import type { CarrierProfileInput } from '#contract/carrier.ts';
import type { RequestOutcome } from '../../connector/smpp/pending.ts';
import type { DeliverSm, Respond } from '../../connector/smpp/session.ts';
import { submitSmsOf } from '../../connector/smpp/submit-sm.ts';
import { type BindState, Transceiver } from '../../connector/smpp/transceiver.ts';
import { queueOf } from './awaited-queue.ts';
import { profile, sms } from './connector-factories.ts';
import { FakeClock } from './fake-clock.ts';
import { type Conversation, type ScriptedSmsc, startScriptedSmsc } from './scripted-smsc.ts';

const never = new AbortController().signal;
const [submitSm] = submitSmsOf(sms());

/** A transceiver against a scripted SMSC, over real TCP and under a clock that moves by call. */
export interface Harness {
  readonly smsc: ScriptedSmsc;
  readonly transceiver: Transceiver;
  readonly clock: FakeClock;
  readonly oddities: string[];
  /** The transceiver's own ends of its connections. */
  readonly sockets: readonly Socket[];
  /** The next state that no earlier call gave. */
  state(): Promise<BindState>;
  submit(): Promise<RequestOutcome>;
}

const releases: (() => Promise<void>)[] = [];

/** Closed after the test, whatever comes of it. */
export function releaseAfterTest(release: () => Promise<void>): void {
  releases.push(release);
}

afterEach(async () => {
  for (const release of releases.splice(0)) await release();
});

export async function startTransceiver(
  conversations: readonly Conversation[],
  given: Partial<CarrierProfileInput> & {
    onDeliver?: (pdu: DeliverSm, respond: Respond) => Promise<void>;
    readPassword?: () => string;
    maxDelivering?: number;
  } = {},
): Promise<Harness> {
  const {
    onDeliver = async (_pdu, respond) => void respond(0),
    readPassword = () => 'secret',
    maxDelivering = 2,
    ...fields
  } = given;
  const smsc = await startScriptedSmsc(conversations);
  const carrier = profile({ hosts: [{ host: smsc.host, port: smsc.port }], ...fields });
  const clock = new FakeClock();
  const oddities: string[] = [];
  const sockets: Socket[] = [];
  const states = queueOf<BindState>();
  const transceiver = new Transceiver({
    profile: carrier,
    clock,
    random: () => 1,
    link: { idleMs: carrier.enquireLink.idleMs, responseMs: carrier.enquireLink.timeoutMs },
    responseTimeoutMs: carrier.responseTimeoutMs,
    deliverRetryStatus: carrier.deliverRetryStatus,
    maxDelivering,
    openSocket: (to) => {
      const socket = connect({ ...to, noDelay: true });
      sockets.push(socket);
      return socket;
    },
    readPassword: async () => readPassword(),
    onDeliver,
    onOddity: (what) => oddities.push(what),
    onState: (state) => states.push(state),
  });
  transceiver.start();
  releaseAfterTest(async () => {
    // A peer that froze is not waited for.
    const stopped = transceiver.stop();
    await clock.advance(60_000);
    await smsc.stop();
    await stopped;
  });
  return {
    smsc,
    transceiver,
    clock,
    oddities,
    sockets,
    state: () => states.shift(),
    async submit() {
      const slot = await transceiver.acquire('normal', never);
      if (slot === undefined || submitSm === undefined) throw new Error('no slot');
      try {
        return await slot.submit(submitSm);
      } finally {
        slot.release();
      }
    },
  };
}
