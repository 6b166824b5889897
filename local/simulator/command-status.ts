import { errors } from 'smpp/lib/defs.js';
import { known } from './known.ts';

export const commandStatus = {
  ok: known(errors, 'ESME_ROK'),
  invalidMessageLength: known(errors, 'ESME_RINVMSGLEN'),
  invalidBindState: known(errors, 'ESME_RINVBNDSTS'),
  alreadyBound: known(errors, 'ESME_RALYBND'),
  invalidCommandLength: known(errors, 'ESME_RINVCMDLEN'),
  invalidCommandId: known(errors, 'ESME_RINVCMDID'),
  systemError: known(errors, 'ESME_RSYSERR'),
  invalidSource: known(errors, 'ESME_RINVSRCADR'),
  invalidDestination: known(errors, 'ESME_RINVDSTADR'),
  invalidMessageId: known(errors, 'ESME_RINVMSGID'),
  bindFailed: known(errors, 'ESME_RBINDFAIL'),
  invalidPassword: known(errors, 'ESME_RINVPASWD'),
  invalidSystemId: known(errors, 'ESME_RINVSYSID'),
  cancelFailed: known(errors, 'ESME_RCANCELFAIL'),
  queueFull: known(errors, 'ESME_RMSGQFUL'),
  submitFailed: known(errors, 'ESME_RSUBMITFAIL'),
  throttled: known(errors, 'ESME_RTHROTTLED'),
  invalidServiceType: known(errors, 'ESME_RINVSERTYP'),
  invalidSchedule: known(errors, 'ESME_RINVSCHED'),
  invalidValidity: known(errors, 'ESME_RINVEXPIRY'),
  temporaryAppError: known(errors, 'ESME_RX_T_APPN'),
  queryFailed: known(errors, 'ESME_RQUERYFAIL'),
  invalidTlvStream: known(errors, 'ESME_RINVTLVSTREAM'),
  invalidTlvValue: known(errors, 'ESME_RINVTLVVAL'),
};

/** The number of a name such as `ESME_RTHROTTLED`; undefined for a name that SMPP does not have. */
export function statusOf(name: string): number | undefined {
  return Object.hasOwn(errors, name) ? errors[name] : undefined;
}

/** `ESME_ROK` for 0; in hexadecimal where there is no name. */
export function statusName(status: number): string {
  return Object.keys(errors).find((name) => errors[name] === status) ?? `0x${status.toString(16)}`;
}
