/**
 * What an AWS call's error means for who called:
 *
 *   lasting   the same call will never be taken: what it was for goes aside
 *   refused   the service was asked once and answered no, so nothing happened: it can be told as a failure
 *   (else)    it may have happened: do it again, idempotently
 */

const lastingFaults: ReadonlySet<string> = new Set([
  'ValidationException', // DynamoDB: also an item over 400 KB
  'InvalidParameterException', // SNS; the next in an older spelling
  'InvalidParameter',
  'ParameterValueInvalid',
  'InvalidMessageContents', // SQS
]);

export function isLasting(error: Error): boolean {
  return lastingFaults.has(error.name);
}

/**
 * Every error that a service answered has `$fault`: whose it was. It speaks for the last of the SDK's tries only;
 * one before it, that was not answered, may have been taken.
 */
export function isRefused(error: Error): boolean {
  return '$fault' in error && error.$fault === 'client' && triesOf(error) <= 1;
}

function triesOf(error: Error): number {
  const { attempts } = ('$metadata' in error ? error.$metadata : {}) as { readonly attempts?: number };
  return attempts ?? 1;
}

/** An answer of a service, or none from it: the SDK marks both with `$metadata`. */
export function isFromAws(error: Error): boolean {
  return '$metadata' in error;
}
