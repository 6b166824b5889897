import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from './ports.ts';

/** The log of one function, as JSON lines for CloudWatch. Its level comes from `LOG_LEVEL`. */
export function openLog(functionName: string): Log {
  const logger = new Logger({ serviceName: functionName });
  return {
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, fields = {}) => logger.error(message, fields),
  };
}

/**
 * An error as log fields. Its cause is left out (a JSON parser quotes what it could not read) and
 * long runs of digits are cut to their end: they may be somebody's number.
 */
export function describeError(error: Error): Readonly<Record<string, unknown>> {
  const [, ...frames] = (error.stack ?? '').split('\n    at ');
  return { error: error.name, reason: maskNumbers(error.message), at: frames.slice(0, 5) };
}

export function maskNumbers(text: string): string {
  return text.replace(/\d{7,}/g, (digits) => `…${digits.slice(-2)}`);
}
