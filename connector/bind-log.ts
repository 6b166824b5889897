import type { CarrierProfile } from '#contract/carrier.ts';
import type { MetricName } from '#contract/metrics.ts';
import type { Log } from './log.ts';
import type { BindState } from './smpp/kept-bind.ts';
import { sessionEndText } from './smpp/session-end-text.ts';

export interface BindLogOptions {
  readonly carrier: Pick<CarrierProfile, 'reconnect' | 'tls'>;
  readonly log: Log;
  readonly emitMetric: (metric: MetricName, value: number) => void;
}

/**
 * Tells people what becomes of the binds. A carrier that is out of reach says the same at every attempt, of each host:
 * one line of each is enough until the bind is there again.
 */
export class BindLog {
  readonly #options: BindLogOptions;
  readonly #said = new Set<string>();

  constructor(options: BindLogOptions) {
    this.#options = options;
  }

  note(bind: BindState): void {
    if (bind.kind === 'bound') this.#noteBound(bind);
    else this.#noteUnbound(bind);
  }

  #noteBound({ role, host }: BindState): void {
    const { carrier, log } = this.#options;
    for (const said of this.#said) if (said.startsWith(`${role} `)) this.#said.delete(said);
    log.info('bound', { role, ...host });
    if (typeof carrier.tls === 'object' && carrier.tls.allowUnverifiedServer) {
      log.warn(
        'the SMSC is not verified (tls.allowUnverifiedServer): anybody in between can read and change what is sent',
        {
          role,
          ...host,
        },
      );
    }
  }

  #noteUnbound({ role, host, end, nextTryMs }: BindState & { kind: 'unbound' }): void {
    const { carrier, log, emitMetric } = this.#options;
    if (end.kind === 'refused') emitMetric('bindRefusals', 1);
    const reason = sessionEndText(end);
    const said = `${role} ${host.host} ${host.port} ${reason}`;
    if (this.#said.has(said)) return;
    this.#said.add(said);
    const fields = { role, ...host, reason, nextTrySeconds: Math.ceil(nextTryMs / 1_000) };
    if (end.kind === 'refused' && carrier.reconnect.wrongCredentialsStatuses.includes(end.commandStatus)) {
      log.error('the SMSC does not take these credentials: check systemId, systemType and the password', fields);
    } else if (end.kind === 'ended' && end.why === 'retired') {
      log.info('unbound, to bind anew', fields);
    } else {
      log.warn('unbound', fields);
    }
  }
}
