import type { CarrierProfile } from '#contract/carrier.ts';
import { tlsOptionsOf } from '#contract/carrier-tls.ts';
import { unreachable } from '#contract/unreachable.ts';
import type { Log } from './log.ts';
import type { Meters } from './meters.ts';
import type { Role } from './smpp/account.ts';
import type { BindState } from './smpp/kept-bind.ts';
import type { SessionEnd } from './smpp/reconnect.ts';
import { sessionEndText } from './smpp/session-end-text.ts';

export interface BindLogOptions {
  readonly carrier: Pick<CarrierProfile, 'reconnect' | 'tls'>;
  readonly log: Log;
  readonly meters: Pick<Meters, 'count'>;
}

/**
 * Tells people what becomes of the binds, and counts it. A carrier that is out of reach says the same at every attempt,
 * of each host: one line of each is enough until the bind is there again.
 */
export class BindLog {
  readonly #options: BindLogOptions;
  readonly #said = new Set<string>();
  readonly #boundBefore = new Set<Role>();

  constructor(options: BindLogOptions) {
    this.#options = options;
  }

  note(bind: BindState): void {
    if (bind.kind === 'bound') this.#noteBound(bind);
    else this.#noteUnbound(bind);
  }

  #noteBound({ role, host }: BindState): void {
    const { carrier, log, meters } = this.#options;
    if (this.#boundBefore.has(role)) meters.count('rebinds');
    this.#boundBefore.add(role);
    for (const said of this.#said) if (said.startsWith(`${role} `)) this.#said.delete(said);
    log.info('bound', { role, ...host });
    if (tlsOptionsOf(carrier.tls)?.allowUnverifiedServer) {
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
    const { carrier, log, meters } = this.#options;
    if (end.kind === 'refused') meters.count('bindRefusals');
    const reason = sessionEndText(end);
    // Not by the reason's text, which may differ each time.
    const said = `${role} ${host.host} ${host.port} ${keyOf(end)}`;
    if (this.#said.has(said)) return;
    this.#said.add(said);
    if (nextTryMs === undefined) {
      // An attempt that we break off ourselves is no news.
      if (end.kind !== 'unreachable' && end.kind !== 'no-secret') log.info('unbound', { role, ...host, reason });
      return;
    }
    const fields = { role, ...host, reason, nextTrySeconds: Math.ceil(nextTryMs / 1_000) };
    if (end.kind === 'refused' && carrier.reconnect.wrongCredentialsStatuses.includes(end.commandStatus)) {
      log.error(`the SMSC does not take these credentials: check ${credentialsOf(role)}`, fields);
    } else if (end.kind === 'ended' && (end.why === 'renewing' || end.why === 'returning')) {
      log.info('unbound, to bind anew', fields);
    } else {
      log.warn('unbound', fields);
    }
  }
}

function credentialsOf(role: Role): string {
  const own = 'systemId, systemType and the password';
  return role === 'receiver' ? `receiver.systemId, receiver.systemType and receiver.password, or else ${own}` : own;
}

/** The same for what is the same to whoever reads it. */
function keyOf(end: SessionEnd): string {
  switch (end.kind) {
    case 'refused':
      return `refused ${end.commandStatus}`;
    case 'ended':
      return end.why;
    case 'unreachable':
    case 'no-secret':
      return `${end.kind} ${'code' in end.cause ? end.cause.code : end.cause.message}`;
    default:
      return unreachable(end);
  }
}
