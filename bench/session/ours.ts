import { once } from 'node:events';
import { connect } from 'node:net';
import { systemClock } from '../../connector/clock.ts';
import type { RequestOutcome } from '../../connector/smpp/pending.ts';
import { Session } from '../../connector/smpp/session.ts';
import type { SubmitSm } from '../../connector/smpp/submit-sm.ts';
import type { Contender, Peer } from './contender.ts';
import type { Load } from './load.ts';
import { type Message, messageOf } from './message.ts';

/** The session as the connector uses it, with the limits that a carrier has by default. */
export const ours: Contender = async (peer, load) => {
  const session = await openSession(peer);
  await Promise.all(Array.from({ length: load.window }, (_, slot) => keepBusy(session, load, slot)));
  await session.unbind();
};

async function openSession({ port, systemType }: Peer): Promise<Session> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  const session = new Session({
    socket,
    clock: systemClock,
    link: { idleMs: 20_000, responseMs: 10_000 },
    responseTimeoutMs: 30_000,
    onDeliver: async () => {},
    deliverRetryStatus: 0x58,
    maxDelivering: 1,
    onOddity: (what, fields) => {
      throw new Error(`${what}: ${JSON.stringify(fields)}`);
    },
  });
  const outcome = await session.bind(
    {
      command: 'bind_transceiver',
      commandStatus: 0,
      systemId: 'bench',
      password: 'bench',
      systemType,
      interfaceVersion: 0x34,
      addrTon: 0,
      addrNpi: 0,
      addressRange: '',
      tlvs: [],
    },
    8_000,
  );
  checkAccepted(outcome);
  return session;
}

async function keepBusy(session: Session, load: Load, slot: number): Promise<void> {
  do {
    const number = load.begin(slot);
    checkAccepted(await session.request(submitSmOf(messageOf(number))));
  } while (load.answered(slot));
}

function checkAccepted(outcome: RequestOutcome): void {
  if (outcome.kind === 'answered' && outcome.response.commandStatus === 0) return;
  throw new Error(`expected ESME_ROK, got ${JSON.stringify(outcome)}`);
}

function submitSmOf({ from, to, octets }: Message): SubmitSm {
  return {
    command: 'submit_sm',
    commandStatus: 0,
    serviceType: '',
    sourceAddrTon: 1,
    sourceAddrNpi: 1,
    sourceAddr: from,
    destAddrTon: 1,
    destAddrNpi: 1,
    destinationAddr: to,
    esmClass: 0,
    protocolId: 0,
    priorityFlag: 0,
    scheduleDeliveryTime: '',
    validityPeriod: '',
    registeredDelivery: 1,
    replaceIfPresentFlag: 0,
    dataCoding: 0,
    smDefaultMsgId: 0,
    shortMessage: octets,
    tlvs: [],
  };
}
