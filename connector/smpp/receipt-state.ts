import type { ReceiptOptions } from '#contract/carrier-receipts.ts';
import type { ErrorClass, ReceiptState } from '#contract/receipts.ts';

/** `stat` as Appendix B has it, and as SMSCs write it (quirk 12). */
const usualStates: readonly (readonly [string, ReceiptState])[] = [
  ['ENROUTE', 'enroute'],
  ['DELIVRD', 'delivered'],
  ['EXPIRED', 'expired'],
  ['DELETED', 'deleted'],
  ['UNDELIV', 'undeliverable'],
  ['ACCEPTD', 'accepted'],
  ['UNKNOWN', 'unknown'],
  ['REJECTD', 'rejected'],
  ['DELIVERED', 'delivered'],
  ['UNDELIVERABLE', 'undeliverable'],
  ['UNDELIVERED', 'undeliverable'],
  ['FAILED', 'undeliverable'],
  ['ACCEPTED', 'accepted'],
  ['ACKED', 'accepted'],
  ['REJECTED', 'rejected'],
  ['BUFFRED', 'enroute'],
  ['BUFFERD', 'enroute'],
  ['BUFFERED', 'enroute'],
];

/** Undefined for a word that nobody knows: that is never a failure. */
export type StateOfStat = (stat: string) => ReceiptState | undefined;

/** The usual words, and `receipts.statuses`, which count before them. In any case. */
export function stateOfStat(statuses: ReceiptOptions['statuses']): StateOfStat {
  const own = statuses.flatMap(({ stats, state }) => stats.map((stat) => [stat.toUpperCase(), state] as const));
  const states = new Map([...usualStates, ...own]);
  return (stat) => states.get(stat) ?? states.get(stat.toUpperCase());
}

const failures: ReadonlySet<ReceiptState> = new Set(['expired', 'deleted', 'undeliverable', 'rejected']);

/** Undefined where the state is no failure. */
export type ClassOfError = (
  state: ReceiptState,
  err: string | undefined,
  networkErrorCode: string | undefined,
) => ErrorClass | undefined;

/** `receipts.errors`, in any case: `err` counts before network_error_code. */
export function classOfError(errors: ReceiptOptions['errors']): ClassOfError {
  const classes = new Map(
    errors.flatMap((each) => each.codes.map((code) => [code.toLowerCase(), each.class] as const)),
  );
  const classOf = (code: string | undefined) => (code === undefined ? undefined : classes.get(code.toLowerCase()));
  return (state, err, networkErrorCode) =>
    failures.has(state) ? (classOf(err) ?? classOf(networkErrorCode) ?? 'unknown') : undefined;
}
