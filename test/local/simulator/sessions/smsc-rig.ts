import type { BehaviourChange } from '../../../../local/simulator/play/behaviour.ts';
import { Stage } from '../../../../local/simulator/play/stage.ts';
import type { Account } from '../../../../local/simulator/sessions/accounts.ts';
import type { ReceivedPdu } from '../../../../local/simulator/sessions/package-smpp.ts';
import type { SmscSession } from '../../../../local/simulator/sessions/session.ts';
import { Smsc, type SmscOptions } from '../../../../local/simulator/sessions/smsc.ts';
import type { SmscEvent } from '../../../../local/simulator/sessions/smsc-event.ts';
import { Random } from '../../../fuzz/random.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { releaseAfterTest } from '../../../support/release-after-test.ts';
import { Esme } from '../esme.ts';

export interface SmscRigOptions extends Partial<Pick<SmscOptions, 'hosts' | 'port' | 'tls'>> {
  readonly change?: BehaviourChange;
  readonly accounts?: readonly Account[];
  /** Of the authority that signed the certificate in `tls`. */
  readonly ca?: string;
  /** @default answers with ESME_ROK and the message_id "1" */
  readonly onRequest?: (pdu: ReceivedPdu, session: SmscSession) => void;
}

/** An SMSC without what stands behind it: the test itself answers requests. Released after the test. */
export async function startSmsc(options: SmscRigOptions = {}) {
  const { change = {}, accounts = [{ systemId: 'me', password: 'secret' }], ca, onRequest = accept, ...rest } = options;
  const [clock, random, stage] = [new FakeClock(), new Random(1), new Stage()];
  const faults: string[] = [];
  const receivers: SmscSession[] = [];
  const events: SmscEvent[] = [];
  stage.play({ scenarios: [], change });
  const smsc = new Smsc(
    {
      ...rest,
      accounts,
      stage,
      clock,
      random: () => random.uint32() / 0x1_0000_0000,
      onEvent: (event) => events.push(event),
    },
    { onRequest, onReceiver: (session) => receivers.push(session), onFault: ({ message }) => faults.push(message) },
  );
  await smsc.start();
  releaseAfterTest(() => smsc.stop());
  const connect = async (port = smsc.port) => {
    const esme = await Esme.connect(port, ca);
    releaseAfterTest(() => esme.destroy());
    return esme;
  };
  const bound = async (fields = {}, command = 'bind_transceiver') => {
    const esme = await connect();
    expect(await esme.bind(fields, command)).toMatchObject({ command: `${command}_resp`, command_status: 0 });
    return esme;
  };
  /** Of the latest connection. */
  const session = () => {
    const latest = smsc.sessions.at(-1);
    if (latest === undefined) throw new Error('nobody is connected');
    return latest;
  };
  const play = (next: BehaviourChange) => stage.play({ scenarios: [], change: next });
  return { smsc, session, clock, faults, receivers, events, connect, bound, play };
}

function accept(request: ReceivedPdu, session: SmscSession): void {
  session.respond(request, { status: 0, fields: { message_id: '1' } });
}
