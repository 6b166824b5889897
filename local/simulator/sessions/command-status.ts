import { errors } from 'smpp/lib/defs.js';

export const commandStatus = {
  ok: known('ESME_ROK'),
  invalidMessageLength: known('ESME_RINVMSGLEN'),
  invalidBindState: known('ESME_RINVBNDSTS'),
  alreadyBound: known('ESME_RALYBND'),
  invalidCommandLength: known('ESME_RINVCMDLEN'),
  invalidCommandId: known('ESME_RINVCMDID'),
  systemError: known('ESME_RSYSERR'),
  invalidSource: known('ESME_RINVSRCADR'),
  invalidDestination: known('ESME_RINVDSTADR'),
  invalidMessageId: known('ESME_RINVMSGID'),
  bindFailed: known('ESME_RBINDFAIL'),
  invalidPassword: known('ESME_RINVPASWD'),
  invalidSystemId: known('ESME_RINVSYSID'),
  cancelFailed: known('ESME_RCANCELFAIL'),
  queueFull: known('ESME_RMSGQFUL'),
  submitFailed: known('ESME_RSUBMITFAIL'),
  throttled: known('ESME_RTHROTTLED'),
  invalidServiceType: known('ESME_RINVSERTYP'),
  invalidSchedule: known('ESME_RINVSCHED'),
  invalidValidity: known('ESME_RINVEXPIRY'),
  temporaryAppError: known('ESME_RX_T_APPN'),
  queryFailed: known('ESME_RQUERYFAIL'),
  invalidTlvStream: known('ESME_RINVTLVSTREAM'),
  invalidTlvValue: known('ESME_RINVTLVVAL'),
};

/** The number of a name such as `ESME_RTHROTTLED`; undefined for a name that SMPP does not have. */
export function statusOf(name: string): number | undefined {
  return Object.hasOwn(errors, name) ? errors[name] : undefined;
}

/** `ESME_ROK` for 0; in hexadecimal where there is no name. */
export function statusName(status: number): string {
  return Object.keys(errors).find((name) => errors[name] === status) ?? `0x${status.toString(16)}`;
}

function known(name: string): number {
  const status = statusOf(name);
  if (status === undefined) throw new Error(`the package smpp knows no ${name}`);
  return status;
}
