/**
 * How long a call to AWS may take, for an SDK client's `requestHandler`. The SDK by itself waits for ever: one call that
 * is never answered would end the receiving of its lane.
 */
export interface CallLimits {
  readonly connectionTimeout: number;
  /** Until the answer begins, in ms. */
  readonly requestTimeout: number;
  /** Silence in the middle of the answer, which `requestTimeout` does not see, in ms. */
  readonly socketTimeout: number;
  readonly throwOnRequestTimeout: true;
}

export function callLimits(connectionTimeout: number, requestTimeout: number): CallLimits {
  return { connectionTimeout, requestTimeout, socketTimeout: requestTimeout, throwOnRequestTimeout: true };
}
