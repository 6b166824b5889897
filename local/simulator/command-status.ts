import { errors } from 'smpp/lib/defs.js';

export const commandStatus = {
  ok: statusNamed('ESME_ROK'),
  invalidBindState: statusNamed('ESME_RINVBNDSTS'),
  alreadyBound: statusNamed('ESME_RALYBND'),
  invalidCommandId: statusNamed('ESME_RINVCMDID'),
  invalidDestination: statusNamed('ESME_RINVDSTADR'),
  invalidPassword: statusNamed('ESME_RINVPASWD'),
  invalidSystemId: statusNamed('ESME_RINVSYSID'),
  queueFull: statusNamed('ESME_RMSGQFUL'),
  throttled: statusNamed('ESME_RTHROTTLED'),
  temporaryAppError: statusNamed('ESME_RX_T_APPN'),
};

/** `ESME_ROK` for 0; in hexadecimal where there is no name. */
export function statusName(status: number): string {
  return Object.keys(errors).find((name) => errors[name] === status) ?? `0x${status.toString(16)}`;
}

function statusNamed(name: string): number {
  const status = errors[name];
  if (status === undefined) throw new Error(`the package smpp knows no ${name}`);
  return status;
}
