import type { Socket } from 'node:net';
import type { CarrierProfileInput } from '#contract/carrier.ts';
import type { Role } from '../../connector/smpp/account.ts';
import type { DeliverSm, Respond } from '../../connector/smpp/deliveries.ts';
import { dial } from '../../connector/smpp/dial.ts';
import type { BindState } from '../../connector/smpp/kept-bind.ts';
import type { RequestOutcome } from '../../connector/smpp/pending.ts';
import { sessionEndText } from '../../connector/smpp/session-end-text.ts';
import { submitSmsOf } from '../../connector/smpp/submit-sm.ts';
import { Transceiver, type TransceiverOptions } from '../../connector/smpp/transceiver.ts';
import { queueOf } from './awaited-queue.ts';
import { normal, profile, sms } from './connector-factories.ts';
import { FakeClock } from './fake-clock.ts';
import { releaseAfterTest } from './release-after-test.ts';
import { type Conversation, type ScriptedSmsc, startScriptedSmsc } from './scripted-smsc.ts';

const never = new AbortController().signal;
const submitSm = submitSmsOf(sms(), profile())[0]?.pdu;

/** With the reason of an end in words. */
type ToldState = BindState & { readonly reason?: string };

/** A transceiver against a scripted SMSC, over real TCP and under a clock that moves by call. */
export interface Harness {
  readonly smsc: ScriptedSmsc;
  readonly transceiver: Transceiver;
  readonly clock: FakeClock;
  readonly oddities: string[];
  /** The transceiver's own ends of its connections. */
  readonly sockets: readonly Socket[];
  /** The next state that no earlier call gave. */
  state(): Promise<ToldState>;
  submit(): Promise<RequestOutcome>;
}

export async function startTransceiver(
  conversations: readonly Conversation[],
  given: Partial<CarrierProfileInput> & {
    onDeliver?: (pdu: DeliverSm, respond: Respond) => Promise<void>;
    readPassword?: (role: Role) => string | Promise<string>;
    connect?: TransceiverOptions['connect'];
    maxDelivering?: number;
  } = {},
): Promise<Harness> {
  const {
    onDeliver = async (_pdu, respond) => void respond(0),
    readPassword = () => 'secret',
    maxDelivering = 2,
    connect = (to, stop, onStep) => dial(to, { tls: false }, stop, onStep),
    ...fields
  } = given;
  const smsc = await startScriptedSmsc(conversations);
  const carrier = profile({ hosts: [{ host: smsc.host, port: smsc.port }], ...fields });
  const clock = new FakeClock();
  const oddities: string[] = [];
  const sockets: Socket[] = [];
  const states = queueOf<ToldState>();
  const transceiver = new Transceiver({
    profile: carrier,
    clock,
    random: () => 1,
    link: { idleMs: carrier.enquireLink.idleMs, responseMs: carrier.enquireLink.timeoutMs },
    responseTimeoutMs: carrier.responseTimeoutMs,
    deliverRetryStatus: carrier.deliverRetryStatus,
    maxDelivering,
    connect: async (to, stop, onStep) => {
      const socket = await connect(to, stop, onStep);
      sockets.push(socket);
      return socket;
    },
    readPassword: async (role) => readPassword(role),
    onDeliver,
    onOddity: (what) => oddities.push(what),
    onState: (state) => states.push(state.kind === 'bound' ? state : { ...state, reason: sessionEndText(state.end) }),
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
      const slot = await transceiver.acquire(normal, never);
      if (slot === undefined || submitSm === undefined) throw new Error('no slot');
      try {
        await slot.turn(never);
        return await slot.submit(submitSm);
      } finally {
        slot.release();
      }
    },
  };
}
